// What those who run the program see of it: a log of requests, health and readiness.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, send, start} from './program.mjs';

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
  const lines = output().split('\n').filter(line => line.startsWith('{')).map(JSON.parse);
  assert.deepEqual(lines.map(({verb, path, status}) => `${verb} ${path} ${status}`), ['POST /api/Employees 200', 'POST /api/Employees/requestCode 200', `GET /api/Employees/* ${last.status}`]);
  assert.equal(lines[2].agent, 'x"\t{}');
  assert.equal(lines[2].id, last.headers['x-request-id']);
  const log = lines.map(line => JSON.stringify(line)).join('\n');
  for (const secret of [...secrets, first.json.challenge]) assert.ok(!log.includes(secret), secret);
});

test('health and readiness are told to whoever asks, and nothing else', async test => {
  const {port} = await start(copyOf('examples/two-factor', test), test);
  for (const target of ['/health', '/ready']) {
    const answer = await send(port, 'GET', target);
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{"status":"ok"}');
  }
});
