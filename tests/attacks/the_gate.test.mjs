// Getting past the second door, or making one's own key to it.
import assert from 'node:assert/strict';
import {Client, addApp, appCode, attack, loginWithCode, newPerson, otherThan, password, proveAddress, requestCode, signIn, underAttack} from './stage.mjs';

const stage = underAttack();
const isOut = async (client, person) => assert.equal((await client.get(person.mine)).status, 401);

attack(1, 'nothing that step one gives out opens a session', 'GHSA-xg6x-h9c9-2m83', async () => {
  const victim = await newPerson(stage);
  const thief = new Client(stage);
  const {json} = await requestCode(thief, victim);
  for (const token of [json.challenge, ...thief.cookies.values()]) {
    await isOut(Object.assign(new Client(stage), {token}), victim);
    await isOut(Object.assign(new Client(stage), {token: `Bearer ${Buffer.from(token).toString('base64')}`}), victim);
  }
  await isOut(thief, victim);
});

attack(2, 'no other way in asks for the password alone', 'better-auth#9552', async () => {
  const victim = await newPerson(stage);
  const thief = new Client(stage);
  const login = await thief.post('/Employees/login', {email: victim.email, password});
  assert.equal(login.status, 401);
  assert.equal(login.json.error.code, 'TWO_FACTOR_REQUIRED');
  assert.equal((await thief.post('/Employees/login?include=user', {email: victim.email, password, ttl: -1})).status, 401);
  assert.equal((await thief.post('/users/login', {email: victim.email, password})).status, 404);
  const basic = Buffer.from(`${victim.email}:${password}`).toString('base64');
  assert.equal((await thief.get(victim.mine, {Authorization: `Basic ${basic}`})).status, 401);
  assert.equal((await thief.get(`${victim.mine}?access_token=${basic}`)).status, 401);
});

attack(3, 'an account without a factor is not let in without one', 'better-auth#8627', async () => {
  const clerk = await newPerson(stage, {model: 'Clerks'});
  clerk.token = (await clerk.post('/Clerks/login', {email: clerk.email, password})).json.id;
  const papers = await clerk.get('/Papers');
  assert.equal(papers.status, 401);
  assert.equal(papers.json.error.code, 'STEP_UP_REQUIRED');
});

attack(4, 'a session of somebody else does not answer a challenge', 'better-auth PR#9203', async () => {
  const thief = await newPerson(stage);
  await signIn(thief);
  const victim = await newPerson(stage);
  const asked = await requestCode(thief, victim);
  assert.equal(asked.json.id, undefined);
  assert.equal(asked.json.token, undefined);
  assert.equal((await loginWithCode(thief, victim, '', asked.json.challenge)).status, 401);
  assert.equal((await thief.get(victim.mine)).status, 403);
});

attack(5, 'a password alone changes no factor', 'CVE-2026-3429', async () => {
  const clerk = await newPerson(stage, {model: 'Clerks'});
  const thief = new Client(stage);
  thief.token = (await thief.post('/Clerks/login', {email: clerk.email, password})).json.id;
  const added = await thief.post(`${clerk.mine}/factors`, {type: 'totp'});
  assert.equal(added.json.error.code, 'STEP_UP_REQUIRED');
  await signIn(clerk);
  const {id} = await addApp(clerk);
  for (const [method, target] of [['DELETE', `/api${clerk.mine}/factors/${id}`], ['PATCH', `/api${clerk.mine}/factors/${id}`], ['POST', `/api${clerk.mine}/recovery-codes`]]) {
    const refused = await thief.send(method, target, method === 'DELETE' ? undefined : {label: 'mine'});
    assert.equal(refused.status, 401, `${method} ${target}`);
  }
});

attack(6, 'a mailed reset opens no session and touches no factor', 'keycloak#12759', async () => {
  const victim = await newPerson(stage);
  await proveAddress(victim);
  await signIn(victim);
  const app = await addApp(victim);
  stage.forget(victim.email);
  const thief = new Client(stage);
  assert.equal((await thief.post('/Employees/reset', {email: victim.email})).status, 204);
  thief.token = await stage.code(victim.email);
  for (const target of [`${victim.mine}/factors`, `${victim.mine}/recovery-codes`, `${victim.mine}/factors/${app.id}/confirm`]) {
    assert.ok([401, 403].includes((await thief.post(target, {type: 'totp', twofactor: '000000'})).status), target);
  }
  assert.ok([401, 403].includes((await thief.get(victim.mine)).status));
  const reset = await thief.post('/Employees/reset-password', {newPassword: 'stolen by the mail'});
  assert.equal(reset.status, 204);
  const asked = await thief.post('/Employees/requestCode', {email: victim.email, password: 'stolen by the mail', channel: 'totp'});
  assert.equal(asked.status, 200, asked.text);
  assert.equal(asked.json.enrol, undefined);
  assert.ok(!asked.json.channels.includes('email'));
});

attack(8, 'a rule that wants a second factor takes no mere password', 'GHSA-wc43-73w7-x2f5', async () => {
  const clerk = await newPerson(stage, {model: 'Clerks'});
  clerk.token = (await clerk.post('/Clerks/login', {email: clerk.email, password})).json.id;
  assert.equal((await clerk.get('/Papers')).json.error.code, 'STEP_UP_REQUIRED');
  await signIn(clerk);
  assert.equal((await clerk.get('/Papers')).status, 200);
});

attack(9, 'a confirmation of a factor is good once, and for its own', 'CVE-2026-37982', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const added = await person.post(`${person.mine}/factors`, {type: 'totp'});
  const confirm = code => person.post(`${person.mine}/factors/${added.json.id}/confirm`, {twofactor: code});
  assert.equal((await confirm(otherThan(appCode(added.json.secret)))).status, 401);
  assert.equal((await confirm(appCode(added.json.secret))).status, 200);
  assert.equal((await confirm(appCode(added.json.secret, -1))).status, 401);
  const stranger = await newPerson(stage);
  await signIn(stranger);
  assert.ok([401, 403].includes((await stranger.post(`${person.mine}/factors/${added.json.id}/confirm`, {twofactor: appCode(added.json.secret)})).status));
  assert.ok([401, 403].includes((await stranger.post(`${person.mine}/factors`, {type: 'totp'})).status));
});

attack(10, 'a device cookie of one\u2019s own making skips nothing', 'CVE-2026-0723', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  const thief = new Client(stage);
  for (const [name] of victim.cookies) thief.cookies.set(name, 'A'.repeat(22));
  const asked = await requestCode(thief, victim);
  assert.equal(asked.json.token, undefined);
  assert.equal((await loginWithCode(thief, victim, '')).status, 401);
});
