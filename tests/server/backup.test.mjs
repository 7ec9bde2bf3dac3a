// A backup, the loss of a database, and the way back.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from './program.mjs';

const ann = {email: 'ann@x.test', password: 'correct horse battery'};
const sallyport = (...words) => spawnSync(program, words, {encoding: 'utf8'});

async function stop({child}) {
  child.kill();
  await child.done;
}

/** Through both doors; resolves with the token. */
async function login(server) {
  const first = await send(server.port, 'POST', '/api/Employees/requestCode', {body: ann});
  assert.equal(first.status, 200, first.text);
  const shown = () => /Two factor code for ann@x\.test: (\d{6})/.exec(server.output());
  while (!shown()) await new Promise(setImmediate);
  const second = await send(server.port, 'POST', '/api/Employees/loginWithCode', {body: {email: ann.email, twofactor: shown()[1], challenge: first.json.challenge}});
  assert.equal(second.status, 200, second.text);
  return second.json;
}

const ownRecord = ({port}, {id, userId}) => send(port, 'GET', `/api/Employees/${userId}`, {headers: {Authorization: id}});

test('who had an account when the backup was made signs in again after the database was lost', async t => {
  const folder = copyOf('examples/two-factor', t);
  const backup = path.join(folder, 'monday');
  const first = await start(folder, t);
  assert.equal((await send(first.port, 'POST', '/api/Employees', {body: ann})).status, 200);
  const token = await login(first);
  assert.equal((await ownRecord(first, token)).status, 200);
  await stop(first);

  const made = sallyport('backup', backup, folder);
  assert.equal(made.status, 0, made.stderr);
  assert.deepEqual(fs.readdirSync(backup).sort(), ['backup.json', 'db.db']);
  for (const name of fs.readdirSync(folder).filter(name => name.startsWith('data.db'))) fs.rmSync(path.join(folder, name));
  const restored = sallyport('restore', backup, folder);
  assert.equal(restored.status, 0, restored.stderr);
  assert.match(restored.stderr, /everybody must sign in again/);

  const second = await start(folder, t);
  assert.equal((await ownRecord(second, token)).status, 401);
  assert.equal((await ownRecord(second, await login(second))).status, 200);
  const inUse = sallyport('restore', backup, folder);
  assert.equal(inUse.status, 1);
  assert.match(inUse.stderr, /another server uses the database .*\n {2}hint: /);
  await stop(second);

  assert.equal(sallyport('restore', backup, folder, '--keep-sessions').status, 0);
  const third = await start(folder, t);
  assert.equal((await ownRecord(third, token)).status, 200);
  await stop(third);
});
