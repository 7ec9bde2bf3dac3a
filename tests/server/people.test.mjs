// Accounts brought over from other programs: from the file to the first login, by a server that runs and by none.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {pbkdf2Sync, randomBytes, scryptSync} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from './program.mjs';

const password = 'a long enough password';
const bare = bytes => bytes.toString('base64').replace(/=+$/, '');
const salt = randomBytes(16);
const people = [
  {email: 'scrypt@x.test', passwordHash: `$scrypt$ln=14,r=8,p=1$${bare(salt)}$${bare(scryptSync(password, salt, 32, {N: 16384, r: 8, p: 1}))}`},
  {email: 'django@x.test', passwordHash: `pbkdf2_sha256$1000$pepperless$${pbkdf2Sync(password, 'pepperless', 1000, 32, 'sha256').toString('base64')}`},
  {email: 'none@x.test'},
];
const lines = list => list.map(each => JSON.stringify(each)).join('\n') + '\n';
const sallyport = (folder, words, input) => spawnSync(program, [...words, '--dir', folder], {encoding: 'utf8', input});

async function signsIn(port, email) {
  const {status} = await send(port, 'POST', '/api/Employees/requestCode', {body: {email, password}});
  return status === 200;
}

test('a running server takes them, and their old passwords open the first door', async t => {
  const folder = copyOf('examples/two-factor', t);
  const {port} = await start(folder, t);
  const file = path.join(folder, 'people.jsonl');
  fs.writeFileSync(file, lines(people));
  const {status, stderr} = sallyport(folder, ['user', 'import', file]);
  assert.equal(stderr, '3 accounts imported\n1 without a password: their owners choose one by a mailed link ("forgot password")\n');
  assert.equal(status, 0);
  assert.ok(await signsIn(port, people[0].email));
  assert.ok(await signsIn(port, people[1].email));
  assert.ok(!await signsIn(port, people[2].email));
  const again = sallyport(folder, ['user', 'import', file]);
  assert.equal(again.status, 1);
  assert.equal(again.stdout, '');
  assert.match(again.stderr, new RegExp(`^${file}:1: an account with this "email" is there already\n  hint: .+\n`));
  assert.match(again.stderr, /\nnothing was imported\n$/);
});

test('a large file is taken whole by a server that goes on serving', {timeout: 120_000}, async t => {
  const folder = copyOf('examples/two-factor', t);
  const {port} = await start(folder, t);
  const many = Array.from({length: 20_000}, (_, i) => ({email: `p${i}@x.test`, passwordHash: people[0].passwordHash}));
  const file = path.join(folder, 'people.jsonl');
  fs.writeFileSync(file, lines(many));
  assert.equal(sallyport(folder, ['user', 'import', file]).stderr, '20000 accounts imported\n');
  assert.ok(await signsIn(port, 'p19999@x.test'));
  const copy = path.join(folder, 'copy.jsonl');
  assert.equal(sallyport(folder, ['user', 'export', copy]).stderr, `20000 accounts in ${copy}\n`);
  assert.equal(fs.statSync(copy).mode & 0o777, 0o600);
  const written = fs.readFileSync(copy, 'utf8');
  assert.equal(written.trimEnd().split('\n').length, 20_000);
  assert.ok(!written.includes('$scrypt$') && !written.includes('$argon2id$'));
});

test('where no server runs the folder is opened; a file is never overwritten', t => {
  const folder = copyOf('examples/two-factor', t);
  spawnSync(program, ['keys', 'new', folder]);
  assert.equal(sallyport(folder, ['user', 'import', '-'], lines(people)).status, 0);
  const out = sallyport(folder, ['user', 'export', '-', '--hashes']);
  assert.deepEqual(out.stdout.trimEnd().split('\n').map(line => JSON.parse(line)), people.map((each, i) => ({id: i + 1, ...each})));
  const there = path.join(folder, 'there.jsonl');
  fs.writeFileSync(there, 'mine');
  const refused = sallyport(folder, ['user', 'export', there]);
  assert.equal(refused.status, 1);
  assert.equal(fs.readFileSync(there, 'utf8'), 'mine');
  const missing = sallyport(folder, ['user', 'import', path.join(folder, 'nowhere.jsonl')]);
  assert.deepEqual([missing.status, missing.stderr], [1, `sallyport: cannot read ${folder}/nowhere.jsonl\n`]);
});
