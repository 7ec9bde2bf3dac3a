// Keys that are rotated: what the old ones closed stays open, and what was left behind is refused.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from './program.mjs';

const ann = {email: 'ann@x.test', password: 'correct horse battery'};
const requestCode = port => send(port, 'POST', '/api/Employees/requestCode', {body: ann});

async function stop({child}) {
  child.kill();
  await child.done;
}

test('after a rotation old passwords and codes are good, and the keys from before are refused', async test => {
  const folder = copyOf('examples/two-factor', test);
  const keys = path.join(folder, 'keys.json');
  const first = await start(folder, test);
  await send(first.port, 'POST', '/api/Employees', {body: ann});
  const {json: {challenge}} = await requestCode(first.port);
  while (!first.output().includes('Two factor code')) await new Promise(setImmediate);
  const [, code] = /Two factor code for ann@x\.test: (\d{6})/.exec(first.output());
  await stop(first);
  const before = fs.readFileSync(keys, 'utf8');

  for (let i = 0; i < 2; i++) {
    const {status, stderr} = spawnSync(program, ['keys', 'rotate', folder], {encoding: 'utf8'});
    assert.equal(status, 0, stderr);
  }
  assert.equal(fs.statSync(keys).mode & 0o777, 0o600);
  const [old, now] = [JSON.parse(before), JSON.parse(fs.readFileSync(keys))];
  for (const purpose of ['codes', 'passwords', 'sealing']) {
    assert.equal(now[purpose].length, 3);
    assert.deepEqual(now[purpose][2], old[purpose][0]);
  }
  assert.deepEqual(now.identifiers, old.identifiers);
  assert.deepEqual(fs.readdirSync(folder).filter(name => name.startsWith('keys')), ['keys.json']);

  const second = await start(folder, test);
  const login = await send(second.port, 'POST', '/api/Employees/loginWithCode', {body: {email: ann.email, twofactor: code, challenge}});
  assert.equal(login.status, 200, login.text);
  await stop(second);

  fs.writeFileSync(keys, before);
  const {status, stderr} = spawnSync(program, ['run', folder, '--host', '127.0.0.1', '--port', '0'], {encoding: 'utf8'});
  assert.equal(status, 1);
  assert.match(stderr, /the database belongs to other keys/);
});

test('keys that are kept elsewhere are rotated there', test => {
  const folder = copyOf('examples/two-factor', test);
  const {status, stderr} = spawnSync(program, ['keys', 'rotate', folder], {encoding: 'utf8', env: {...process.env, SALLYPORT_KEYS: '{}'}});
  assert.equal(status, 1);
  assert.match(stderr, /the keys are not in keys\.json\n {2}hint: /);
});
