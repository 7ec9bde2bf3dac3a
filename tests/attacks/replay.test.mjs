// One thing twice: codes, tokens, links; one after the other and all at once.
import assert from 'node:assert/strict';
import {Client, addApp, appCode, attack, loginWithCode, newPerson, password, requestCode, signIn, signInByApp, underAttack} from './stage.mjs';

const stage = underAttack();
const statuses = answers => answers.map(({status}) => status).sort();
const once = count => [200, ...Array(count - 1).fill(401)];

attack(27, 'an app\u2019s code is good once in its window', 'CVE-2025-43798', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const {secret} = await addApp(person);
  const code = appCode(secret);
  const first = await requestCode(person, person, {channel: 'totp'});
  assert.equal((await loginWithCode(person, person, code, first.json.challenge)).status, 200);
  for (const again of [code, appCode(secret, -1)]) {
    const asked = await requestCode(person, person, {channel: 'totp'});
    assert.equal((await loginWithCode(person, person, again, asked.json.challenge)).status, 401);
  }
});

attack(28, 'of many requests with one app code one is let in', 'Gitea ValidateAndConsumeTOTP', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const {secret} = await addApp(person);
  const challenges = [];
  for (let i = 0; i < 3; ++i) challenges.push((await requestCode(new Client(stage), person, {channel: 'totp'})).json.challenge);
  const code = appCode(secret);
  const answers = await Promise.all(challenges.map(challenge => loginWithCode(new Client(stage), person, code, challenge)));
  assert.deepEqual(statuses(answers), once(3));
});

attack(29, '200 clients with one code make one token', 'better-auth PR#8067', async () => {
  const person = await newPerson(stage);
  const asked = await requestCode(person, person);
  const code = await stage.code(person.email);
  const answers = await Promise.all(Array.from({length: 200}, () => loginWithCode(new Client(stage), person, code, asked.json.challenge)));
  assert.equal(answers.filter(({status}) => status === 200).length, 1);
  assert.equal(answers.filter(({json}) => json?.id).length, 1);
});

/** A person with ten recovery codes, signed in by an app. */
async function withRecoveryCodes() {
  const person = await newPerson(stage);
  await signIn(person);
  const {secret} = await addApp(person);
  await signInByApp(person, secret);
  const {codes} = (await person.post(`${person.mine}/recovery-codes`, {})).json;
  return {person, codes};
}

attack(30, 'a recovery code is used up', 'CVE-2026-31875', async () => {
  const {person, codes} = await withRecoveryCodes();
  const seen = [];
  for (let i = 0; i < 2; ++i) {
    const asked = await requestCode(person, person, {channel: 'recovery'});
    seen.push((await loginWithCode(person, person, codes[3], asked.json.challenge)).status);
  }
  assert.deepEqual(seen, [200, 401]);
});

attack(31, 'of many requests with one recovery code one is let in', 'keycloak#26106', async () => {
  const {person, codes} = await withRecoveryCodes();
  const asked = await requestCode(person, person, {channel: 'recovery'});
  const answers = await Promise.all(Array.from({length: 5}, () => loginWithCode(new Client(stage), person, codes[8], asked.json.challenge)));
  assert.equal(answers.filter(({status}) => status === 200).length, 1, String(statuses(answers)));
});

attack(32, 'a challenge does not outlive a change of password', 'Vaultwarden b5678daf', async () => {
  const person = await newPerson(stage);
  await signIn(person);
  const {secret} = await addApp(person);
  const thief = new Client(stage);
  const asked = await requestCode(thief, person, {channel: 'totp'});
  assert.equal((await person.post('/Employees/change-password', {oldPassword: password, newPassword: 'two other doors in line'})).status, 204);
  assert.equal((await loginWithCode(thief, person, appCode(secret), asked.json.challenge)).status, 401);
});

attack(35, 'a reset link is good once', 'CVE-2026-28268', async () => {
  const person = await newPerson(stage);
  stage.forget(person.email);
  await person.post('/Employees/reset', {email: person.email});
  person.token = await stage.code(person.email);
  const reset = text => person.post('/Employees/reset-password', {newPassword: text});
  assert.equal((await reset('two other doors in line')).status, 204);
  assert.equal((await reset('three other doors in line')).status, 401);
});

attack('T', 'a code of another account, and of an older challenge, opens nothing', 'OT4', async () => {
  const ann = await newPerson(stage);
  const bob = await newPerson(stage);
  const asked = [await requestCode(ann, ann), await requestCode(bob, bob)].map(({json}) => json.challenge);
  const code = await stage.code(ann.email);
  assert.equal((await loginWithCode(bob, bob, code, asked[1])).status, 401);
  assert.equal((await loginWithCode(bob, bob, code, asked[0])).status, 401);
  assert.equal((await loginWithCode(new Client(stage), ann, code)).status, 401, 'a stranger who does not know the challenge');
  assert.equal((await loginWithCode(ann, ann, code, asked[0])).status, 200);
});
