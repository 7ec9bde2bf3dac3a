// Secrets that stand nowhere else are sent through every route; then none of them is found where no secret belongs.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {test} from 'node:test';
import {generateSync} from 'otplib';
import {mailServer} from './mail_server.mjs';
import {copyOf, program, send, start} from './program.mjs';

/** What is kept as it is, a record's own data, must be in no log; the rest nowhere at all. */
const personal = new Map();
const secret = new Map();
const canary = name => {
  const value = `canary-${name}-${randomBytes(9).toString('hex')}`;
  secret.set(secret.has(name) ? `${name} ${secret.size}` : name, value);
  return value;
};
const keep = (name, value) => {
  assert.ok(value?.length >= 8, name);
  secret.set(`${name} ${secret.size}`, value);
  return value;
};

/** A gateway that takes every message; `take()` resolves with the next code of ten digits. */
async function gateway(test) {
  const codes = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', part => (body += part));
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({'message-count': '1', messages: [{status: '0'}]}));
      const code = /\d{10}/.exec(new URLSearchParams(body).get('text'));
      if (code) codes.push(code[0]);  // Notices hold none.
      waiting.splice(0).forEach(look => look());
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => (server.close(), server.closeAllConnections()));
  const take = async () => {
    while (!codes.length) await new Promise(resolve => waiting.push(resolve));
    return keep('code', codes.shift());
  };
  return {take, url: `http://127.0.0.1:${server.address().port}/sms/json`};
}

function app(test, gatewayUrl, mailPort) {
  const folder = copyOf('examples/two-factor', test);
  const edit = (file, change) => {
    const name = path.join(folder, file);
    const json = JSON.parse(fs.readFileSync(name));
    change(json);
    fs.writeFileSync(name, JSON.stringify(json));
  };
  edit('common/models/employee.json', model => {
    model.mixins.TwoFactor = {channels: ['sms', 'totp'], phone: 'mobile', code: {digits: 10}};
    model.acls = [{principalType: 'ROLE', principalId: '$owner', permission: 'ALLOW'}];
  });
  edit('server/config.json', config => Object.assign(config, {requestLog: true, url: 'https://login.example', trustedProxies: ['127.0.0.1']}));
  edit('server/datasources.json', sources => {
    sources.sms = {connector: 'sms', gateway: 'vonage', apiKey: 'key', apiSecret: canary('gateway-secret'), from: 'Acme', url: gatewayUrl, allowPrivate: true, countries: ['FR']};
    sources.mail = {connector: 'mail', defaultFrom: 'Acme <no-reply@login.example>', transports: [{type: 'smtp', host: '127.0.0.1', port: mailPort}]};
  });
  return folder;
}

const errors = [];
let addresses = 0;
/** A client with an address of its own; it keeps its cookies, each of them a secret. */
function client(port) {
  const address = `81.${++addresses}.7.1`;
  const cookies = new Map();
  return async (method, target, body, token, headers = {}) => {
    const answer = await send(port, method, `/api/Employees${target}`, {
      body,
      headers: {'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https', ...(token ? {Authorization: token} : {}), ...(cookies.size ? {Cookie: [...cookies].map(pair => pair.join('=')).join('; ')} : {}), ...headers},
    });
    for (const text of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text);
      cookies.set(name, keep(`cookie ${name}`, value));
    }
    if (answer.status >= 400) errors.push({where: `${method} ${target}`, text: answer.text});
    return answer;
  };
}

const ok = answer => {
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
};

/** What a client sends to a route of which nothing is known: a secret wherever one might be read. A record keeps what it is given. */
function sweepBody(target) {
  const keeps = /^(|\/\{id\}|\/update|\/upsertWithWhere|\/replaceOrCreate|\/findOrCreate|\/\{id\}\/replace)$/.test(target);
  const fields = ['password', ...(keeps ? [] : ['twofactor', 'challenge', 'ticket', 'oldPassword', 'newPassword', 'token', 'access_token', 'id', 'secret'])];
  return {email: personal.get('other email'), ...Object.fromEntries(fields.map(name => [name, canary(`sweep-${name}`)]))};
}

async function sweptRoutes(port) {
  const {paths} = (await send(port, 'GET', '/explorer/openapi.json')).json;
  const routes = Object.entries(paths).flatMap(([target, verbs]) => Object.keys(verbs).map(verb => ({method: verb.toUpperCase(), target: target.replace('/Employees', '')})));
  return routes.sort((a, b) => (a.method === 'DELETE') - (b.method === 'DELETE'));
}

const forms = value => [value, Buffer.from(value).toString('base64').replace(/=+$/, ''), encodeURIComponent(value)];
const found = (bytes, secrets) => [...secrets].filter(([, value]) => forms(value).some(form => bytes.includes(form))).map(([name]) => name);

function filesOf(folder) {
  return fs.readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile() && /^data\.db/.test(entry.name)).map(entry => path.join(entry.parentPath, entry.name));
}

