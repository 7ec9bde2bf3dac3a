// Tokens, accounts, and what answers give away.
import assert from 'node:assert/strict';
import {Client, addApp, appCode, attack, attackOwn, newPerson, password, requestCode, signIn, signInByApp, underAttack} from './stage.mjs';

const stage = underAttack();

attack(37, 'a new factor, and a change of password, end every other session', 'CVE-2026-22706', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const {secret} = await addApp(person);
  const other = new Client(stage);
  await signInByApp(person, secret, {client: other});
  assert.equal((await other.get(person.mine)).status, 200);
  const added = await person.post(`${person.mine}/factors`, {type: 'totp'});
  assert.equal(added.json.error.code, 'STEP_UP_REQUIRED', 'the console proves less than the app');
  const third = await other.post(`${person.mine}/factors`, {type: 'totp'});
  assert.equal((await person.get(person.mine)).status, 200);
  assert.equal((await other.post(`${person.mine}/factors/${third.json.id}/confirm`, {twofactor: appCode(third.json.secret, -1)})).status, 200);
  assert.equal((await person.get(person.mine)).status, 401);

  const fourth = new Client(stage);
  await signInByApp(person, third.json.secret, {client: fourth});
  assert.equal((await fourth.post('/Employees/change-password', {oldPassword: password, newPassword: 'two other doors in line'})).status, 204);
  assert.equal((await other.get(person.mine)).status, 401);
  assert.equal((await fourth.get(person.mine)).status, 200);
});

attack(38, 'the token of a deleted account is worth nothing at once', 'GHSA-56p6-qw3c-fq2g', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const {status} = await person.send('DELETE', `/api${person.mine}`);
  assert.equal(status, 200);
  assert.equal((await person.get(person.mine)).status, 401);
  assert.equal((await person.get('/Papers')).status, 401);
});

attack(39, 'nobody verifies an address, sets a hash or another id by a write', 'CVE-2026-27946', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  for (const [method, target] of [['PATCH', person.mine], ['PUT', person.mine], ['POST', `${person.mine}/replace`]]) {
    for (const change of [{emailVerified: true}, {verificationToken: 'x'}, {password: '$2a$10$abcdefghijklmnopqrstuv'}, {id: 1}]) {
      await person.send(method, `/api${target}`, {email: person.email, ...change});
    }
  }
  const {json} = await person.get(person.mine);
  assert.notEqual(json.emailVerified, true);
  assert.equal(json.id, person.id);
  assert.ok(!/password|verificationToken/.test(JSON.stringify(json)));
  const made = await new Client(stage).post('/Employees', {email: `v${process.pid}@company.example`, password, emailVerified: true, verificationToken: 'x'});
  assert.ok(made.status >= 400 || made.json.emailVerified !== true, made.text);
});

attack(40, 'no route makes, reads or changes access tokens', 'LoopBack advisory 08-08-2018', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  for (const target of ['/AccessTokens', '/accessTokens', '/accesstoken', '/Users', '/Roles', '/RoleMappings', '/ACLs']) {
    assert.equal((await person.get(target)).status, 404, target);
    assert.equal((await person.post(target, {userId: person.id, ttl: 1e9})).status, 404, target);
  }
  const {json} = await person.get(`${person.mine}/accessTokens`);
  for (const row of Array.isArray(json) ? json : []) assert.ok(row.id === person.token || !/^\w{64}$/.test(row.id), 'another session\u2019s token');
  const made = await person.post(`${person.mine}/accessTokens`, {ttl: 1e9, scopes: ['DEFAULT'], userId: 1});
  assert.ok(made.status >= 400, made.text);
});

