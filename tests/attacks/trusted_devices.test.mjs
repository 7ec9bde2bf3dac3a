// A device that may skip the code: its cookie copied, replayed, carried to other accounts, and taken for a second factor.
import assert from 'node:assert/strict';
import {Client, addApp, attack, newPerson, password, requestCode, signIn, underAttack} from './stage.mjs';

const stage = underAttack();
const isTrust = name => name.startsWith('__Host-trust-');
const cookieOf = client => [...client.cookies].find(([name]) => isTrust(name));

/** A person whose browser is trusted and who is signed out. */
async function trusted() {
  const person = await newPerson(stage);
  stage.forget(person.email);
  const asked = await requestCode(person, person);
  const twofactor = await stage.code(person.email);
  const entered = await person.post('/Employees/loginWithCode', {email: person.email, twofactor, challenge: asked.json.challenge, trustDevice: true});
  assert.equal(entered.status, 200);
  assert.ok(cookieOf(person), 'a cookie that trusts');
  return person;
}

/** Another machine with a copy of the cookies. */
const copyOf = client => Object.assign(new Client(stage), {cookies: new Map(client.cookies)});

/** The thief has the password and the cookie; the answer of step one. */
const tryPassword = (client, person) => requestCode(client, person);

attack('D', 'of the owner and a thief with the cookie, whoever comes second ends it for both', 'stolen remember-me cookies', async () => {
  const owner = await trusted();
  const thief = copyOf(owner);
  const stolen = await tryPassword(thief, owner);
  assert.ok(stolen.json.token.id, 'a copy is as good as the first once');
  thief.token = stolen.json.token.id;
  const noticed = await tryPassword(owner, owner);
  assert.equal(noticed.json.token, undefined);
  assert.equal((await thief.get(owner.mine)).status, 401, 'what the thief had opened is over');
  delete thief.token;
  assert.equal((await tryPassword(thief, owner)).json?.token, undefined, 'and so is the copy');
});

attack('D', 'the cookie without the password opens nothing', 'stolen remember-me cookies', async () => {
  const owner = await trusted();
  const thief = copyOf(owner);
  assert.equal((await thief.post('/Employees/requestCode', {email: owner.email, password: 'a guess of a password'})).status, 401);
  assert.equal((await thief.get(owner.mine)).status, 401);
  const [, value] = cookieOf(owner);
  for (const token of [value, ...value.split('.')]) assert.equal((await Object.assign(new Client(stage), {token}).get(owner.mine)).status, 401);
});

attack('D', 'of many who show one cookie at once, one is let in', 'better-auth PR#8067', async () => {
  const owner = await trusted();
  const answers = await Promise.all(Array.from({length: 12}, () => tryPassword(copyOf(owner), owner)));
  assert.ok(answers.filter(({json}) => json?.token).length <= 1);
});

attack('D', 'a cookie of one’s own account opens nobody else’s', 'cookie bound to no user', async () => {
  const thief = await trusted();
  const [ownName, value] = cookieOf(thief);
  const victim = await trusted();
  const [name] = cookieOf(victim);
  for (const cookies of [[[ownName, value]], [[name, value]], [[name, 'a'.repeat(22) + '.' + 'b'.repeat(22)]]]) {
    const client = Object.assign(new Client(stage), {cookies: new Map(cookies)});
    const asked = await tryPassword(client, victim);
    assert.equal(asked.json?.token, undefined);
  }
  assert.ok((await tryPassword(victim, victim)).json.token, 'and ends no trust of others');
});

attack('D', 'what skipped the code is no second factor, is not fresh, and changes none', 'step-up skipped', async () => {
  const owner = await trusted();
  owner.token = (await tryPassword(owner, owner)).json.token.id;
  assert.equal((await owner.get(owner.mine)).status, 200, 'it is a session');
  const refused = [
    await owner.get('/Papers'),
    await owner.post(`${owner.mine}/factors`, {type: 'totp'}),
    await owner.post(`${owner.mine}/recovery-codes`, {}),
    await owner.post('/Employees/change-password', {oldPassword: password, newPassword: 'two other doors in line'}),
    await owner.post('/Employees/reauthenticate', {password}),
  ];
  assert.deepEqual(refused.map(({json}) => json.error.code), Array(refused.length).fill('STEP_UP_REQUIRED'));
});

attack('D', 'trust outlives no change of password or factor', 'Vaultwarden b5678daf', async () => {
  const changes = {
    async password(person) {
      assert.equal((await person.post('/Employees/change-password', {oldPassword: password, newPassword: password})).status, 204);
    },
    factor: addApp,
    async sessions(person) {
      assert.equal((await person.send('DELETE', `/api${person.mine}/sessions`)).status, 204);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    const owner = await trusted();
    const thief = copyOf(owner);
    const client = new Client(stage, owner.address);
    await signIn(owner, client);
    owner.token = client.token;
    await change(owner);
    assert.equal((await tryPassword(thief, owner)).json?.token, undefined, name);
  }
});

attack('D', 'nobody reads or ends the trust of others', 'another’s record by its id', async () => {
  const victim = await trusted();
  const thief = await newPerson(stage);
  await signIn(thief);
  for (const [method, target] of [['GET', '/devices'], ['DELETE', '/devices'], ['DELETE', '/devices/1']])
    assert.ok([401, 403].includes((await thief.send(method, `/api${victim.mine}${target}`)).status));
  assert.ok((await tryPassword(victim, victim)).json.token);
});
