// Mail over SMTP through the program: servers that take it, defer it, refuse it, hang up, and cannot be trusted.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {mailServer} from './mail_server.mjs';
import {copyOf, send, start} from './program.mjs';

const password = 'correct horse battery';

/** An app whose customers must confirm their address. */
function app(test, transport, more = {}) {
  const folder = copyOf('examples/two-factor', test);
  const write = (file, json) => fs.writeFileSync(path.join(folder, file), JSON.stringify(json));
  const read = file => JSON.parse(fs.readFileSync(path.join(folder, file)));
  const sources = read('server/datasources.json');
  sources.mail = {connector: 'mail', defaultFrom: 'Acme <no-reply@acme.example>', transports: [{type: 'smtp', host: '127.0.0.1', ...transport}], ...more};
  write('server/datasources.json', sources);
  write('server/config.json', {...read('server/config.json'), url: 'https://login.example'});
  write('common/models/customer.json', {name: 'Customer', base: 'User'});
  write('server/model-config.json', {...read('server/model-config.json'), Customer: {dataSource: 'db', public: true}});
  return folder;
}

async function reset(port, headers = {}) {
  const email = 'ann@x.test';
  await send(port, 'POST', '/api/Customers', {body: {email, password}});
  return send(port, 'POST', '/api/Customers/reset', {body: {email}, headers});
}

