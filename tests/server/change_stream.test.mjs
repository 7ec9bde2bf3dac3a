// Change streams over HTTP: who is told what, when they end, and what many of them cost.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {send, start} from './program.mjs';

const everyone = (property, principalId, permission = 'ALLOW') => ({principalType: 'ROLE', principalId, permission, property});

function folderOf(test) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-'));
  test.after(() => fs.rmSync(folder, {recursive: true, force: true}));
  const files = {
    'server/config.json': {},
    'server/datasources.json': {db: {connector: 'memory'}},
    'server/model-config.json': {_meta: {sources: ['../common/models']}, Person: {dataSource: 'db'}, AccessToken: {dataSource: 'db', public: false}, Letter: {dataSource: 'db'}, Notice: {dataSource: 'db'}},
    'common/models/person.json': {name: 'Person', base: 'User', plural: 'people'},
    'common/models/letter.json': {name: 'Letter', base: 'PersistedModel', hidden: ['seal'], properties: {text: 'string', seal: 'string'},
      relations: {owner: {type: 'belongsTo', model: 'Person', foreignKey: 'ownerId'}},
      acls: [everyone('*', '$everyone', 'DENY'), everyone(['create', 'createChangeStream'], '$authenticated'), everyone(['findById', 'deleteById'], '$owner')]},
    'common/models/notice.json': {name: 'Notice', base: 'PersistedModel', properties: {text: 'string'}, acls: [everyone('*', '$everyone')]},
  };
  for (const [name, value] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.writeFileSync(path.join(folder, name), JSON.stringify(value));
  }
  return folder;
}

/** Opens a stream; resolves once it says :ok, with {until(text), ended, close()}. */
function listen(port, target, {token, agent} = {}) {
  return new Promise((resolve, reject) => {
    const request = http.get({host: '127.0.0.1', port, path: target, agent, headers: {Accept: 'text/event-stream', ...(token ? {Authorization: token} : {})}}, response => {
      let text = '';
      let look = () => {};
      const ended = new Promise(done => response.on('close', () => done(text)));
      response.on('error', () => {});
      const stream = {
        status: response.statusCode,
        headers: response.headers,
        ended,
        until: wanted => new Promise(done => (look = () => text.includes(wanted) && done(text))).then(all => all, reject),
        close: () => request.destroy(),
      };
      const until = stream.until;
      stream.until = wanted => {
        const found = until(wanted);
        look();
        return found;
      };
      response.on('data', part => {
        text += part;
        if (text.startsWith(':ok\n\n')) resolve(stream);
        look();
      });
      if (response.statusCode !== 200) resolve(stream);
    });
    request.on('error', reject);
  });
}

async function person(port, name) {
  const credentials = {email: `${name}@x.test`, password: 'correct horse battery'};
  await send(port, 'POST', '/api/people', {body: credentials});
  const {json} = await send(port, 'POST', '/api/people/login', {body: credentials});
  return {token: json.id, headers: {Authorization: json.id}, id: json.userId};
}

test('each reader is told of the records that it may read, and of no others', async test => {
  const {port} = await start(folderOf(test), test);
  const [ann, bob] = [await person(port, 'ann'), await person(port, 'bob')];
  const stranger = await listen(port, '/api/Letters/change-stream');
  assert.equal(stranger.status, 401);
  const streams = [await listen(port, '/api/Letters/change-stream', ann), await listen(port, '/api/Letters/change-stream', bob)];
  assert.equal(streams[0].headers['content-type'], 'text/event-stream');
  for (const {id, headers} of [ann, bob, ann]) await send(port, 'POST', '/api/Letters', {headers, body: {text: 'to myself', seal: 'secret', ownerId: id}});
  await send(port, 'DELETE', '/api/Letters/1', ann);
  const [toAnn, toBob] = [await streams[0].until('remove'), await streams[1].until('"target":2')];
  const letter = (number, owner) => `event: data\ndata: {"target":${number},"data":{"text":"to myself","id":${number},"ownerId":${owner}},"type":"create"}\n\n`;
  assert.equal(toAnn, `:ok\n\n${letter(1, ann.id)}${letter(3, ann.id)}event: data\ndata: {"target":1,"where":{"id":1},"type":"remove"}\n\n`);
  assert.equal(toBob, `:ok\n\n${letter(2, bob.id)}`);
  streams.forEach(stream => stream.close());
});

test('a stream ends with its session, and tells nothing of what came after', async test => {
  const {port} = await start(folderOf(test), test);
  const ann = await person(port, 'ann');
  const other = await send(port, 'POST', '/api/people/login', {body: {email: 'ann@x.test', password: 'correct horse battery'}});
  const stream = await listen(port, '/api/Letters/change-stream', ann);
  await send(port, 'POST', '/api/people/logout', ann);
  await send(port, 'POST', '/api/Letters', {headers: {Authorization: other.json.id}, body: {text: 'late', ownerId: ann.id}});
  assert.equal(await stream.ended, ':ok\n\n');
});

test('streams do not keep the server from stopping', async test => {
  const {port, child} = await start(folderOf(test), test);
  const stream = await listen(port, '/api/Notices/change-stream');
  const begin = Date.now();
  child.kill('SIGTERM');
  await stream.ended;
  assert.equal((await child.done).code, 0);
  assert.ok(Date.now() - begin < 5000);
});

test('2000 open streams take less than 60 MiB, and all are told', async test => {
  const {port, child} = await start(folderOf(test), test);
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`))[1]) / 1024;
  const agent = new http.Agent({maxSockets: Infinity});
  await send(port, 'POST', '/api/Notices', {body: {text: 'first'}});
  const before = memory();
  const streams = [];
  while (streams.length < 2000) {
    streams.push(...await Promise.all(Array.from({length: 100}, () => listen(port, '/api/Notices/change-stream?options={"where":{"text":{"neq":"quiet"}}}', {agent}))));
  }
  const open = memory();
  await send(port, 'POST', '/api/Notices', {body: {text: 'quiet'}});
  await send(port, 'POST', '/api/Notices', {body: {text: 'to all'}});
  const told = await Promise.all(streams.map(stream => stream.until('to all')));
  assert.ok(told.every(text => !text.includes('quiet')));
  test.diagnostic(`${before.toFixed(1)} MiB before, ${open.toFixed(1)} with all open, ${memory().toFixed(1)} after an event to each`);
  assert.ok(memory() - before < 60);
  streams.forEach(stream => stream.close());
});
