// HTTPS from the program itself: certificate, reload, HSTS, and the door for plain HTTP.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import test from 'node:test';
import tls from 'node:tls';
import {copyOf, program, send, start} from './program.mjs';

function makeCertificate(folder, serial) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-set_serial', String(serial), '-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'chain.pem')], {stdio: 'ignore'});
  fs.chmodSync(path.join(folder, 'key.pem'), 0o600);
}

function secureApp(t, config = {}) {
  const folder = copyOf('bench/app', t);
  makeCertificate(folder, 11);
  const file = path.join(folder, 'server/config.json');
  const all = {...JSON.parse(fs.readFileSync(file)), tls: {certificate: 'chain.pem', key: 'key.pem'}, ...config};
  fs.writeFileSync(file, JSON.stringify(all));
  return folder;
}

const get = (port, target, agent) => new Promise((resolve, reject) => {
  https.get({host: '127.0.0.1', port, path: target, agent, rejectUnauthorized: false}, response => {
    const serial = response.socket.getPeerCertificate().serialNumber;
    response.resume();
    response.on('end', () => resolve({status: response.statusCode, headers: response.headers, serial}));
  }).on('error', reject);
});

/** The version that was agreed on, or undefined. */
const shake = (port, version) => new Promise(resolve => {
  const socket = tls.connect({host: '127.0.0.1', port, minVersion: version, maxVersion: version, rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0'}, () => {
    resolve(socket.getProtocol());
    socket.destroy();
  });
  socket.on('error', () => resolve(undefined));
});

async function until(what) {
  const end = Date.now() + 10000;
  while (!await what()) {
    assert.ok(Date.now() < end, 'it never came about');
    await new Promise(resolve => setImmediate(resolve));
  }
}

test('TLS 1.2 and 1.3 are spoken, nothing older; answers over TLS carry HSTS', async t => {
  const server = await start(secureApp(t), t);
  assert.match(server.output(), /listening at: https:/);
  assert.equal(await shake(server.port, 'TLSv1.1'), undefined);
  assert.equal(await shake(server.port, 'TLSv1.2'), 'TLSv1.2');
  assert.equal(await shake(server.port, 'TLSv1.3'), 'TLSv1.3');
  const answer = await get(server.port, '/api/Products/count');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
});

test('hstsSeconds 0 sends no HSTS', async t => {
  const server = await start(secureApp(t, {hstsSeconds: 0}), t);
  assert.equal((await get(server.port, '/api/Products/count')).headers['strict-transport-security'], undefined);
});

test('SIGHUP brings in a new certificate, keeps connections, and refuses a broken pair', async t => {
  const folder = secureApp(t);
  const server = await start(folder, t);
  const agent = new https.Agent({keepAlive: true, maxSockets: 1});
  t.after(() => agent.destroy());
  assert.equal((await get(server.port, '/api/Products/count', agent)).serial, '0B');

  makeCertificate(folder, 22);
  server.child.kill('SIGHUP');
  await until(async () => (await get(server.port, '/api/Products/count', new https.Agent())).serial === '16');
  assert.equal((await get(server.port, '/api/Products/count', agent)).serial, '0B');

  fs.writeFileSync(path.join(folder, 'chain.pem'), 'broken');
  server.child.kill('SIGHUP');
  await until(() => /the certificate in use stays: .*chain\.pem/.test(server.output()));
  assert.equal((await get(server.port, '/api/Products/count', new https.Agent())).serial, '16');
});

test('with a request log, a certificate that comes or stays is told in JSON', async t => {
  const folder = secureApp(t, {requestLog: true});
  const server = await start(folder, t);
  makeCertificate(folder, 22);
  server.child.kill('SIGHUP');
  await until(() => /"event":"certificate","inUse":true,"serial":"16","expires":"\d{4}-/.test(server.output()));
  fs.writeFileSync(path.join(folder, 'chain.pem'), 'broken');
  server.child.kill('SIGHUP');
  await until(() => /"event":"certificate","inUse":false,"file":".*chain\.pem","why":".+","hint":".+"/.test(server.output()));
  assert.ok(!/^(note|error): /m.test(server.output()), server.output());
});

test('the plain port serves this machine, which is no stranger', async t => {
  const server = await start(secureApp(t, {url: 'https://company.example', tls: {certificate: 'chain.pem', key: 'key.pem', plainPort: 0}}), t);
  await until(() => /Plain HTTP/.test(server.output()));
  const port = Number(/Plain HTTP, sent on to HTTPS: http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output())[1]);
  const answer = await send(port, 'GET', '/api/Products/count');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['strict-transport-security'], undefined);
});

test('the plain port sends pages on to the configured url and refuses the API', async t => {
  const config = {url: 'https://company.example', trustedProxies: ['127.0.0.1'], tls: {certificate: 'chain.pem', key: 'key.pem', plainPort: 0}};
  const server = await start(secureApp(t, config), t);
  await until(() => /Plain HTTP/.test(server.output()));
  const port = Number(/Plain HTTP, sent on to HTTPS: http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output())[1]);
  const headers = {'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'http', Host: 'evil.example'};

  const page = await send(port, 'GET', '/a?b=c', {headers});
  assert.equal(page.status, 308);
  assert.equal(page.headers.location, 'https://company.example/a?b=c');
  const login = await send(port, 'POST', '/api/Customers/login', {headers, body: {email: 'a@b.test', password: 'x'}});
  assert.equal(login.status, 403);
  assert.equal(login.json.error.code, 'HTTPS_REQUIRED');
});

test('check names a key that others can read, and a certificate that is not there', t => {
  const folder = secureApp(t);
  fs.chmodSync(path.join(folder, 'key.pem'), 0o644);
  const open = spawnSync(program, ['check', folder], {encoding: 'utf8'});
  assert.equal(open.status, 1);
  assert.match(open.stdout + open.stderr, /config\.json:\d+.*others can read/);
  fs.rmSync(path.join(folder, 'chain.pem'));
  const missing = spawnSync(program, ['check', folder], {encoding: 'utf8'});
  assert.match(missing.stdout + missing.stderr, /chain\.pem.*No such file/);
});
