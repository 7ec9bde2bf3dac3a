// What LoopBack 3 left opens here: every row, type and relation as LoopBack itself answered, recorded by record.cjs.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {copyOf, program, root, send, start} from '../server/program.mjs';

const here = path.join(root, 'tests/moved');
const answers = JSON.parse(fs.readFileSync(path.join(here, 'answers.json'), 'utf8'));
const sql = (file, statement) => execFileSync('sqlite3', [file, statement], {encoding: 'utf8'}).trim();

/** The app with what LoopBack kept in `source`: "sqlite" or "memory". */
function appWith(source, t) {
  const folder = copyOf('tests/moved/app', t);
  if (source === 'sqlite') {
    execFileSync('sqlite3', [path.join(folder, 'data.db')], {input: fs.readFileSync(path.join(here, 'data.sql'))});
  } else {
    fs.copyFileSync(path.join(here, 'data.json'), path.join(folder, 'data.json'));
    const file = path.join(folder, 'server/datasources.json');
    const sources = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, JSON.stringify({...sources, db: {connector: 'memory', file: 'data.json'}}));
  }
  return folder;
}

const databaseOf = source => (source === 'sqlite' ? 'data.db' : 'data.json.db');
const login = (port, body) => send(port, 'POST', '/api/Members/login', {body});

for (const source of ['sqlite', 'memory']) {
  test(`${source}: every answer is LoopBack's`, async t => {
    const {port} = await start(appWith(source, t), t);
    for (const {target, token, status, body} of answers[source]) {
      const headers = token ? {Authorization: token} : {};
      const answer = await send(port, 'GET', `/api/${target}`, {headers});
      assert.equal(answer.status, status, `${target}: ${answer.text}`);
      assert.deepEqual(status === 200 ? answer.json : {code: answer.json.error.code}, body, target);
    }
  });

  test(`${source}: people log in, old tokens go on, and no token is left in clear`, async t => {
    const folder = appWith(source, t);
    const file = path.join(folder, databaseOf(source));
    execFileSync(program, ['migrate', folder], {stdio: 'pipe'});
    assert.equal(sql(file, "SELECT count(*), sum(id LIKE 'sha256:%') FROM accesstoken"), '3|3');
    assert.equal(sql(file, 'SELECT verificationtoken FROM member WHERE id = 2').slice(0, 7), 'sha256:');

    const {child, port} = await start(folder, t);
    assert.equal((await send(port, 'GET', '/api/Members/1', {headers: {Authorization: 'R'.repeat(64)}})).status, 200);
    assert.equal((await send(port, 'GET', '/api/Members/1', {headers: {Authorization: 'O'.repeat(64)}})).status, 401);
    const reset = {headers: {Authorization: 'B'.repeat(64)}, body: {newPassword: 'a new password'}};
    assert.equal((await send(port, 'POST', '/api/Members/reset-password', reset)).status, 204);

    assert.equal((await login(port, {username: 'root', password: 'wrong'})).status, 401);
    const token = (await login(port, {username: 'root', password: 'a good password'})).json.id;
    assert.equal((await send(port, 'GET', '/api/Members/1', {headers: {Authorization: token}})).json.username, 'root');
    assert.equal((await send(port, 'GET', `/api/Members/confirm?uid=2&token=${'f'.repeat(128)}`)).status, 204);
    child.kill('SIGTERM');
    await child.done;
    assert.match(sql(file, 'SELECT password FROM member WHERE id = 1'), /^\$argon2id|^sallyport/);
  });

  test(`${source}: what is written stays`, async t => {
    const folder = appWith(source, t);
    const first = await start(folder, t);
    const made = await send(first.port, 'POST', '/api/Orders', {body: {code: 'D', total: 2, customerId: 1}});
    assert.equal(made.json.id, 4);
    await send(first.port, 'DELETE', '/api/Orders/1');
    await send(first.port, 'PATCH', '/api/Everythings/2', {body: {list: [{a: [1]}], thing: {b: 2}, word: 'w', count: 6, place: {lat: 1, lng: 2}}});
    first.child.kill('SIGTERM');
    await first.child.done;

    const {port} = await start(folder, t);
    assert.deepEqual((await send(port, 'GET', '/api/Customers/1/orders')).json.map(({code}) => code), ['D']);
    const {list, thing, word, count, place} = (await send(port, 'GET', '/api/Everythings/2')).json;
    assert.deepEqual({list, thing, word, count, place}, {list: [{a: [1]}], thing: {b: 2}, word: 'w', count: 6, place: {lat: 1, lng: 2}});
  });
}

test('a dry run prints what would run and no value', t => {
  const folder = appWith('memory', t);
  const printed = execFileSync(program, ['migrate', folder, '--dry-run'], {encoding: 'utf8', stdio: 'pipe'});
  assert.match(printed, /^INSERT INTO "everything" .*;  -- 3 times$/m);
  assert.doesNotMatch(printed, /RRRR|only this|\$2a\$/);
  assert.equal(sql(path.join(folder, 'data.json.db'), 'SELECT count(*) FROM sqlite_schema'), '0');
});

test('a token that users of two models could own is refused', async t => {
  const folder = appWith('sqlite', t);
  sql(path.join(folder, 'data.db'), "INSERT INTO user (id, email, password) VALUES (1, 'a@b.test', 'x')");
  const {port, output} = await start(folder, t);
  assert.equal((await send(port, 'GET', '/api/Members', {headers: {Authorization: 'R'.repeat(64)}})).status, 401);
  assert.doesNotMatch(output(), /RRRR/);
});
