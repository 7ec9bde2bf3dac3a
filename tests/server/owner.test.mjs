// $owner of methods that are not about one record by its path.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {send, start} from './program.mjs';

const rule = (principalId, permission, property = '*') => ({principalType: 'ROLE', principalId, permission, property});
const files = compatibility => ({
  'server/config.json': compatibility === 'loopback3' ? {compatibility} : {},
  'server/datasources.json': {db: {connector: 'memory'}},
  'server/model-config.json': {_meta: {sources: ['../common/models']}, AccessToken: {dataSource: 'db', public: false}, Person: {dataSource: 'db'}, Letter: {dataSource: 'db'}},
  'common/models/person.json': {name: 'Person', base: 'User', plural: 'people'},
  'common/models/letter.json': {name: 'Letter', base: 'PersistedModel', forceId: false, properties: {code: {type: 'string', id: true}, text: 'string', ownerId: 'number'},
    relations: {owner: {type: 'belongsTo', model: 'Person', foreignKey: 'ownerId'}}, scopes: {drafts: {where: {text: 'draft'}}},
    acls: [rule('$everyone', 'DENY'), rule('$authenticated', 'ALLOW', 'create'), rule('$owner', 'ALLOW')]},
});

test('nobody is the owner of a record that a method does not act on', async test => {
  for (const compatibility of ['strict', 'loopback3']) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-'));
    test.after(() => fs.rmSync(folder, {recursive: true, force: true}));
    for (const [name, content] of Object.entries(files(compatibility))) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
      fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
    }
    const {port} = await start(folder, test);
    const tokens = {};
    for (const name of ['ann', 'eve']) {
      const body = {email: `${name}@x.test`, password: 'correct horse battery'};
      await send(port, 'POST', '/api/people', {body});
      tokens[name] = (await send(port, 'POST', '/api/people/login', {body})).json;
    }
    const as = (name, method, target, body) => send(port, method, `/api/Letters${target}`, {body, headers: {Authorization: tokens[name].id}});
    for (const name of ['ann', 'eve']) assert.equal((await as(name, 'POST', '', {code: name, text: 'draft', ownerId: tokens[name].userId})).status, 200);

    const where = encodeURIComponent(JSON.stringify({code: 'ann'}));
    const mine = {text: 'read by eve', ownerId: tokens.eve.userId};
    for (const [method, target, body] of [
      ['GET', '?id=eve'], ['GET', '/findOne?id=eve'], ['GET', '/count?id=eve'], ['GET', '/drafts?id=eve'], ['DELETE', '/drafts?id=eve'], ['GET', '', {id: 'eve'}],
      ['POST', `/update?id=eve&where=${where}`, mine], ['POST', `/upsertWithWhere?id=eve&where=${where}`, {...mine, id: 'eve'}],
      ['PATCH', '', {id: 'eve', code: 'ann', ...mine}], ['POST', '/replaceOrCreate', {id: 'eve', code: 'ann', ...mine}], ['PATCH', '?id=eve', {code: 'ann', ...mine}],
      ['PATCH', '', {id: 'eve', code: ['ann'], ...mine}],
    ]) {
      const {status} = await as('eve', method, target, body);
      assert.ok([401, 403].includes(status), `${method} ${target}: ${status}`);
    }
    assert.equal((await as('ann', 'GET', '/ann')).json.text, 'draft');
    for (const [method, target] of [['PATCH', ''], ['POST', '/replaceOrCreate']]) assert.equal((await as('eve', method, target, {code: 'eve', ...mine})).status, 200, method);
    assert.equal((await as('eve', 'GET', '/eve')).json.text, 'read by eve');
  }
});
