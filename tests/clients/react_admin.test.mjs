// Two data providers of react-admin that were written for LoopBack. They page by counts that the server gives in
// headers, which a model does where it says "listCounts".

import assert from 'node:assert/strict';
import fs from 'node:fs';
import Module, {createRequire} from 'node:module';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {copyOf, startContract} from '../server/program.mjs';
import 'regenerator-runtime';  // react-admin-loopback expects it as a global.

const require = createRequire(import.meta.url);

// The whole of react-admin or ra-core wants a page; these two want these parts of it.
const parts = fileURLToPath(new URL('react_admin_parts.cjs', import.meta.url));
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => (name === 'react-admin' || name === 'ra-core' ? parts : resolve(name, ...rest));

// What a browser keeps for the page.
const kept = new Map();
globalThis.Storage = class {};
globalThis.localStorage = {setItem: (key, value) => kept.set(key, value), getItem: key => kept.get(key) ?? null, removeItem: key => kept.delete(key)};

const {default: loopbackProvider, authProvider} = require('react-admin-loopback');
const {default: lb4Provider} = require('ra-data-lb4');
const {GET_LIST, GET_ONE, GET_MANY, GET_MANY_REFERENCE, CREATE, UPDATE, UPDATE_MANY, DELETE, DELETE_MANY, AUTH_LOGIN, AUTH_LOGOUT, AUTH_CHECK} = require('react-admin');

/** The contract app with these models counting their lists; resolves with the API's address. */
async function apiOf(t, counting = ['Product', 'Review']) {
  const folder = copyOf('tests/contract/app', t);
  const file = path.join(folder, 'server/model-config.json');
  const config = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const name of counting) config[name].options = {listCounts: true};
  fs.writeFileSync(file, JSON.stringify(config));
  return `http://127.0.0.1:${(await startContract(folder, t)).port}/api`;
}

const page = (number, perPage = 2) => ({pagination: {page: number, perPage}, sort: {field: 'name', order: 'ASC'}, filter: {}});
const names = ({data}) => data.map(({name}) => name);

test('react-admin-loopback logs in, pages, reads, makes, changes and removes', async t => {
  const api = await apiOf(t);
  const auth = authProvider(`${api}/Customers/login`);
  await assert.rejects(auth(AUTH_LOGIN, {username: 'admin', password: 'wrong'}), /Unauthorized/);
  await auth(AUTH_LOGIN, {username: 'admin', password: 'admin-pass'});
  await auth(AUTH_CHECK);
  const provider = loopbackProvider(api);

  for (const name of ['a', 'b', 'c']) await provider(CREATE, 'Products', {data: {name, price: 1}});
  const first = await provider(GET_LIST, 'Products', page(1));
  assert.deepEqual([names(first), first.total], [['a', 'b'], 3]);
  const second = await provider(GET_LIST, 'Products', page(2));
  assert.deepEqual([names(second), second.total], [['c'], 3]);
  assert.equal((await provider(GET_LIST, 'Products', page(9))).total, 3);
  assert.equal((await provider(GET_LIST, 'Products', {...page(1), filter: {name: 'b'}})).total, 1);

  assert.equal((await provider(GET_ONE, 'Products', {id: 2})).data.name, 'b');
  assert.deepEqual(names(await provider(GET_MANY, 'Products', {ids: [1, 3]})), ['a', 'c']);
  for (const stars of [1, 2, 3]) await provider(CREATE, 'Reviews', {data: {stars, productId: 2}});
  const reviews = await provider(GET_MANY_REFERENCE, 'Reviews', {...page(1), sort: {field: 'stars', order: 'DESC'}, target: 'productId', id: 2});
  assert.deepEqual([reviews.data.map(({stars}) => stars), reviews.total], [[3, 2], 3]);

  assert.equal((await provider(UPDATE, 'Products', {id: 2, data: {price: 5}})).data.price, 5);
  await provider(UPDATE_MANY, 'Products', {ids: [1, 3], data: {name: 'same'}});
  assert.equal((await provider(DELETE, 'Products', {id: 2})).data.id, 2);
  await provider(DELETE_MANY, 'Products', {ids: [1]});
  assert.deepEqual(names(await provider(GET_LIST, 'Products', page(1))), ['same']);

  await assert.rejects(provider(CREATE, 'Products', {data: {}}), {status: 422, message: /`Product` instance is not valid/});
  assert.ok(Array.isArray((await provider(GET_MANY, 'Customers', {ids: [1]})).data), 'the token is sent');
  await auth(AUTH_LOGOUT);
  await assert.rejects(provider(GET_MANY, 'Customers', {ids: [1]}), {status: 401});
});

test('a model that does not say listCounts gives no counts', async t => {
  const provider = loopbackProvider(await apiOf(t, []));
  await assert.rejects(provider(GET_LIST, 'Products', page(1)), /Content-Range header is missing/);
});

test('ra-data-lb4 pages, includes, reads, makes, changes and removes', async t => {
  const {fetchUtils} = require('ra-core');
  // It makes records by POST /Products/one, which no LoopBack 3 has: an app that points it at one says where they go.
  const asLoopback3 = (url, options) => fetchUtils.fetchJson(url.replace(/\/one$/, ''), options);
  const provider = lb4Provider(await apiOf(t), resource => (resource === 'Products' ? [{relation: 'reviews'}] : []), asLoopback3);

  for (const name of ['a', 'b', 'c']) await provider.create('Products', {data: {name, price: 1, sku: null}});
  for (const stars of [1, 2, 3]) await provider.create('Reviews', {data: {stars, productId: 3}});
  const second = await provider.getList('Products', page(2));
  assert.deepEqual([names(second), second.total, second.data[0].reviews.length], [['c'], 3, 3]);
  assert.equal((await provider.getOne('Products', {id: 2})).data.name, 'b');
  assert.deepEqual(names(await provider.getMany('Products', {ids: [1, 3]})), ['a', 'c']);
  const reviews = await provider.getManyReference('Reviews', {...page(1), sort: {field: 'stars', order: 'DESC'}, target: 'productId', id: 3});
  assert.deepEqual([reviews.data.map(({stars}) => stars), reviews.total], [[3, 2], 3]);

  const {data} = await provider.getOne('Reviews', {id: 1});
  await provider.update('Reviews', {id: 1, data: {...data, stars: 5}, previousData: data});
  assert.equal((await provider.getOne('Reviews', {id: 1})).data.stars, 5);
  await provider.delete('Products', {id: 2, previousData: {}});
  assert.equal((await provider.getList('Products', page(1))).total, 2);
});
