// Dodging limits by being somebody else, and turning them on their owner.
import assert from 'node:assert/strict';
import {Client, attack, newAddress, newPerson, password, requestCode, signIn, underAttack} from './stage.mjs';

const stage = underAttack();

/** Tries of a wrong password, `clientOf(i)` each, until one is refused for their number; how many there were. */
async function triesUntilRefused(clientOf, bodyOf = i => ({email: `nobody${i}@company.example`, password: `guess ${i}`}), most = 200) {
  for (let i = 0; i < most; ++i) {
    const {status} = await clientOf(i).post('/Employees/requestCode', bodyOf(i));
    if (status === 429) return i;
    assert.equal(status, 401);
  }
  return most;
}

attack(19, 'a body brings no bucket of its own', 'CVE-2025-64526', async () => {
  const thief = new Client(stage);
  const tries = await triesUntilRefused(() => thief, i => ({email: `nobody${i}@company.example`, username: `n${i}`, realm: `r${i}`, ip: newAddress(), password: 'x'}));
  assert.ok(tries < 200, `${tries} tries from one address`);
});

attack(20, 'addresses of one IPv6 network are one client, however they are spelt', 'CVE-2026-45364', async () => {
  const spelt = i => [`2001:db8:77:1::${i.toString(16)}`, `2001:0DB8:0077:0001:0:0:0:${i.toString(16)}`, `2001:db8:77:1:${i.toString(16)}::9`][i % 3];
  assert.ok((await triesUntilRefused(i => new Client(stage, spelt(i + 1)))) < 200);
  const address = newAddress();
  assert.ok((await triesUntilRefused(i => new Client(stage, i % 2 ? address : `::ffff:${address}`))) < 200);
});

attack(21, 'an address that a client claims for itself counts for nothing', 'supabase/auth middleware.go', async () => {
  const address = newAddress();
  assert.ok((await triesUntilRefused(i => new Client(stage, `${newAddress()}, ${address}`))) < 200);
  const other = newAddress();
  const thief = new Client(stage, other);
  const names = ['X-Real-IP', 'X-Client-IP', 'CF-Connecting-IP', 'True-Client-IP', 'Forwarded'];
  let last = 0;
  for (let i = 0; i < 200 && last !== 429; ++i) {
    ({status: last} = await thief.post('/Employees/requestCode', {email: `n${i}@company.example`, password: 'x'}, {[names[i % 5]]: i % 5 === 4 ? `for=${newAddress()}` : newAddress()}));
  }
  assert.equal(last, 429);
});

attack(23, 'spelling an address otherwise buys no tries at its account', 'CVE-2026-47203', async () => {
  const victim = await newPerson(stage);
  for (const spelt of [victim.email.toUpperCase(), ` ${victim.email}`, `${victim.email}\u0000`, victim.email.replace('@', '+x@')]) {
    const {status} = await new Client(stage).post('/Employees/requestCode', {email: spelt, password});
    assert.ok([400, 401].includes(status), `${JSON.stringify(spelt)} is another account, or none`);
  }
});

attack(24, 'a message follows the account, not what is sent with the request', 'Logto message-rate-guard', async () => {
  const victim = await newPerson(stage);
  assert.equal((await requestCode(new Client(stage), victim)).status, 200);
  for (const more of [{channel: 'console'}, {to: 'thief@x.test'}, {phone: '+33612345678'}, {email: victim.email, mobile: '+33612345678'}]) {
    assert.equal((await requestCode(new Client(stage), victim, more)).status, 429, JSON.stringify(more));
  }
});

attack(25, 'strangers cannot lock an owner out', 'keycloak#41476', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  for (let i = 0; i < 60; ++i) await new Client(stage).post('/Employees/requestCode', {email: victim.email, password: `guess ${i}`});
  const stranger = await requestCode(new Client(stage), victim);
  assert.equal(stranger.status, 429, 'an unknown client waits, even with the right password');
  victim.token = undefined;
  await signIn(victim);
});

attack('T', 'a throttled account and none at all are told alike', 'enumeration by limits', async () => {
  const victim = await newPerson(stage);
  const answers = [];
  for (const email of [victim.email, `nobody-${process.pid}@company.example`]) {
    let last;
    for (let i = 0; i < 60; ++i) last = await new Client(stage).post('/Employees/requestCode', {email, password: `guess ${i}`});
    answers.push([last.status, last.text, Boolean(last.headers['retry-after'])]);
  }
  assert.deepEqual(answers[0], answers[1]);
  assert.equal(answers[0][0], 429);
});
