// What those who run the program see of it: a log of requests, health and readiness.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from './program.mjs';

test('each request is a line of JSON that tells nobody’s secrets', async test => {
  const folder = copyOf('examples/two-factor', test);
  const file = path.join(folder, 'server/config.json');
  fs.writeFileSync(file, JSON.stringify({...JSON.parse(fs.readFileSync(file)), requestLog: true}));
  const {child, port, output} = await start(folder, test);
  const secrets = ['ann@x.test', 'correct horse battery', '+33612345678', 'query-secret'];
  const [email, password, mobile] = secrets;
  await send(port, 'POST', '/api/Employees', {body: {email, password, mobile}});
  const first = await send(port, 'POST', '/api/Employees/requestCode', {body: {email, password}});
  assert.equal(first.status, 200);
  const last = await send(port, 'GET', `/api/Employees/${email}?access_token=query-secret`, {headers: {'User-Agent': 'x"\t{}'}});
  child.kill();
  await child.done;
  const all = output().split('\n').filter(line => line.startsWith('{')).map(JSON.parse);
  const lines = all.filter(({event}) => event === 'request');
  assert.deepEqual(lines.map(({verb, path, status}) => `${verb} ${path} ${status}`), ['POST /api/Employees 200', 'POST /api/Employees/requestCode 200', `GET /api/Employees/* ${last.status}`]);
  assert.equal(lines[2].agent, 'x"\t{}');
  assert.equal(lines[2].id, last.headers['x-request-id']);
  const log = all.map(line => JSON.stringify(line)).join('\n');
  for (const secret of [...secrets, first.json.challenge]) assert.ok(!log.includes(secret), secret);
});

test('each event of the audit trail is a line of JSON, what access rules refuse among them', async test => {
  const folder = copyOf('examples/two-factor', test);
  const file = path.join(folder, 'server/config.json');
  fs.writeFileSync(file, JSON.stringify({...JSON.parse(fs.readFileSync(file)), requestLog: true}));
  const {child, port, output} = await start(folder, test);
  const ann = {email: 'ann@x.test', password: 'correct horse battery'};
  const {id} = (await send(port, 'POST', '/api/Employees', {body: ann})).json;
  for (const password of ['wrong', ann.password]) await send(port, 'POST', '/api/Employees/requestCode', {body: {...ann, password}});
  for (let i = 0; i < 3; ++i) assert.equal((await send(port, 'GET', '/api/Employees')).status, 401);
  await send(port, 'DELETE', `/api/Employees/${id}`);
  const events = () => output().split('\n').filter(line => line.startsWith('{')).map(JSON.parse).filter(({event}) => event !== 'request');
  while (events().length < 6) await new Promise(resolve => child.stdout.once('data', resolve));
  assert.deepEqual(events().map(({event, outcome, userId, about, network}) => ({event, outcome, userId, about, network})), [
    {event: 'account.created', outcome: 'done', userId: id, about: undefined, network: undefined},
    {event: 'password', outcome: 'refused', userId: id, about: undefined, network: '127.0.0.0/24'},
    {event: 'password', outcome: 'done', userId: id, about: undefined, network: '127.0.0.0/24'},
    {event: 'code.sent', outcome: 'done', userId: id, about: undefined, network: '127.0.0.0/24'},
    {event: 'denied', outcome: 'refused', userId: undefined, about: 'Employee.find: AUTHORIZATION_REQUIRED', network: '127.0.0.0/24'},
    {event: 'denied', outcome: 'refused', userId: undefined, about: 'Employee.deleteById: AUTHORIZATION_REQUIRED', network: '127.0.0.0/24'},
  ]);
});

test('health and readiness are told to whoever asks, and nothing else', async test => {
  const {port} = await start(copyOf('examples/two-factor', test), test);
  for (const target of ['/health', '/ready']) {
    const answer = await send(port, 'GET', target);
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{"status":"ok"}');
  }
});

test('a crash writes none of the memory to a file', async test => {
  const whereCoresGo = copyOf('examples/hello', test);
  const crash = (folder, line) => new Promise(resolve => spawn('bash', ['-c', `ulimit -c unlimited; ${line}`], {cwd: folder}).once('exit', () => resolve(fs.readdirSync(folder).some(name => name.startsWith('core')))));
  if (!(await crash(whereCoresGo, 'kill -ABRT $$'))) return test.skip('this machine keeps no cores in files');
  const folder = copyOf('examples/two-factor', test);
  const {child} = await start(folder, test, {program: 'bash', words: ['-c', `ulimit -c unlimited; cd ${folder}; exec ${program} run . --make-keys --host 127.0.0.1 --port 0`]});
  child.kill('SIGABRT');
  assert.equal((await child.done).signal, 'SIGABRT');
  assert.deepEqual(fs.readdirSync(folder).filter(name => name.startsWith('core')), []);
});
