// Guessing codes and passwords.
import assert from 'node:assert/strict';
import {Client, addApp, appCode, attack, attackOwn, loginWithCode, newPerson, otherThan, password, requestCode, signIn, signInByApp, underAttack} from './stage.mjs';

const stage = underAttack();

/** Five wrong codes on a new challenge of a stranger who has the password. */
async function fiveWrong(thief, victim) {
  const asked = await requestCode(thief, victim);
  if (asked.status !== 200) return asked;
  const right = await stage.code(victim.email);
  for (let i = 0; i < 5; ++i) assert.equal((await loginWithCode(thief, victim, otherThan(right), asked.json.challenge)).status, 401);
  return {...asked, right};
}

attack(12, 'an app\u2019s code has five tries like any other', 'CVE-2026-56450', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  const {secret} = await addApp(victim);
  const thief = new Client(stage);
  const asked = await requestCode(thief, victim, {channel: 'totp'});
  for (let i = 0; i < 5; ++i) assert.equal((await loginWithCode(thief, victim, otherThan(appCode(secret)), asked.json.challenge)).status, 401);
  assert.equal((await loginWithCode(thief, victim, appCode(secret), asked.json.challenge)).status, 401);
});

attack(13, 'what a failed login counted is not taken back with it', 'CVE-2026-35597', async () => {
  const victim = await newPerson(stage);
  const thief = new Client(stage);
  const {json, right} = await fiveWrong(thief, victim);
  assert.equal((await loginWithCode(thief, victim, right, json.challenge)).status, 401);
});

attackOwn(14, 'and is there after kill -9', 'CVE-2026-27801', async () => {
  const victim = await newPerson(stage);
  const thief = new Client(stage);
  const {json, right} = await fiveWrong(thief, victim);
  await stage.killAndRestart();
  assert.equal((await loginWithCode(thief, victim, right, json.challenge)).status, 401);
});

attack(15, 'new challenges bring no new tries beyond ten a day', 'Kratos, per flow', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  const {secret} = await addApp(victim);
  const seen = [];
  for (let round = 0; round < 3; ++round) {
    const thief = new Client(stage);
    const asked = await requestCode(thief, victim, {channel: 'totp'});
    seen.push(asked.status);
    for (let i = 0; i < 5 && asked.status === 200; ++i) await loginWithCode(thief, victim, otherThan(appCode(secret)), asked.json.challenge);
  }
  assert.deepEqual(seen, [200, 200, 429]);
});

attack(16, 'asking for codes is no way to try passwords', 'CVE-2026-43914', async () => {
  const victim = await newPerson(stage);
  const thief = new Client(stage);
  const answers = [];
  for (let i = 0; i < 40; ++i) answers.push((await thief.post('/Employees/requestCode', {email: victim.email, password: `guess ${i}`})).status);
  assert.equal(answers[0], 401);
  assert.equal(answers.at(-1), 429);
});

attack(17, 'every route that takes a password counts on one budget', 'CVE-2026-9798', async () => {
  const clerk = await newPerson(stage, {model: 'Clerks'});
  const thief = new Client(stage);
  let last;
  for (let i = 0; i < 40; ++i) last = await thief.post(i % 2 ? '/Clerks/login' : '/Clerks/requestCode', {email: clerk.email, password: `guess ${i}`});
  assert.equal(last.status, 429);
  assert.equal((await thief.post('/Clerks/login', {email: clerk.email, password})).status, 429);
});

attack(18, 'wrong codes on any channel are counted', 'keycloak-mfa-plugins#394', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  const {secret} = await addApp(victim);
  await signInByApp(victim, secret);
  const {codes} = (await victim.post(`${victim.mine}/recovery-codes`, {})).json;
  const thief = new Client(stage);
  const asked = await requestCode(thief, victim, {channel: 'totp'});
  for (let i = 0; i < 5; ++i) assert.equal((await loginWithCode(thief, victim, '1-aaaaa-aaaaa', asked.json.challenge)).status, 401);
  assert.equal((await loginWithCode(thief, victim, codes[0], asked.json.challenge)).status, 401);
});

for (const [what, body] of Object.entries({
  'an object': {neq: ''}, 'a list': ['000000'], 'a number': 123456, 'true': true, 'null': null, 'nothing': undefined, 'a long text': '0'.repeat(4000), 'a wildcard': '%', 'six wide digits': '\uff10\uff11\uff12\uff13\uff14\uff15',
})) {
  attack('T', `${what} is no code`, 'NoSQL and type confusion', async () => {
    const victim = await newPerson(stage);
    const thief = new Client(stage);
    const asked = await requestCode(thief, victim);
    const answer = await loginWithCode(thief, victim, body, asked.json.challenge);
    assert.equal(answer.status, 401, answer.text);
    assert.equal((await thief.post('/Employees/requestCode', {email: victim.email, password: body})).status, 401);
  });
}
