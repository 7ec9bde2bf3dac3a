// The commands of an operator, against a server that runs and against the folder where none does.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from './program.mjs';

const ask = (folder, ...words) => {
  const {status, stdout, stderr} = spawnSync(program, [...words, '--dir', folder], {encoding: 'utf8'});
  return {status, stdout, stderr};
};
const list = (folder, ...words) => JSON.parse(ask(folder, ...words, '--json').stdout);
const credentials = {email: 'ann@company.test', password: 'a long enough password'};

test('a running server does what commands ask, and its socket is its owner\'s alone', async t => {
  const folder = copyOf('examples/two-factor', t);
  const {port, child} = await start(folder, t);
  const socket = path.join(folder, 'sallyport.sock');
  assert.equal(fs.statSync(socket).mode & 0o777, 0o600);

  const added = ask(folder, 'user', 'add', credentials.email, '--role', 'admin');
  assert.equal(added.status, 0, added.stderr);
  const [, token] = /#token=(\w{64})&at=\/api\/Employees&first=yes\n$/.exec(added.stdout);
  const chosen = await send(port, 'POST', '/api/Employees/reset-password',
    {body: {newPassword: credentials.password}, headers: {Authorization: token}});
  assert.equal(chosen.status, 204, chosen.text);
  assert.equal((await send(port, 'POST', '/api/Employees/requestCode', {body: credentials})).status, 200);

  assert.equal(ask(folder, 'user', 'disable', credentials.email).stderr,
    'ann@company.test is disabled, and its sessions have ended\n');
  const refused = await send(port, 'POST', '/api/Employees/requestCode', {body: credentials});
  assert.deepEqual([refused.status, refused.json.error.code], [401, 'LOGIN_FAILED']);
  assert.equal(list(folder, 'user', 'list')[0].state, 'disabled');

  for (let i = 0; i < 5; i++) await send(port, 'POST', '/api/Employees/requestCode', {body: {...credentials, password: 'wrong'}});
  assert.ok(list(folder, 'limits', 'show').length > 0);
  assert.equal(ask(folder, 'limits', 'lift', credentials.email).status, 0);
  assert.deepEqual(list(folder, 'limits', 'show'), []);

  const events = list(folder, 'audit', credentials.email).map(({event}) => event);
  for (const event of ['account.created', 'password.changed', 'code.sent', 'account.disabled', 'limits.lifted']) assert.ok(events.includes(event), event);

  child.kill('SIGTERM');
  await child.done;
  assert.ok(!fs.existsSync(socket));
});

test('where no server runs the folder is opened, and what was done is there for the next one', async t => {
  const folder = copyOf('examples/two-factor', t);
  spawnSync(program, ['keys', 'new', folder]);
  assert.equal(ask(folder, 'user', 'add', 'bob@company.test').status, 0);
  assert.equal(ask(folder, 'user', 'disable', 'bob@company.test').status, 0);
  await start(folder, t);
  assert.deepEqual(list(folder, 'user', 'list').map(({email, state}) => [email, state]), [['bob@company.test', 'disabled']]);
});

test('a running server backs itself up while it serves', async t => {
  const folder = copyOf('examples/two-factor', t);
  const {port} = await start(folder, t);
  const made = await send(port, 'POST', '/api/Employees', {body: credentials});
  assert.equal(made.status, 200, made.text);
  const target = path.join(folder, 'monday');
  const backup = () => spawnSync(program, ['backup', 'monday', '.'], {cwd: folder, encoding: 'utf8'});
  const {status, stderr} = backup();
  assert.equal(status, 0, stderr);
  assert.deepEqual(fs.readdirSync(target).sort(), ['backup.json', 'db.db']);
  assert.equal(fs.statSync(target).mode & 0o777, 0o700);
  const rows = spawnSync('sqlite3', ['-readonly', path.join(target, 'db.db'), 'SELECT email FROM employee'], {encoding: 'utf8'});
  assert.equal(rows.stdout, `${credentials.email}\n`);
  assert.match(backup().stderr, /^sallyport: cannot make the folder .*monday/);
});

test('what cannot be done is one line, and nothing on standard output', t => {
  const folder = copyOf('examples/two-factor', t);
  spawnSync(program, ['keys', 'new', folder]);
  for (const [words, message] of [
    [['user', 'disable', 'nobody'], 'sallyport: no Employee has the email, username or id "nobody"\n'],
    [['user', 'list', '--model', 'Role'], 'sallyport: Role is no user model; the user models are Employee\n'],
    [['limits', 'lift'], 'sallyport: say whose limits: an account, --address, --number or --range\n'],
    [['user', 'add', 'not an address'], /^sallyport: .*email/],
  ]) {
    const {status, stdout, stderr} = ask(folder, ...words);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    if (message instanceof RegExp) assert.match(stderr, message);
    else assert.equal(stderr, message);
  }
});

test('a server in a folder that cannot hold a socket serves all the same', async t => {
  const folder = copyOf('examples/two-factor', t);
  fs.writeFileSync(path.join(folder, 'sallyport.sock'), 'a file');
  const {port, output} = await start(folder, t);
  assert.equal((await send(port, 'GET', '/health')).status, 200);
  assert.match(output(), /note: commands such as `sallyport user` cannot reach this server/);
});
