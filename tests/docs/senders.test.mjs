// docs/how-to/sms-gateway.md and mail.md: their data sources are free of mistakes, and a provider gets what the page shows.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from '../server/program.mjs';
import {blocks, house} from './transcript.mjs';

const read = name => fs.readFileSync(path.join(house, 'docs/how-to', name), 'utf8');
const sourcesOf = text => blocks(text, 'json').map(lines => JSON.parse(lines.join('\n')));
const page = read('sms-gateway.md');
const sources = sourcesOf(page);
const variables = Object.fromEntries([...(page + read('mail.md')).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'KEY']));

function appWith(source, test) {
  const folder = copyOf('examples/two-factor', test);
  const file = path.join(folder, 'server/datasources.json');
  fs.writeFileSync(file, JSON.stringify({...JSON.parse(fs.readFileSync(file)), ...source}));
  const model = path.join(folder, 'common/models/employee.json');
  const employee = JSON.parse(fs.readFileSync(model));
  employee.mixins.TwoFactor.channels = ['sms'];
  fs.writeFileSync(model, JSON.stringify(employee));
  return folder;
}

for (const source of [...sources, ...sourcesOf(read('mail.md'))]) {
  test(`the data source ${JSON.stringify(source)} has no mistakes`, t => {
    const folder = appWith(source, t);
    const {status, stdout} = spawnSync(program, ['check', folder], {env: {...process.env, ...variables}, encoding: 'utf8'});
    assert.equal(status, 0, stdout);
  });
}

test('a provider described in JSON alone gets what the page shows, and opens the door', async t => {
  const [asked] = blocks(page, 'http');
  const {sms} = sources.find(source => source.sms.gateway === 'http');
  let take;
  const taken = new Promise(resolve => (take = resolve));
  const provider = http.createServer((request, response) => {
    let body = '';
    request.on('data', part => (body += part));
    request.on('end', () => {
      take({request, body});
      response.writeHead(202).end('{"state": "queued"}');
    });
  });
  await new Promise(resolve => provider.listen(0, '127.0.0.1', resolve));
  t.after(() => provider.close());
  const url = sms.url.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${provider.address().port}`);
  Object.assign(process.env, variables);
  const {port} = await start(appWith({sms: {...sms, url, allowPrivate: true}}, t), t);
  const ann = {email: 'ann@x.test', password: 'correct horse battery'};
  assert.equal((await send(port, 'POST', '/api/Employees', {body: {...ann, mobile: '+33612345678'}})).status, 200);
  const first = await send(port, 'POST', '/api/Employees/requestCode', {body: ann});
  const {request, body} = await taken;
  const message = JSON.parse(body);
  assert.equal(`${request.method} ${request.url}`, asked[0]);
  for (const line of asked.slice(1, asked.indexOf(''))) {
    const [name, value] = line.split(': ');
    assert.equal(request.headers[name.toLowerCase()], value);
  }
  assert.equal(body.replace(JSON.stringify(message.body), '"TEXT"').replace(message.reference, 'ID'), asked.at(-1));
  const second = await send(port, 'POST', '/api/Employees/loginWithCode', {body: {email: ann.email, twofactor: message.body.slice(0, 6), challenge: first.json.challenge}});
  assert.equal(second.status, 200, second.text);
});
