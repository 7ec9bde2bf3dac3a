// Codes by text message through the program: gateways that answer well, badly and not at all.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, send, start} from './program.mjs';

/** A gateway on 127.0.0.1; `answer(response, index)` is called with every request it has read. */
async function gateway(test, answer, {tls} = {}) {
  const seen = [];
  const waiting = [];
  const listener = (request, response) => {
    let body = '';
    request.on('data', part => (body += part));
    request.on('end', () => {
      seen.push({at: Date.now(), headers: request.headers, url: request.url, body, form: new URLSearchParams(body)});
      answer(response, seen.length - 1);
      waiting.splice(0).forEach(look => look());
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const count = async wanted => {
    while (seen.length < wanted) await new Promise(resolve => waiting.push(resolve));
    return seen;
  };
  return {seen, count, url: `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}/sms/json`};
}

const vonage = status => response => response.setHeader('Content-Type', 'application/json').end(JSON.stringify({'message-count': '1', messages: [{status}]}));

/** The two-factor example with codes by text message. */
function app(test, sms) {
  const folder = copyOf('examples/two-factor', test);
  const edit = (file, change) => {
    const name = path.join(folder, file);
    const json = JSON.parse(fs.readFileSync(name));
    change(json);
    fs.writeFileSync(name, JSON.stringify(json));
  };
  edit('common/models/employee.json', model => {
    model.properties.mobile = 'string';
    model.mixins.TwoFactor = {channels: ['sms'], phone: 'mobile'};
  });
  edit('server/config.json', config => (config.url = 'https://login.example'));
  edit('server/datasources.json', sources => Object.assign(sources, sms));
  return folder;
}

const source = (url, more = {}) => ({connector: 'sms', gateway: 'vonage', apiKey: 'key', apiSecret: 'gateway-secret', from: 'Acme', url, allowPrivate: true, countries: ['FR'], timeout: 1000, ...more});

const ann = {email: 'ann@x.test', password: 'correct horse battery'};

async function signUp(port, mobile = '+33612345678') {
  return send(port, 'POST', '/api/Employees', {body: {...ann, mobile}});
}

const requestCode = port => send(port, 'POST', '/api/Employees/requestCode', {body: ann});

test('a code reaches the gateway, which learns nothing else, and opens the second door', async test => {
  const fake = await gateway(test, vonage('0'));
  const {port, output} = await start(app(test, {sms: source(fake.url)}), test);
  assert.equal((await signUp(port)).status, 200);
  const first = await requestCode(port);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.json.channel, 'sms');
  assert.equal(first.json.hint, '+•• ••• ••78');
  const [message] = await fake.count(1);
  assert.deepEqual([...message.form.keys()].sort(), ['api_key', 'api_secret', 'client-ref', 'from', 'text', 'to', 'ttl']);
  assert.equal(message.form.get('to'), '33612345678');
  const [, code] = /^(\d{6}) is your/.exec(message.form.get('text'));
  assert.ok(message.form.get('text').endsWith(`\n\n@login.example #${code}`));
  const second = await send(port, 'POST', '/api/Employees/loginWithCode', {body: {email: ann.email, twofactor: code, challenge: first.json.challenge}});
  assert.equal(second.status, 200, second.text);
  assert.equal(second.json.id.length, 64);
  for (const secret of [code, '33612345678', 'gateway-secret', ann.password]) assert.ok(!output().includes(secret));
});

test('who asks for a code does not wait for a gateway that hangs, nor does anybody else', async test => {
  const fake = await gateway(test, () => {});
  const {port, output} = await start(app(test, {sms: source(fake.url, {timeout: 30000})}), test);
  await signUp(port);
  const before = Date.now();
  assert.equal((await requestCode(port)).status, 200);
  await fake.count(1);
  assert.ok(Date.now() - before < 10000);
  assert.ok(!output().includes('not sent'));
});

test('a refused code is told to the operator and costs the owner nothing', async test => {
  let status = '4';
  const fake = await gateway(test, response => vonage(status)(response));
  const {port, output} = await start(app(test, {sms: source(fake.url)}), test);
  await signUp(port);
  const first = await requestCode(port);
  while (!output().includes('given up: gateway sms: status 200, /messages/*/status is 4')) await new Promise(setImmediate);
  status = '0';
  let again = await requestCode(port);
  while (again.status === 429) again = await requestCode(port);
  assert.equal(again.status, 200);
  assert.notEqual(again.json.challenge, first.json.challenge);
  assert.equal((await fake.count(2)).length, 2);
  assert.equal((await requestCode(port)).status, 429);
});

test('a throttled message is sent again with the same id, and the second gateway helps at once', async test => {
  const slow = await gateway(test, (response, index) => vonage(index === 0 ? '1' : '0')(response));
  const {port} = await start(app(test, {sms: source(slow.url)}), test);
  await signUp(port);
  await requestCode(port);
  const seen = await slow.count(2);
  assert.equal(seen[0].form.get('client-ref'), seen[1].form.get('client-ref'));
  assert.equal(seen[0].form.get('text'), seen[1].form.get('text'));

  const down = await gateway(test, response => response.writeHead(500).end());
  const other = await gateway(test, vonage('0'));
  const both = await start(app(test, {sms: source(down.url, {fallback: 'sms2'}), sms2: source(other.url)}), test);
  await signUp(both.port);
  await requestCode(both.port);
  assert.equal((await other.count(1)).length, 1);
  assert.equal(down.seen.length, 1);
});

test('what a gateway may have taken is not sent a second time', async test => {
  const fake = await gateway(test, response => response.socket.resetAndDestroy());
  const other = await gateway(test, vonage('0'));
  const {port, output} = await start(app(test, {sms: source(fake.url, {fallback: 'sms2'}), sms2: source(other.url)}), test);
  await signUp(port);
  await requestCode(port);
  while (!output().includes('given up: gateway sms:')) await new Promise(setImmediate);
  assert.equal(fake.seen.length, 1);
  assert.equal(other.seen.length, 0);
});

test('a certificate is checked: against the authorities named, and for the name that was asked for', async test => {
  const folder = app(test, {});
  const file = name => path.join(folder, name);
  const make = (name, subject) =>
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=gateway', '-addext', `subjectAltName=${subject}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)], {stdio: 'ignore'});
  make('good', 'IP:127.0.0.1');
  make('other', 'IP:192.0.2.1');
  const cases = [
    {name: 'good', ca: 'good.pem', arrives: true},
    {name: 'good', ca: undefined, arrives: false},
    {name: 'other', ca: 'other.pem', arrives: false},
  ];
  for (const {name, ca, arrives} of cases) {
    const fake = await gateway(test, vonage('0'), {tls: {key: fs.readFileSync(file(`${name}.key`)), cert: fs.readFileSync(file(`${name}.pem`))}});
    const copy = app(test, {sms: source(fake.url, ca ? {ca} : {})});
    for (const pem of ['good.pem', 'other.pem']) fs.copyFileSync(file(pem), path.join(copy, pem));
    const {port, output, child} = await start(copy, test);
    await signUp(port);
    await requestCode(port);
    if (arrives) await fake.count(1);
    else while (!output().includes('not sent')) await new Promise(setImmediate);
    assert.equal(fake.seen.length, arrives ? 1 : 0, `${name} ${ca}`);
    child.kill();
    await child.done;
  }
});

test('a message that was not handed over before the program died is sent by the next', async test => {
  let isUp = false;
  const fake = await gateway(test, response => (isUp ? vonage('0')(response) : response.writeHead(503).end()));
  const folder = app(test, {sms: source(fake.url)});
  const first = await start(folder, test);
  await signUp(first.port);
  await requestCode(first.port);
  await fake.count(1);
  while (!first.output().includes('not sent')) await new Promise(setImmediate);
  first.child.kill('SIGKILL');
  await first.child.done;
  isUp = true;
  await start(folder, test);
  const seen = await fake.count(2);
  assert.equal(seen[1].form.get('client-ref'), seen[0].form.get('client-ref'));
});

test('numbers that are not served are refused before they cost anything', async test => {
  const fake = await gateway(test, vonage('0'));
  const {port} = await start(app(test, {sms: source(fake.url)}), test);
  for (const mobile of ['+33899123456', '+18765550123', '+881612345678', '+33142345678']) {
    const refused = await signUp(port, mobile);
    assert.equal(refused.status, 422, mobile);
    assert.deepEqual(refused.json.error.details.codes, {mobile: ['served']});
  }
  assert.equal(fake.seen.length, 0);
});

test('with a request log, what happens to messages is lines of JSON that tell nobody’s number', async test => {
  const down = await gateway(test, response => response.writeHead(500).end());
  const other = await gateway(test, (response, index) => vonage(index === 0 ? '0' : '4')(response));
  const folder = app(test, {sms: source(down.url, {fallback: 'sms2', dailyCap: 2}), sms2: source(other.url)});
  const config = path.join(folder, 'server/config.json');
  fs.writeFileSync(config, JSON.stringify({...JSON.parse(fs.readFileSync(config)), requestLog: true}));
  const {child, port, output} = await start(folder, test);
  await signUp(port);
  const bob = {email: 'bob@x.test', password: ann.password};
  await send(port, 'POST', '/api/Employees', {body: {...bob, mobile: '+33612345679'}});
  await requestCode(port);
  while (!output().includes('"event":"fallback"')) await new Promise(setImmediate);
  await send(port, 'POST', '/api/Employees/requestCode', {body: bob});
  while (!output().includes('"event":"delivery"')) await new Promise(setImmediate);
  child.kill();
  await child.done;
  const events = output().split('\n').filter(line => line.startsWith('{')).map(JSON.parse).filter(({event}) => ['fallback', 'alarm', 'delivery'].includes(event));
  assert.deepEqual(events.map(({ts, ...event}) => event), [
    {event: 'fallback', channel: 'sms', gateway: 'sms2', why: 'gateway sms: status 500'},
    {event: 'alarm', about: 'daily cap', sent: 2, cap: 2},
    {event: 'delivery', channel: 'sms', try: 1, givenUp: false, why: 'gateway sms: status 500; gateway sms2: status 200, /messages/*/status is 4'},
  ]);
  assert.ok(!/alarm:|not sent:/.test(output()), output());
  for (const secret of ['ann@x', 'bob@x', '3361234567', 'gateway-secret']) assert.ok(!output().includes(secret), secret);
});
