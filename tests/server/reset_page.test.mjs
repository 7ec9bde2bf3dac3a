// The page that reset mails lead to, through the program: its headers, and what of an app stands before it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {copyOf, send, start} from './program.mjs';

test('an app with accounts has the page, with headers that keep its token in', async t => {
  const {port} = await start(copyOf('examples/two-factor', t), t);
  const page = await send(port, 'GET', '/reset-password');
  assert.equal(page.status, 200);
  assert.match(page.text, /<h1 id="choose-title"/);
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.match(page.headers['content-security-policy'], /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  const known = await send(port, 'GET', '/reset-password', {headers: {'If-None-Match': page.headers.etag}});
  assert.deepEqual([known.status, known.text], [304, '']);
  assert.equal((await send(port, 'GET', '/api/reset-password')).status, 404);
});

test('a page in the app’s own folder stands before it, as a file or as a folder', async t => {
  const folder = copyOf('examples/two-factor', t);
  const client = path.join(folder, 'client');
  fs.writeFileSync(path.join(client, 'reset-password'), 'a file');
  const {port} = await start(folder, t);
  assert.equal((await send(port, 'GET', '/reset-password')).text, 'a file');

  fs.rmSync(path.join(client, 'reset-password'));
  fs.mkdirSync(path.join(client, 'reset-password'));
  fs.writeFileSync(path.join(client, 'reset-password/index.html'), 'a folder');
  const moved = await send(port, 'GET', '/reset-password');
  assert.deepEqual([moved.status, moved.headers.location], [301, '/reset-password/']);
  assert.equal((await send(port, 'GET', '/reset-password/')).text, 'a folder');
});

test('an app without accounts has no such page, and one of LoopBack’s mode has it with the same headers', async t => {
  const {port} = await start(copyOf('examples/hello', t), t);
  assert.equal((await send(port, 'GET', '/reset-password')).status, 404);

  const compatible = await start(copyOf('tests/contract/app', t), t);
  const page = await send(compatible.port, 'GET', '/reset-password');
  assert.equal(page.status, 200);
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.match(page.headers['content-security-policy'], /^default-src 'none'/);
});
