// What is compressed, and what never is: a token beside text that a stranger chose could be guessed by its length.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import {copyOf, send, start} from './program.mjs';

test('lists are compressed, but none that shows a token', async t => {
  const folder = copyOf('bench/app', t);
  fs.writeFileSync(path.join(folder, 'server/middleware.json'), JSON.stringify({initial: {compression: {}}, routes: {'loopback#rest': {}}}));
  const model = path.join(folder, 'common/models/customer.json');
  const acls = [{principalType: 'ROLE', principalId: '$owner', permission: 'ALLOW', property: '__get__accessTokens'}];
  fs.writeFileSync(model, JSON.stringify({...JSON.parse(fs.readFileSync(model)), acls}));
  const {port} = await start(folder, t);
  const headers = {'Accept-Encoding': 'gzip'};
  const encoding = (method, target, {body, more = {}} = {}) => new Promise((resolve, reject) => {
    const request = http.request({host: '127.0.0.1', port, method, path: target, headers: {...headers, ...more, 'Content-Type': 'application/json'}}, response => {
      assert.equal(response.statusCode, 200, target);
      response.resume();
      resolve(response.headers['content-encoding']);
    });
    request.on('error', reject);
    request.end(body);
  });
  for (let i = 0; i < 20; i++) await send(port, 'POST', '/api/Products', {body: {name: `Product ${i}`, sku: `S-${i}`, price: i, tags: ['a', 'b']}});
  const ann = {email: 'ann@company.test', password: 'correct horse battery'};
  await send(port, 'POST', '/api/Customers', {body: ann});
  let token;
  for (let i = 0; i < 12; i++) token = (await send(port, 'POST', '/api/Customers/login', {body: ann})).json;

  assert.equal(await encoding('GET', '/api/Products'), 'gzip');
  assert.equal(await encoding('GET', `/api/Customers/${token.userId}/accessTokens`, {more: {Authorization: token.id}}), undefined);
  assert.equal(await encoding('POST', '/api/Customers/login', {body: JSON.stringify(ann)}), undefined);
});
