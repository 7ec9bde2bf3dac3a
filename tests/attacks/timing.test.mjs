// Whether an account is there is not to be told by the time of an answer either.
import assert from 'node:assert/strict';
import {Client, attack, newPerson, underAttack} from './stage.mjs';

const stage = underAttack();
const probes = 1000;     // Of each kind, one after the other in turns.
const perAccount = 5;    // Fewer than any limit knows.
const apart = 1;         // Milliseconds between the medians, at most.
const chance = 0.001;    // Of two samples like these where there is no difference, at least.

const median = times => [...times].sort((a, b) => a - b)[times.length >> 1];

/** The probability of a distance as large as that between two samples (Kolmogorov and Smirnov). */
function similarity(left, right) {
  const [a, b] = [left, right].map(times => [...times].sort((x, y) => x - y));
  let distance = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] <= b[j]) ++i;
    else ++j;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  const size = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const lambda = (size + 0.12 + 0.11 / size) * distance;
  let sum = 0;
  for (let k = 1; k <= 100; ++k) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, lambda < 0.2 ? 1 : sum));
}

async function timed(email) {
  const client = new Client(stage);
  const began = process.hrtime.bigint();
  const {status} = await client.post('/Employees/requestCode', {email, password: 'not the password'});
  const took = Number(process.hrtime.bigint() - began) / 1e6;
  assert.equal(status, 401);
  return took;
}

attack(43, 'a wrong password takes as long whether the account is there or not', 'CVE-2026-26185', async t => {
  const known = [];
  for (let i = 0; i < probes / perAccount; ++i) known.push((await newPerson(stage)).email);
  for (let i = 0; i < 50; ++i) await timed(`warm-${i}@company.example`);
  const times = {known: [], unknown: []};
  for (let i = 0; i < probes; ++i) {
    const each = [['known', known[i % known.length]], ['unknown', `nobody-${i % known.length}@company.example`]];
    for (const [kind, email] of i % 2 ? each : each.reverse()) times[kind].push(await timed(email));
  }
  const difference = Math.abs(median(times.known) - median(times.unknown));
  const likely = similarity(times.known, times.unknown);
  t.diagnostic(`medians ${median(times.known).toFixed(2)} and ${median(times.unknown).toFixed(2)} ms, KS p = ${likely.toFixed(4)}`);
  assert.ok(difference < apart, `the medians are ${difference.toFixed(2)} ms apart`);
  assert.ok(likely > chance, `KS p = ${likely}`);
});
