// Whatever was acknowledged is there after kill -9 in the middle of writes, fifty times over.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import {copyOf, send, start} from './program.mjs';

async function writeUntilItDies(port, name, acknowledged, enough) {
  const agent = new http.Agent({keepAlive: true, maxSockets: 16});
  await Promise.all(Array.from({length: 16}, async (_, writer) => {
    for (let i = 0; ; i++) {
      const label = `${name}-${writer}-${i}`;
      const reply = await send(port, 'POST', '/api/Sales', {body: {name: label}, agent}).catch(() => null);
      if (reply?.status !== 200) return;
      acknowledged.push([reply.json.id, label]);
      if (acknowledged.length >= enough.count) enough.reached();
    }
  }));
  agent.destroy();
}

test('nothing acknowledged is missing after kill -9, 50 times', async t => {
  const folder = copyOf('bench/app', t);
  const acknowledged = [];
  for (let round = 0; round < 50; round++) {
    const server = await start(folder, t);
    // Killed once some writes of this round were answered: others are then in every stage of being written.
    const enough = {count: acknowledged.length + 20 + round};
    const reached = new Promise(resolve => (enough.reached = resolve));
    const writing = writeUntilItDies(server.port, round, acknowledged, enough);
    await reached;
    server.child.kill('SIGKILL');
    await Promise.all([writing, server.child.done]);
  }

  const database = path.join(folder, 'data.db');
  const rows = JSON.parse(execFileSync('sqlite3', ['-json', database, 'SELECT id, name FROM sale'], {maxBuffer: 1 << 28}).toString());
  const names = new Map(rows.map(row => [row.id, row.name]));
  assert.deepEqual(acknowledged.filter(([id, label]) => names.get(id) !== label), []);
  assert.equal(execFileSync('sqlite3', [database, 'PRAGMA integrity_check']).toString().trim(), 'ok');
  t.diagnostic(`${acknowledged.length} acknowledged writes, ${rows.length} rows`);
});
