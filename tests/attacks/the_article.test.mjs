// The twelve faults of the article whose login this one replaces: what takes over an account there is tried here.
import assert from 'node:assert/strict';
import {createHash, createHmac} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {Client, attack, attackOwn, loginWithCode, newPerson, otherThan, password, requestCode, signIn, underAttack} from './stage.mjs';

const stage = underAttack();

// As the article computes it, `steps` of 30 seconds from now.
function articleCode(email, steps) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const digest = createHmac('sha1', `APP_SECRET${email}`).update(counter).digest();
  return String((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

attack('T1', 'whoever knows the program and an address cannot compute the code', 'one secret for all', async () => {
  const victim = await newPerson(stage);
  const asked = await requestCode(victim, victim);
  for (const steps of [-1, 0, 1]) {
    const {status} = await loginWithCode(victim, victim, articleCode(victim.email, steps), asked.json.challenge);
    assert.equal(status, 401);
  }
});

attack('T2', 'an address and the right code open nothing without the password step', 'no proof of step one', async () => {
  const victim = await newPerson(stage);
  stage.forget(victim.email);
  await requestCode(victim, victim);
  const code = await stage.code(victim.email);
  assert.equal((await loginWithCode(new Client(stage), victim, code)).status, 401);
});

attack('T3', 'a code cannot be guessed for as long as it lives', 'no limit of tries', async () => {
  const victim = await newPerson(stage);
  stage.forget(victim.email);
  const asked = await requestCode(victim, victim);
  const code = await stage.code(victim.email);
  for (let i = 0; i < 5; ++i) assert.equal((await loginWithCode(victim, victim, otherThan(code), asked.json.challenge)).status, 401);
  assert.equal((await loginWithCode(victim, victim, code, asked.json.challenge)).status, 401);
});

attack('T4', 'a code that was seen being entered opens nothing', 'good for its whole window', async () => {
  const victim = await newPerson(stage);
  stage.forget(victim.email);
  const asked = await requestCode(victim, victim);
  const code = await stage.code(victim.email);
  assert.equal((await loginWithCode(victim, victim, code, asked.json.challenge)).status, 200);
  assert.equal((await loginWithCode(victim, victim, code, asked.json.challenge)).status, 401);
});

attack('T5', 'a code lives long enough to arrive, and says how long', '30 seconds', async () => {
  const victim = await newPerson(stage);
  const {json} = await requestCode(victim, victim);
  assert.equal(json.ttl, 300);
  assert.ok(json.resendAfter > 0 && json.resendAfter < json.ttl);
});

attackOwn('T6', 'whoever reads the database has no session', 'tokens in clear', async () => {
  const victim = await newPerson(stage);
  const {id} = await signIn(victim);
  const files = fs.readdirSync(stage.folder).filter(name => name.includes('.db')).map(name => fs.readFileSync(path.join(stage.folder, name)));
  const holds = text => files.some(file => file.includes(text));
  assert.ok(holds(createHash('sha256').update(id).digest('hex')), 'the session is there');
  assert.ok(!holds(id));
});

attack('T7', 'the first step is no oracle of passwords', 'no limit of requests', async () => {
  const victim = await newPerson(stage);
  const statuses = [];
  for (let i = 0; i < 12; ++i) statuses.push((await new Client(stage).post('/Employees/requestCode', {email: victim.email, password: `guess ${i}`})).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429);
});

attack('T8', 'no answer tells which addresses have an account', 'other errors for other causes', async () => {
  const victim = await newPerson(stage);
  const ask = (email, secret) => new Client(stage).post('/Employees/requestCode', {email, password: secret});
  const [wrong, unknown] = [await ask(victim.email, 'wrong'), await ask('nobody@company.example', password)];
  assert.deepEqual([wrong.status, wrong.text], [unknown.status, unknown.text]);
});

attack('T9', 'who holds a session does not lead the codes to another number', 'the number is a property like others', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  for (const [method, target] of [['PATCH', victim.mine], ['PUT', victim.mine], ['POST', `${victim.mine}/replace`]]) {
    await victim.send(method, `/api${target}`, {mobile: '+33612345678', email: victim.email});
    const {status, json} = await victim.get(victim.mine);
    assert.deepEqual([status, json.mobile], [200, undefined], `${method} ${target}`);
  }
});

attackOwn('T10', 'neither output nor answers hold a password, a token or a code that is not theirs', 'secrets in logs', async () => {
  const victim = await newPerson(stage);
  stage.forget(victim.email);
  const asked = await requestCode(victim, victim);
  const code = await stage.code(victim.email);
  const wrong = await loginWithCode(new Client(stage), victim, otherThan(code), asked.json.challenge);
  const {json} = await loginWithCode(victim, victim, code, asked.json.challenge);
  for (const secret of [json.id, password, asked.json.challenge]) assert.ok(!stage.output.includes(secret));
  for (const secret of [code, password]) assert.ok(!(asked.text + wrong.text).includes(secret));
});

attack('T11', 'wrong tries of strangers do not shut the owner out', 'one lock for the account', async () => {
  const victim = await newPerson(stage);
  await signIn(victim);
  for (let i = 0; i < 30; ++i) await new Client(stage).post('/Employees/requestCode', {email: victim.email, password: `guess ${i}`});
  victim.token = undefined;
  await signIn(victim);
});

attackOwn('T12', 'a restart forgets no try', 'limits in memory', async () => {
  const victim = await newPerson(stage);
  const guess = () => new Client(stage).post('/Employees/requestCode', {email: victim.email, password: 'wrong'});
  let status;
  for (let i = 0; i < 12; ++i) ({status} = await guess());
  assert.equal(status, 429);
  await stage.killAndRestart();
  assert.equal((await guess()).status, 429);
});
