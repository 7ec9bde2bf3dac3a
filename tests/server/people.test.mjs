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

// A role in the rules, and nobody who has it.
function withAdmins(folder) {
  const file = path.join(folder, 'common/models/employee.json');
  const model = JSON.parse(fs.readFileSync(file));
  model.acls.push({principalType: 'ROLE', principalId: 'admin', permission: 'ALLOW', property: 'find'});
  fs.writeFileSync(file, JSON.stringify(model));
  return folder;
}

test('a new app has no account, and says how to make its first administrator', async t => {
  const folder = withAdmins(copyOf('examples/two-factor', t));
  const first = await start(folder, t);
  assert.deepEqual(JSON.parse(sallyport(folder, ['user', 'list', '--json']).stdout), []);
  for (const name of ['admin', 'root', 'test', 'user']) {
    const body = {email: `${name}@localhost`, username: name, password: name};
    assert.equal((await send(first.port, 'POST', '/api/Employees/requestCode', {body})).status, 401);
  }
  assert.match(first.output(), /^note: nobody has the role "admin" yet: `sallyport user add EMAIL --role admin` .+$/m);
  assert.equal(sallyport(folder, ['user', 'add', 'ann@company.test', '--role', 'admin']).status, 0);
  first.child.kill('SIGTERM');
  await first.child.done;
  assert.doesNotMatch((await start(folder, t)).output(), /nobody has the role/);
});

test('a role is given to an account that is there, and taken', async t => {
  const folder = withAdmins(copyOf('examples/two-factor', t));
  const {port} = await start(folder, t);
  await send(port, 'POST', '/api/Employees', {body: {email: 'ann@company.test', password}});
  const told = words => sallyport(folder, ['user', ...words]).stderr;
  assert.equal(told(['grant', 'ann@company.test', 'admin']), 'ann@company.test has the role admin\n');
  assert.equal(told(['grant', 'ann@company.test', 'admin']), 'ann@company.test already had the role admin\n');
  assert.deepEqual(JSON.parse(sallyport(folder, ['user', 'export', '-']).stdout).roles, ['admin']);
  assert.equal(told(['revoke', 'ann@company.test', 'admin']), 'ann@company.test no longer has the role admin\n');
  assert.equal(told(['revoke', 'ann@company.test', 'admin']), 'ann@company.test did not have the role admin\n');
  assert.match(told(['grant', 'ann@company.test', '$everyone']), /^sallyport: name a role, such as admin\n$/);
});

test('an account\'s own records are in its copy, and end with it where the mixin says so', async t => {
  const folder = copyOf('examples/two-factor', t);
  const own = (name, options) => fs.writeFileSync(path.join(folder, `common/models/${name.toLowerCase()}.json`), JSON.stringify({
    name, base: 'PersistedModel', properties: {text: 'string'}, mixins: {Owned: options},
    relations: {owner: {type: 'belongsTo', model: 'Employee'}},
    acls: [{principalType: 'ROLE', principalId: '$authenticated', permission: 'ALLOW'}],
  }));
  own('Note', {ownOnly: true, endsWithOwner: true});
  own('Report', true);
  const config = path.join(folder, 'server/model-config.json');
  fs.writeFileSync(config, JSON.stringify({...JSON.parse(fs.readFileSync(config)), Note: {dataSource: 'db', public: true}, Report: {dataSource: 'db', public: true}}));
  const {child, port, output} = await start(folder, t);
  const ann = {email: 'ann@company.test', password};
  const {json: {id}} = await send(port, 'POST', '/api/Employees', {body: ann});
  const {json: {challenge}} = await send(port, 'POST', '/api/Employees/requestCode', {body: ann});
  let code;
  while (!(code = /\b(\d{6})\b/.exec(output()))) await new Promise(resolve => setTimeout(resolve, 20));
  const {json: session} = await send(port, 'POST', '/api/Employees/loginWithCode', {body: {email: ann.email, twofactor: code[1], challenge}});
  const headers = {Authorization: session.id};
  await send(port, 'POST', '/api/Notes', {body: {text: 'mine'}, headers});
  await send(port, 'POST', '/api/Reports', {body: {text: 'ours'}, headers});

  const {status, json, headers: told} = await send(port, 'GET', `/api/Employees/${id}/export`, {headers});
  assert.equal(status, 200);
  assert.match(told['cache-control'], /no-store/);
  assert.deepEqual(json.records, {Note: [{text: 'mine', id: 1, ownerId: id}], Report: [{text: 'ours', id: 1, ownerId: id}]});
  assert.deepEqual((await send(port, 'GET', `/api/Employees/${id}/events?limit=1`, {headers})).json.map(({event}) => event), ['session.begun']);
  assert.equal((await send(port, 'GET', `/api/Employees/${id}/export`)).status, 401);

  assert.equal((await send(port, 'DELETE', `/api/Employees/${id}`, {headers})).status, 200);
  child.kill('SIGTERM');
  await child.done;
  const rows = sql => spawnSync('sqlite3', ['-readonly', path.join(folder, 'data.db'), sql], {encoding: 'utf8'}).stdout.trim();
  assert.equal(rows('SELECT (SELECT count(*) FROM note), (SELECT count(*) FROM report), (SELECT count(*) FROM employee)'), '0|1|0');
});

test('a username that nobody could choose now is kept, counted, and printed without moving the cursor', t => {
  const folder = copyOf('examples/two-factor', t);
  spawnSync(program, ['keys', 'new', folder]);
  const file = path.join(folder, 'people.jsonl');
  fs.writeFileSync(file, lines([{email: 'ann@x.test', username: '4711'}, {email: 'bob\u009b@x.test', username: 'bob\u001b[2J'}]));
  assert.match(sallyport(folder, ['user', 'import', file]).stderr, /^2 usernames kept that nobody could choose now/m);
  for (const words of [['user', 'list'], ['user', 'list', '--json'], ['user', 'disable', '2']]) {
    const {status, stdout, stderr} = sallyport(folder, words);
    assert.equal(status, 0, stderr);
    assert.ok((stdout + stderr).includes('bob\\u009b@x.test'), stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /[\u001b\u009b]/);
  }
});
