// What the program does when it is told to stop, or started twice.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import net from 'node:net';
import test from 'node:test';
import {copyOf, program, send, start} from './program.mjs';

test('SIGTERM answers the request that is in flight, then the program ends with 0', async t => {
  const server = await start(copyOf('bench/app', t), t);
  const body = JSON.stringify({name: 'late'});
  const socket = net.connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', part => (answer += part));
  const closed = new Promise(resolve => socket.once('close', resolve));
  socket.write(`POST /api/Sales HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`);
  await new Promise(resolve => socket.once('data', resolve));  // "100 Continue": the server is in the middle of it.

  server.child.kill('SIGTERM');
  socket.write(body);
  await closed;

  assert.match(answer, /HTTP\/1\.1 200 /);
  assert.match(answer, /"name":"late"/);
  assert.deepEqual(await server.child.done, {code: 0, signal: null});
});

test('a second server on the same database is refused and says which file', async t => {
  const folder = copyOf('bench/app', t);
  await start(folder, t);

  const second = spawnSync(program, ['run', folder, '--host', '127.0.0.1', '--port', '0'], {encoding: 'utf8'});

  assert.equal(second.status, 1);
  assert.match(second.stderr, /data\.db/);
});

test('an address in use is an error that names it', async t => {
  const first = await start(copyOf('bench/app', t), t);

  const second = spawnSync(program, ['run', copyOf('bench/app', t), '--make-keys', '--host', '127.0.0.1', '--port', String(first.port)], {encoding: 'utf8'});

  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(String(first.port)));
});

test('a keys file that others can read stops the start', async t => {
  const folder = copyOf('bench/app', t);
  const first = await start(folder, t);
  first.child.kill('SIGTERM');
  await first.child.done;
  spawnSync('chmod', ['644', `${folder}/keys.json`]);

  const second = spawnSync(program, ['run', folder, '--host', '127.0.0.1', '--port', '0'], {encoding: 'utf8'});

  assert.equal(second.status, 1);
  assert.match(second.stderr, /keys\.json/);
});

test('a database with other keys is refused', async t => {
  const folder = copyOf('bench/app', t);
  const first = await start(folder, t);
  assert.equal((await send(first.port, 'GET', '/api/Products/count')).status, 200);
  first.child.kill('SIGTERM');
  await first.child.done;
  spawnSync('rm', [`${folder}/keys.json`]);

  const second = spawnSync(program, ['run', folder, '--make-keys', '--host', '127.0.0.1', '--port', '0'], {encoding: 'utf8'});

  assert.equal(second.status, 1);
  assert.match(second.stderr, /other keys/);
});