function certificate(test, folder) {
  const [key, cert] = ['mail.key', 'mail.pem'].map(name => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=mail', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], {stdio: 'ignore'});
  return {key: fs.readFileSync(key), cert: fs.readFileSync(cert)};
}

test('a reset mail has text and HTML, and links to the configured address whatever Host says', async test => {
  const server = await mailServer(test);
  const {port, output} = await start(app(test, {port: server.port}), test);
  assert.equal((await reset(port, {Host: 'evil.example'})).status, 204);
  const [letter] = await server.count(1);
  assert.equal(letter.envelope.mailFrom.address, 'no-reply@acme.example');
  assert.deepEqual(letter.envelope.rcptTo.map(to => to.address), ['ann@x.test']);
  assert.match(letter.text, /^From: Acme <no-reply@acme\.example>\r\nTo: ann@x\.test\r\nSubject: Choose a new password\r\n/);
  const links = letter.plain.match(/https:\/\/login\.example\/reset-password#token=\w{64}/g);
  assert.equal(links.length, 3); // Once in the text, twice in the HTML.
  assert.ok(!letter.text.includes('evil.example'));
  const [, token] = /token=(\w{64})/.exec(links[0]);
  assert.ok(!output().includes(token));
  const renewed = await send(port, 'POST', '/api/Customers/reset-password', {body: {newPassword: 'a new horse battery'}, headers: {Authorization: token}});
  assert.equal(renewed.status, 204, renewed.text);
});

test('the words may be the app’s own', async test => {
  const server = await mailServer(test);
  const folder = app(test, {port: server.port});
  fs.mkdirSync(path.join(folder, 'server/mails'));
  fs.writeFileSync(path.join(folder, 'server/mails/reset.txt'), 'Subject: Zurücksetzen\n\nHier: {href}\n');
  const {port} = await start(folder, test);
  await reset(port);
  const [letter] = await server.count(1);
  assert.match(letter.text, /\r\nSubject: =\?utf-8\?B\?WnVyw7xja3NldHplbg==\?=\r\n/);
  assert.match(letter.plain, /\r\n\r\nHier: https:\/\/login\.example\/reset-password#token=/);
});

test('it logs in, over STARTTLS and over TLS from the first byte, to a server whose certificate holds', async test => {
  const logins = [];
  const onAuth = (auth, session, done) => {
    logins.push({user: auth.username, password: auth.password, secure: session.secure});
    done(null, {user: auth.username});
  };
  for (const secure of [false, true]) {
    const folder = app(test, {});
    const server = await mailServer(test, {...certificate(test, folder), secure, authOptional: false, onAuth});
    const sources = JSON.parse(fs.readFileSync(path.join(folder, 'server/datasources.json')));
    Object.assign(sources.mail.transports[0], {port: server.port, secure, requireTLS: true, auth: {user: 'app', pass: 'mail-secret'}, tls: {ca: 'mail.pem'}});
    fs.writeFileSync(path.join(folder, 'server/datasources.json'), JSON.stringify(sources));
    const {port, output} = await start(folder, test);
    await reset(port);
    await server.count(1);
    assert.deepEqual(logins.pop(), {user: 'app', password: 'mail-secret', secure: true});
    assert.ok(!output().includes('mail-secret'));
  }
});

test('a server without TLS, or with a certificate that does not hold, gets nothing', async test => {
  const cases = [
    {options: () => ({}), transport: {requireTLS: true}},
    {options: folder => certificate(test, folder), transport: {requireTLS: true}}, // No authority named.
  ];
  for (const {options, transport} of cases) {
    const folder = app(test, {});
    const server = await mailServer(test, options(folder));
    const {port, output} = await start(app(test, {...transport, port: server.port}), test);
    await reset(port);
    while (!output().includes('a message was not sent: channel email, try 1:')) await new Promise(setImmediate);
    assert.equal(server.letters.length, 0);
  }
});

test('what is deferred is tried again; what is refused for good is given up; logins go on meanwhile', async test => {
  let tries = 0;
  const greylisting = await mailServer(test, {
    onRcptTo: (address, session, done) => done(++tries === 1 ? Object.assign(new Error('greylisted, come back'), {responseCode: 451}) : null),
  });
  const {port, output} = await start(app(test, {port: greylisting.port}), test);
  await reset(port);
  const [letter] = await greylisting.count(1);
  assert.equal(tries, 2);
  assert.match(letter.text, /Message-ID: <\w{32}@acme\.example>/);
  assert.match(output(), /channel email, try 1: .*\(status 451\)/);
  assert.ok(!output().includes('ann@x.test'));

  const refusing = await mailServer(test, {
    onRcptTo: (address, session, done) => done(Object.assign(new Error('no such person'), {responseCode: 550})),
  });
  const second = await start(app(test, {port: refusing.port}), test);
  await reset(second.port);
  while (!/try 1, given up: .*\(status 550\)/.test(second.output())) await new Promise(setImmediate);

  const silent = await mailServer(test, {onConnect: () => {}});
  const third = await start(app(test, {port: silent.port}), test);
  assert.equal((await reset(third.port)).status, 204);
  assert.equal((await send(third.port, 'POST', '/api/Customers/login', {body: {email: 'ann@x.test', password}})).status, 200);
});

test('a mail that confirms an address comes from whom the model says, and a server that has greeted may take its time', async test => {
  const server = await mailServer(test, {onRcptTo: (address, session, done) => setTimeout(done, 400)});
  const folder = app(test, {port: server.port, greetingTimeout: 150});
  fs.writeFileSync(path.join(folder, 'common/models/customer.json'), JSON.stringify({name: 'Customer', base: 'User', verifyOptions: {from: 'Ann <ann@acme.example>'}}));
  const {port, output} = await start(folder, test);
  const credentials = {email: 'ann@x.test', password};
  const {json: {id}} = await send(port, 'POST', '/api/Customers', {body: credentials});
  const {json: token} = await send(port, 'POST', '/api/Customers/login', {body: credentials});
  assert.equal((await send(port, 'POST', `/api/Customers/${id}/verify`, {headers: {Authorization: token.id}})).status, 204);
  const [letter] = await server.count(1);
  assert.equal(letter.envelope.mailFrom.address, 'ann@acme.example');
  assert.match(letter.text, /^From: Ann <ann@acme\.example>\r\n/);
  await reset(port);
  const [, second] = await server.count(2);
  assert.equal(second.envelope.mailFrom.address, 'no-reply@acme.example');
  assert.ok(!output().includes('not sent'), output());
});

test('a mail that a STUB keeps is told in the log, without its words and whom it was for', async t => {
  const {port, output} = await start(copyOf('examples/two-factor', t), t);
  const ann = {email: 'ann@company.test', password: 'a sally port has two doors'};
  await send(port, 'POST', '/api/Employees', {body: ann});
  assert.equal((await send(port, 'POST', '/api/Employees/reset', {body: {email: ann.email}})).status, 204);
  const told = 'a message to nobody: the mail data source "mail" is a STUB\n';
  while (!output().includes(told)) await new Promise(setImmediate);
  assert.ok(!/ann@|token|reset/.test(output()), output());
});