attack(41, 'who registers somebody else\u2019s address keeps nothing once its owner comes', 'CVE-2026-44166', async () => {
  const thief = await newPerson(stage);  // At an address that is the victim's.
  await signIn(thief);
  const {secret} = await addApp(thief);
  await signInByApp(thief, secret);
  const {json: {codes: [recovery]}} = await thief.post(`${thief.mine}/recovery-codes`);
  assert.match(recovery, /^\d/);
  stage.forget(thief.email);
  const victim = new Client(stage);
  assert.equal((await victim.post('/Employees/reset', {email: thief.email})).status, 204);
  victim.token = await stage.code(thief.email);
  assert.equal((await victim.post('/Employees/reset-password', {newPassword: 'mine from now on, all of it'})).status, 204);
  assert.equal((await thief.get(thief.mine)).status, 401);
  victim.token = undefined;
  for (const channel of ['totp', 'recovery']) {
    const asked = await victim.post('/Employees/requestCode', {email: thief.email, password: 'mine from now on, all of it', channel});
    assert.equal(asked.json.error.code, 'LOGIN_FAILED', `the thief's ${channel} is no way in any more`);
  }
});

attackOwn(42, 'no header decides where a mailed link leads', 'GHSA-3529-5m8x-rpv3', async () => {
  const person = await newPerson(stage);
  stage.forget(person.email);
  const headers = {Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Origin: 'https://evil.example', Referer: 'https://evil.example/'};
  assert.equal((await new Client(stage).post('/Employees/reset', {email: person.email, redirect: 'https://evil.example'}, headers)).status, 204);
  await stage.code(person.email);
  assert.match(stage.letters.at(-1), /https:\/\/company\.example\/reset-password#token=/);
  assert.doesNotMatch(stage.letters.join(), /evil/);
});

attack(43, 'an account that is there and one that is not are answered alike', 'CVE-2026-26185', async () => {
  const person = await newPerson(stage);
  const ask = email => Promise.all([
    new Client(stage).post('/Employees/requestCode', {email, password: 'wrong'}),
    new Client(stage).post('/Employees/loginWithCode', {email, twofactor: '000000'}),
    new Client(stage).post('/Employees/login', {email, password}),
    new Client(stage).post('/Employees/reset', {email}),
  ]);
  const seen = answers => answers.map(({status, text, headers}) => [status, text, Object.keys(headers).sort().join()]);
  assert.deepEqual(seen(await ask(person.email)), seen(await ask('nobody@company.example')));
});

attack(44, 'filters tell nothing of what is hidden, and cost nothing', 'PocketBase 0.31', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const ask = (target, filter) => person.get(`${target}?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  for (const where of [{password: {like: '$argon%'}}, {'password.x': 1}, {and: [{password: {gt: ''}}]}, {verificationToken: {neq: null}}]) {
    const {status, text} = await ask(person.mine, {where});
    assert.ok(!/argon/.test(text), text);
    assert.ok(status === 200 || status === 400);
    assert.ok([400, 401, 403].includes((await ask('/Employees', {where})).status));
  }
  assert.equal((await ask('/Papers', {where: {$where: 'sleep(1000)'}})).status, 400);
  let deep = {text: 'a'};
  for (let i = 0; i < 40; ++i) deep = {and: [deep]};
  assert.equal((await ask('/Papers', {where: deep})).status, 400);
  assert.equal((await ask('/Papers', {where: {text: {regexp: 'a'.repeat(300)}}})).status, 400);
  const began = Date.now();
  await ask('/Papers', {where: {text: {regexp: '^(a+)+$'}}});
  assert.ok(Date.now() - began < 2000);
  const include = Array.from({length: 2000}, (_, i) => `r${i}`);
  assert.ok([400, 414].includes((await ask('/Papers', {include})).status));
});

attack(45, 'messages to an account are few, whoever asks', 'arkesel.com p=8951', async () => {
  const person = await newPerson(stage);
  const sent = [];
  for (let i = 0; i < 5; ++i) sent.push((await requestCode(new Client(stage), person)).status);
  assert.deepEqual(sent, [200, 429, 429, 429, 429]);
});

attack('T', 'what is wrong is told without the machine behind it', 'error leaks', async () => {
  const client = new Client(stage);
  for (const body of ['{', '[]', '"x"', '{"email":{"$gt":""}}', `{"email":"${'a'.repeat(5000)}@x.test","password":"x"}`, '{"email":"a@x.test","email":"b@x.test"}']) {
    const {status, text} = await client.post('/Employees/requestCode', body);
    assert.ok(status >= 400 && status < 500, `${status} ${text}`);
    assert.doesNotMatch(text, /stack|sqlite|\.cpp|SELECT|terminate/i);
  }
});
