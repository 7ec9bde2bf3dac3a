// An authenticator app over REST: it reads the QR code from the answer, and knows nothing else.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import jsqr from 'jsqr';
import {generateSync} from 'otplib';
import {copyOf, send, start} from './program.mjs';

const user = {email: 'ann@company.test', password: 'two doors in line'};

function app(test) {
  const folder = copyOf('examples/two-factor', test);
  const file = path.join(folder, 'common/models/employee.json');
  const model = JSON.parse(fs.readFileSync(file));
  fs.writeFileSync(file, JSON.stringify({...model, mixins: {TwoFactor: {channels: ['totp']}}}));
  return folder;
}

/** What a camera sees of an SVG that is one path of 1 by 1 squares. */
function read(svg) {
  const scale = 4;
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)[1]) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let at = 0; at < scale * scale; ++at) {
      const pixel = ((Number(y) * scale + Math.floor(at / scale)) * size + Number(x) * scale + (at % scale)) * 4;
      pixels.fill(0, pixel, pixel + 3);
    }
  }
  return jsqr(pixels, size, size).data;
}

const codeOf = (uri, at) => generateSync({secret: new URL(uri).searchParams.get('secret'), epoch: Math.floor(at / 1000)});

test('an app that reads the QR code opens the second door, and recovery codes do without it', async t => {
  const {port, output} = await start(app(t), t);
  const post = (target, body, token) => send(port, 'POST', `/api/Employees${target}`, {body, headers: token ? {Authorization: token} : {}});
  const made = await post('', user);
  assert.equal(made.status, 200, made.text);
  const {enrol} = (await post('/requestCode', user)).json;
  const mine = `/${enrol.userId}`;

  const added = await post(`${mine}/factors`, {type: 'totp', label: 'phone'}, enrol.id);
  assert.equal(added.status, 200, added.text);
  assert.match(added.headers['cache-control'], /no-store/);
  const uri = read(added.json.qr);
  assert.equal(uri, added.json.uri);
  assert.equal(new URL(uri).searchParams.get('secret'), added.json.secret);

  // The step before and this one: two codes that are good now.
  const now = Date.now();
  const confirmed = await post(`${mine}/factors/${added.json.id}/confirm`, {twofactor: codeOf(uri, now - 30000)}, enrol.id);
  assert.equal(confirmed.status, 200, confirmed.text);
  const session = confirmed.json.id;
  const {codes} = (await post(`${mine}/recovery-codes`, {}, session)).json;
  assert.equal(codes.length, 10);

  const asked = (await post('/requestCode', user)).json;
  assert.deepEqual(asked.channels, ['totp', 'recovery']);
  const login = await post('/loginWithCode', {email: user.email, twofactor: codeOf(uri, now), challenge: asked.challenge});
  assert.equal(login.status, 200, login.text);

  const again = (await post('/requestCode', {...user, channel: 'recovery'})).json;
  const recovered = await post('/loginWithCode', {email: user.email, twofactor: codes[6], challenge: again.challenge});
  assert.equal(recovered.status, 200, recovered.text);
  const sessions = await send(port, 'GET', `/api/Employees${mine}/sessions`, {headers: {Authorization: recovered.json.id}});
  assert.deepEqual(sessions.json.map(({factors}) => factors[1]), ['recovery', 'totp', 'totp']);
  for (const secret of [added.json.secret, codes[6], session, recovered.json.id]) assert.ok(!output().includes(secret));
});
