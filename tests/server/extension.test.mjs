// The program of examples/extension: a server with methods, a hook, a role and a route of its own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, root, send, start} from './program.mjs';

const program = path.join(root, 'build/release/library');

test('a program with an app folder adds methods, a hook, a role and a route', async test => {
  const folder = copyOf('examples/extension', test);
  const config = path.join(folder, 'server/config.json');
  fs.writeFileSync(config, JSON.stringify({...JSON.parse(fs.readFileSync(config)), host: '127.0.0.1', port: 0}));
  const {port} = await start(folder, test, {program, words: [folder]});
  const login = async name => {
    const body = {email: `${name}@x.test`, password: 'correct horse battery'};
    await send(port, 'POST', '/api/Readers', {body});
    return {Authorization: (await send(port, 'POST', '/api/Readers/login', {body})).json.id};
  };
  const [ann, bob] = [await login('ann'), await login('bob')];
  await send(port, 'POST', '/api/Books', {headers: ann, body: {title: 'Dracula'}});
  const lent = await send(port, 'POST', '/api/Books/1/lend', {headers: ann, body: {days: 7}});
  assert.equal(lent.status, 200);
  assert.ok(Math.abs(Date.parse(lent.json.due) - Date.now() - 7 * 86400e3) < 60e3);
  assert.equal((await send(port, 'POST', '/api/Books/1/lend', {headers: bob, body: {}})).json.error.code, 'BOOK_LENT');
  assert.equal((await send(port, 'POST', '/api/Books/1/give-back', {headers: bob})).status, 403);
  assert.equal((await send(port, 'DELETE', '/api/Books/1', {headers: ann})).status, 409);
  assert.equal((await send(port, 'POST', '/api/Books/1/give-back', {headers: ann})).status, 204);
  assert.equal((await send(port, 'POST', '/api/Books/1/lend', {headers: bob, body: {days: 61}})).json.error.code, 'BAD_DAYS');
  assert.equal((await send(port, 'DELETE', '/api/Books/1', {headers: ann})).status, 200);
  assert.equal((await send(port, 'GET', '/opening-hours')).text, 'Monday to Friday, 10 to 18\n');
});

test('the program stays under 60 lines', () => {
  assert.ok(fs.readFileSync(path.join(root, 'examples/extension/main.cpp'), 'utf8').split('\n').length <= 60);
});