test('secrets sent through every route are in no log, no trail, no error and no file of the database', async t => {
  const sms = await gateway(t);
  const mail = await mailServer(t);
  const folder = app(t, sms.url, mail.port);
  const {child, port, output} = await start(folder, t);
  personal.set('email', `canary-${randomBytes(6).toString('hex')}@x.test`);
  personal.set('other email', `canary-${randomBytes(6).toString('hex')}@x.test`);
  personal.set('number', '33612345678');
  const tokenOf = async count => keep('mailed token', /token=(\w{64})/.exec((await mail.count(count))[count - 1].plain)[1]);
  const email = personal.get('email');
  const password = canary('password');
  const ann = client(port);

  // Both doors, the wrong way and the right one.
  const {id} = ok(await ann('POST', '', {email, password, mobile: '+33612345678'}));
  assert.equal((await ann('POST', '/requestCode', {email, password: canary('wrong-password')})).status, 401);
  const first = ok(await ann('POST', '/requestCode', {email, password}));
  keep('challenge', first.challenge);
  const code = await sms.take();
  assert.equal((await ann('POST', '/loginWithCode', {email, twofactor: keep('wrong code', '0123456789'), challenge: first.challenge})).status, 401);
  const session = keep('session', ok(await ann('POST', '/loginWithCode', {email, twofactor: code, challenge: first.challenge})).id);

  // A second factor, recovery codes, a mailbox that is proven.
  const bindApp = async token => {
    const added = ok(await ann('POST', `/${id}/factors`, {type: 'totp', digits: 8}, token));
    keep('app secret', added.secret);
    const appCode = at => keep('app code', generateSync({secret: added.secret, digits: 8, epoch: Math.floor(at / 1000)}));
    ok(await ann('POST', `/${id}/factors/${added.id}/confirm`, {twofactor: appCode(Date.now() - 30000)}, token));
    const byApp = ok(await ann('POST', '/requestCode', {email, password, channel: 'totp'}));
    const strong = keep('session', ok(await ann('POST', '/loginWithCode', {email, twofactor: appCode(Date.now()), challenge: keep('challenge', byApp.challenge)})).id);
    const {codes} = ok(await ann('POST', `/${id}/recovery-codes`, {}, strong));
    codes.forEach(text => (keep('recovery code', text), keep('recovery code', text.replaceAll('-', ''))));
    return {strong, codes};
  };
  const {strong} = await bindApp(session);
  let letters = (await mail.count(1)).length;
  ok(await ann('POST', `/${id}/verify`, undefined, strong));
  do ++letters;
  while (!/confirm\?/.test((await mail.count(letters))[letters - 1].plain));
  const link = await tokenOf(letters);
  assert.ok([204, 302].includes((await ann('GET', `/confirm?uid=${id}&token=${link}&redirect=/`)).status));

  // What was bound before that is gone, and its owner binds an app again.
  const bare = ok(await ann('POST', '/requestCode', {email, password}));
  do ++letters;
  while (!/^\d+ is your/m.test((await mail.count(letters))[letters - 1].plain));
  const mailed = keep('mailed code', /^(\d+) is your/m.exec((await mail.count(letters))[letters - 1].plain)[1]);
  const {codes} = await bindApp(keep('enrol token', ok(await ann('POST', '/loginWithCode', {email, twofactor: mailed, challenge: keep('challenge', bare.challenge)})).id));

  // A new browser: a recovery code, then a password that is forgotten, and one that is changed.
  const again = client(port);
  const asked = ok(await again('POST', '/requestCode', {email, password, channel: 'recovery'}));
  const recovered = keep('session', ok(await again('POST', '/loginWithCode', {email, twofactor: codes[0], challenge: keep('challenge', asked.challenge)})).id);
  assert.equal((await again('POST', `/${id}/factors`, {type: 'totp'}, canary('token'))).status, 401);
  const changed = canary('changed-password');
  await again('POST', '/change-password', {oldPassword: password, newPassword: changed}, recovered);
  letters = (await mail.count(letters)).length;
  assert.equal((await again('POST', '/reset', {email})).status, 204);
  do ++letters;
  while (!/reset-password/.test((await mail.count(letters))[letters - 1].plain));
  const reset = await tokenOf(letters);
  assert.equal((await again('POST', '/reset-password', {newPassword: canary('new-password')}, reset)).status, 204);
  assert.equal((await again('POST', '/reset-password', {newPassword: canary('late-password')}, reset)).status, 401);

  // Every route there is, as a stranger, with a token that is none, and as the owner.
  const owner = client(port);
  const last = ok(await owner('POST', '/requestCode', {email, password: secret.get('new-password'), channel: 'recovery'}));
  const live = keep('session', ok(await owner('POST', '/loginWithCode', {email, twofactor: codes[1], challenge: keep('challenge', last.challenge)})).id);
  const routes = await sweptRoutes(port);
  assert.ok(routes.length > 40, `${routes.length} routes`);
  for (const token of [undefined, canary('unknown-token'), live]) {
    for (const {method, target} of routes) {
      const one = client(port);
      const way = target.replace('{id}', String(id)).replace(/\{\w+\}/g, '1');
      const query = method === 'GET' ? `?access_token=${canary('query-token')}&filter=${encodeURIComponent(JSON.stringify({where: {password: canary('filter-password')}}))}` : '';
      if (way.endsWith('/change-stream')) continue; // Never ends.
      await one(method, way + query, method === 'GET' || method === 'HEAD' ? undefined : sweepBody(target), token);
    }
  }

  const running = filesOf(folder).map(file => [file, fs.readFileSync(file)]);
  assert.ok(running.some(([file]) => file.endsWith('-wal')));
  child.kill();
  await child.done;
  for (const [file, bytes] of [...running, ...filesOf(folder).map(file => [file, fs.readFileSync(file)])]) assert.deepEqual(found(bytes, secret), [], file);
  const trail = execFileSync(program, ['audit', '--limit', '1000'], {cwd: folder, encoding: 'utf8'});
  assert.match(trail, /recovery/);
  const everything = new Map([...secret, ...personal]);
  assert.deepEqual(found(output(), everything), [], 'the log');
  assert.deepEqual(found(trail, everything), [], 'the audit trail');
  assert.ok(errors.length > 50);
  for (const {where, text} of errors) assert.deepEqual(found(text, secret), [], where);
  assert.ok(secret.size > 100, `${secret.size} secrets`);
});
