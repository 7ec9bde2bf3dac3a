// What the program does with folders and databases that LoopBack 3 left.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {copyOf, send, start} from './program.mjs';

test('a table that LoopBack made is used as it is', async t => {
  const folder = copyOf('bench/app', t);
  const file = path.join(folder, 'data.db');
  const made = 'CREATE TABLE `Sale` (`name` TEXT NOT NULL, `sku` TEXT, `price` REAL, `stock` REAL, `active` INTEGER, `tags` TEXT, `released` DATETIME, `id` INTEGER PRIMARY KEY)';
  execFileSync('sqlite3', [file, `${made}; INSERT INTO Sale VALUES ('old', 's', 2.5, 3, 1, '["a"]', 1433152800000, 1)`]);
  const {child, port} = await start(folder, t);

  assert.deepEqual((await send(port, 'GET', '/api/Sales/1')).json, {name: 'old', sku: 's', price: 2.5, stock: 3, active: true, tags: ['a'], released: '2015-06-01T10:00:00.000Z', id: 1});
  const created = await send(port, 'POST', '/api/Sales', {body: {name: 'new', tags: ['b'], unknown: 1}});
  assert.equal(created.status, 200);
  assert.deepEqual((await send(port, 'GET', `/api/Sales/${created.json.id}`)).json.tags, ['b']);
  child.kill('SIGTERM');
  await child.done;
  assert.equal(execFileSync('sqlite3', [file, "SELECT sql FROM sqlite_master WHERE name = 'Sale'"], {encoding: 'utf8'}).trim(), made);
});

test('handleUnknownPaths off leaves unknown paths below the root to what stands behind the API', async t => {
  const reply = async handled => {
    const folder = copyOf('bench/app', t);
    const file = path.join(folder, 'server/config.json');
    const config = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, JSON.stringify({...config, remoting: {rest: {handleUnknownPaths: handled}}}));
    const {port} = await start(folder, t);
    return (await send(port, 'GET', '/api/Nothing')).json.error;
  };

  assert.equal((await reply(true)).message, 'There is no method to handle GET /Nothing');
  assert.equal((await reply(false)).message, 'Cannot GET /api/Nothing');
});
