// One-time codes beside those of other programs: otplib and speakeasy from npm, and oathtool.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {test} from 'node:test';
import {generateSync, verifySync} from 'otplib';
import speakeasy from 'speakeasy';
import {randomOf} from '../differential/random.mjs';
import {program} from './program.mjs';

const inARow = 100;
const random = randomOf(20261129);
const bytesOf = count => Buffer.from(Array.from({length: count}, () => random.below(256)));
const lines = text => text.trim().split('\n');

/** What one run of each program is about. */
function drawn(at) {
  const byTime = at % 2 === 0;
  return {
    byTime,
    secret: bytesOf(16 + random.below(49)),
    algorithm: byTime ? random.pick(['sha1', 'sha256', 'sha512']) : 'sha1',  // oathtool's HOTP knows SHA-1 alone.
    digits: 6 + random.below(3),
    period: random.pick([30, 30, 60, 15, 1]),
    start: random.below(byTime ? 4e9 : random.pick([1000, 2 ** 31, 2 ** 48])),
  };
}

function ours({byTime, secret, algorithm, digits, period, start}, more = ['--count', String(inARow)]) {
  const by = byTime ? ['--time', String(start), '--period', String(period)] : ['--counter', String(start)];
  return spawnSync(program, ['code', secret.toString('hex'), '--encoding', 'hex', '--digits', String(digits), '--algorithm', algorithm.toUpperCase(), ...by, ...more], {encoding: 'utf8'});
}

function ofOathtool({byTime, secret, algorithm, digits, period, start}) {
  const by = byTime ? [`--totp=${algorithm}`, '-s', `${period}s`, '-N', `@${start}`] : ['-c', String(start)];
  return lines(execFileSync('oathtool', [...by, '-d', String(digits), '-w', String(inARow - 1), secret.toString('hex')], {encoding: 'utf8'}));
}

function ofOtplib({byTime, secret, algorithm, digits, period, start}, at) {
  const by = byTime ? {epoch: start + at * period, period} : {strategy: 'hotp', counter: start + at};
  return generateSync({secret, algorithm, digits, ...by});
}

function ofSpeakeasy({byTime, secret, algorithm, digits, period, start}, at) {
  const given = {secret: secret.toString('hex'), encoding: 'hex', algorithm, digits};
  return byTime ? speakeasy.totp({...given, time: start + at * period, step: period}) : speakeasy.hotp({...given, counter: start + at});
}

test('10 000 codes are those of oathtool, otplib and speakeasy', () => {
  let compared = 0;
  for (let at = 0; at < 100; ++at) {
    const one = drawn(at);
    const codes = lines(ours(one).stdout);

    assert.deepEqual(codes, ofOathtool(one), JSON.stringify(one));
    const indices = [...codes.keys()];
    assert.deepEqual(codes, indices.map(index => ofOtplib(one, index)), JSON.stringify(one));
    // To speakeasy a counter has 32 bits, which is one of its faults.
    const last = (one.byTime ? one.start / one.period : one.start) + inARow;
    if (last < 2 ** 31) assert.deepEqual(codes, indices.map(index => ofSpeakeasy(one, index)), JSON.stringify(one));
    compared += codes.length;
  }
  assert.equal(compared, 10000);
});

test('a code is found as far off as otplib and speakeasy find it', () => {
  for (let at = 0; at < 100; ++at) {
    const one = {...drawn(at), byTime: true};
    one.start = one.start % 2 ** 31 + 100 * one.period;
    const off = random.below(21) - 10;
    const code = ofOtplib(one, off);
    const {secret, algorithm, digits, period, start} = one;
    const window = random.below(11);

    const {stdout, status} = ours(one, ['--verify', code, '--window', String(window)]);

    const theirs = verifySync({secret, token: code, algorithm, digits, period, epoch: start, epochTolerance: window * period});
    const speakeasys = speakeasy.totp.verifyDelta({secret: secret.toString('hex'), encoding: 'hex', token: code, algorithm, digits, time: start, step: period, window});
    assert.equal(status, Math.abs(off) <= window ? 0 : 1, JSON.stringify(one));
    assert.equal(theirs.valid, status === 0);
    assert.equal(speakeasys?.delta, status === 0 ? off : undefined);
    if (status === 0) assert.equal(Number(stdout), off);
  }
});

test('what speakeasy takes for a code, a window or a secret by mistake is refused', () => {
  const secret = ['code', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '--counter', '30'];  // Its code is 026920.
  const status = (...words) => spawnSync(program, [...secret, ...words]).status;
  assert.equal(status('--verify', '026920'), 0);
  for (const code of [' 26920', '+26920', '26920x', '26920']) assert.equal(status('--verify', code), 1, code);
  assert.notEqual(status('--verify', '026920', '--window', 'x'), 0);
  assert.notEqual(status('--counter', '-1'), 0);
});
