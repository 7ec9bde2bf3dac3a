// Strict and compatible: what a client sees of each row in docs/reference/compatibility.md, in both modes. A row is a
// scenario of the same name in strict/ and in loopback3/.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {mailServer} from '../server/mail_server.mjs';
import {copyOf, program, root} from '../server/program.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const rows = mode => fs.readdirSync(path.join(here, mode)).map(name => path.basename(name, '.json'));

/** A mail server that writes the token of each link to `file`, as the replayer reads it. */
async function tokenReader(test, file) {
  const {port} = await mailServer(test, {}, ({plain, envelope}) => {
    const token = /#token=(\w{64})/.exec(plain);  // Notices of a change have none.
    if (token) fs.appendFileSync(file, `${JSON.stringify({email: envelope.rcptTo[0].address, code: token[1]})}\n`);
  });
  return port;
}

function freePort() {
  return new Promise(resolve => {
    const server = net.createServer();
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Replays the scenarios of `mode`, each on a server of its own; resolves with {code, output}. */
async function replay(test, mode, settings) {
  const folder = copyOf('tests/compatibility/app', test);
  const config = path.join(folder, 'server/config.json');
  fs.writeFileSync(config, JSON.stringify({...JSON.parse(fs.readFileSync(config)), ...settings}));
  const codes = path.join(folder, 'codes.jsonl');
  fs.writeFileSync(codes, '');
  const mailPort = await tokenReader(test, codes);
  const words = [path.join(root, 'tests/contract/replay.mjs'), '--codes', codes, '--restart', `exec ${program} run ${folder} --make-keys --host {host} --port {port}`, `http://127.0.0.1:${await freePort()}`, path.join(here, mode)];
  const child = spawn(process.execPath, words, {env: {...process.env, MAIL_PORT: String(mailPort)}});
  let output = '';
  child.stdout.on('data', part => (output += part));
  child.stderr.on('data', part => (output += part));
  return new Promise(resolve => child.once('close', code => resolve({code, output})));
}

for (const [mode, settings] of [['strict', {}], ['loopback3', {compatibility: 'loopback3'}]]) {
  test(`every row of the table holds in the column "${mode}"`, async t => {
    const {code, output} = await replay(t, mode, settings);

    assert.match(output, /\b[1-9]\d* passed, 0 failed/, output);
    assert.equal(code, 0, output);
  });
}

test('each row of the table has a scenario for both columns', () => {
  const page = fs.readFileSync(path.join(root, 'docs/reference/compatibility.md'), 'utf8');
  const table = page.slice(page.indexOf('| | strict (default) |'), page.indexOf('In both modes:'));
  const named = [...table.matchAll(/`(\w+)` \|$/gm)].map(([, name]) => name).sort();

  assert.deepEqual(rows('strict').sort(), named);
  assert.deepEqual(rows('loopback3').sort(), named);
});
