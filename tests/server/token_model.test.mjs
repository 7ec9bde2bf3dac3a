// A token model of the app's own, which the user models share, as LoopBack's pages on several user models have it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {send, start} from './program.mjs';

// The ids of several models may be of several types, so they are texts.
const polymorphic = {foreignKey: 'userId', discriminator: 'principalType'};
const acls = [{principalType: 'ROLE', principalId: '$authenticated', permission: 'ALLOW'}];
const user = name => ({
  name, base: 'User', acls: [...acls, {principalType: 'ROLE', principalId: '$everyone', permission: 'ALLOW', property: ['create', 'login']}],
  relations: {accessTokens: {type: 'hasMany', model: 'MyToken', polymorphic, options: {disableInclude: true}}},
});
const files = {
  'server/config.json': {compatibility: 'loopback3'},
  'server/datasources.json': {db: {connector: 'sqlite3', file: 'data.db'}},
  'server/middleware.json': {auth: {'loopback#token': {params: {model: 'MyToken'}}}},
  'server/model-config.json': {_meta: {sources: ['../common/models']}, MyToken: {dataSource: 'db'}, Customer: {dataSource: 'db'}, Seller: {dataSource: 'db'}},
  'common/models/my-token.json': {name: 'MyToken', base: 'AccessToken', acls, relations: {user: {type: 'belongsTo', idName: 'id', polymorphic: {idType: 'string', ...polymorphic}}}},
  'common/models/customer.json': user('Customer'),
  'common/models/seller.json': user('Seller'),
};

test('user models share a token model of the app, and no token is good for the other', async test => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-'));
  test.after(() => fs.rmSync(folder, {recursive: true, force: true}));
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
  }
  const {port} = await start(folder, test);
  const body = {email: 'ann@x.test', password: 'correct horse battery'};
  const session = {};
  for (const model of ['Customer', 'Seller']) {
    await send(port, 'POST', `/api/${model}s`, {body});
    const login = await send(port, 'POST', `/api/${model}s/login`, {body});
    assert.equal(login.status, 200);
    assert.equal(login.json.principalType, model);
    session[model] = {Authorization: login.json.id};
  }
  const tokens = async (model, headers) => (await send(port, 'GET', `/api/${model}s/1/accessTokens`, {headers})).json;
  const own = await tokens('Customer', session.Customer);
  assert.deepEqual(own.map(token => [token.principalType, token.userId, token.id]), [['Customer', '1', session.Customer.Authorization]]);
  assert.deepEqual((await tokens('Seller', session.Seller)).map(token => token.principalType), ['Seller']);
  await send(port, 'POST', '/api/Customers/logout', {headers: session.Customer});
  assert.equal((await send(port, 'GET', '/api/Customers/1', {headers: session.Customer})).status, 401);
  assert.equal((await send(port, 'GET', '/api/Sellers/1', {headers: session.Seller})).status, 200);
});
