// A LoopBack 3 process whose models live on a Sallyport server: loopback-connector-remote speaks strong-remoting's own
// client, the most exact reader of LoopBack's wire there is.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, root, startContract} from '../server/program.mjs';

const loopback = createRequire(import.meta.url)('loopback');

/** A LoopBack app with these models of the contract app, kept by the server at `port`. */
function remoteModels(port, names) {
  const app = loopback({localRegistry: true, loadBuiltinModels: true});
  const source = app.dataSource('remote', {connector: 'remote', url: `http://127.0.0.1:${port}/api`});
  const models = names.map(name => {
    const file = path.join(root, 'tests/contract/app/common/models', `${name.toLowerCase()}.json`);
    return app.registry.createModel(JSON.parse(fs.readFileSync(file, 'utf8')));
  });
  models.forEach(model => app.model(model, {dataSource: source}));
  app.registry.getModel('AccessToken').attachTo(source);
  return {source, ...Object.fromEntries(models.map(model => [model.modelName, model]))};
}

/** A client of a new server. */
const client = async (t, ...names) => remoteModels((await startContract(copyOf('tests/contract/app', t), t)).port, names);

const plain = records => JSON.parse(JSON.stringify(records));
const names = records => records.map(record => record.name);

test('records are made, found, counted, changed and removed', async t => {
  const {Product} = await client(t, 'Product', 'Review', 'Item', 'Category');

  const bolt = await Product.create({name: 'bolt', price: 2, tags: ['steel'], dims: {mm: 8}, released: new Date(0), where: {lat: 1, lng: 2}});
  assert.deepEqual(plain(bolt), {
    name: 'bolt', price: 2, stock: 0, active: true, tags: ['steel'], dims: {mm: 8}, released: '1970-01-01T00:00:00.000Z', where: {lat: 1, lng: 2}, id: 1,
  });
  await Product.create({name: 'nut', price: 1});
  await Product.create({name: 'saw', price: 30});

  assert.deepEqual(names(await Product.find({where: {price: {lt: 10}}, order: 'price ASC', limit: 5})), ['nut', 'bolt']);
  assert.deepEqual(plain(await Product.find({where: {or: [{name: {regexp: '/^S/i'}}, {name: 'nut'}]}, fields: ['name'], order: 'name DESC'})).map(({name}) => name), ['saw', 'nut']);
  assert.equal((await Product.findOne({where: {name: 'saw'}})).id, 3);
  assert.ok((await Product.findById(1)).released instanceof Date);
  assert.equal(await Product.count({price: {gt: 1}}), 2);
  assert.equal(await Product.exists(3), true);
  assert.equal(await Product.exists(9), false);

  const changed = await bolt.updateAttributes({price: 3});
  assert.equal(changed.price, 3);
  assert.deepEqual(await Product.updateAll({name: 'nut'}, {stock: 7}), {count: 1});
  assert.equal((await Product.findById(2)).stock, 7);
  assert.equal((await Product.upsert({id: 2, stock: 8})).name, 'nut');
  assert.equal((await Product.replaceById(2, {name: 'nut M8'})).stock, 0);
  assert.deepEqual(plain(await Product.deleteById(3)), {count: 1});
  assert.equal(await Product.count(), 2);
});

test('what the server refuses arrives as the error it is', async t => {
  const {Product} = await client(t, 'Product', 'Review', 'Item', 'Category');
  assert.equal(await Product.findById(9), null);  // A 404 with MODEL_NOT_FOUND, and no other error, is null to it.
  await assert.rejects(Product.replaceById(9, {name: 'a'}), {statusCode: 404});
  await Product.create({name: 'a', sku: 's'});
  await assert.rejects(Product.create({name: 'b', sku: 's'}), {statusCode: 422, name: 'ValidationError'});
});

test('relations are followed and included', async t => {
  const {Product, Review} = await client(t, 'Product', 'Review', 'Item', 'Category');
  const saw = await Product.create({name: 'saw'});

  const review = await saw.reviews.create({stars: 5, text: 'sharp'});
  await Review.create({stars: 1, productId: saw.id});
  assert.equal(review.productId, saw.id);
  assert.equal(await saw.reviews.count(), 2);
  assert.deepEqual((await saw.reviews({where: {stars: 5}})).map(({text}) => text), ['sharp']);
  assert.equal((await review.product()).name, 'saw');

  const [found] = plain(await Product.find({include: {relation: 'reviews', scope: {order: 'stars ASC'}}}));
  assert.deepEqual(found.reviews.map(({stars}) => stars), [1, 5]);
  const category = await saw.categories.create({name: 'tools'});
  assert.deepEqual(names(await saw.categories({})), ['tools']);
  await saw.categories.destroyById(category.id);
  assert.equal((await saw.categories({})).length, 0);
});

test('a user logs in, reads what is his, and logs out', async t => {
  const {source, Customer, Order} = await client(t, 'Customer', 'Order', 'Item', 'Product', 'Memo');
  const ann = await Customer.create({email: 'ann@company.test', password: 'a good password'});

  await assert.rejects(Customer.login({email: 'ann@company.test', password: 'wrong'}), {statusCode: 401, code: 'LOGIN_FAILED'});
  const token = await Customer.login({email: 'ann@company.test', password: 'a good password'});
  assert.match(token.id, /^[A-Za-z0-9]{64}$/);
  assert.equal(token.userId, ann.id);

  await assert.rejects(Order.create({code: 'A1'}), {statusCode: 401});
  source.connector.remotes.auth = {bearer: Buffer.from(token.id).toString('base64'), sendImmediately: true};
  const order = await Order.create({code: 'A1', customerId: ann.id});
  assert.equal((await Order.findById(order.id)).code, 'A1');
  await Customer.logout(token.id);
  await assert.rejects(Order.findById(order.id), {statusCode: 401});
});

test('methods of our own are called, static and of a record', async t => {
  const {source, Calc, Memo, Customer} = await client(t, 'Calc', 'Memo', 'Customer', 'Note');
  assert.equal(await Calc.add(2, 3), 5);
  assert.deepEqual(plain(await Calc.echoDate(new Date(0))), {type: 'date', value: '1970-01-01T00:00:00.000Z'});
  assert.equal(await Calc.nothing(), undefined);
  const [message] = await new Promise((resolve, reject) => Calc.withHeader((error, ...results) => (error ? reject(error) : resolve(results))));
  assert.equal(message, 'hi');
  await assert.rejects(Calc.failDetails(), {statusCode: 422, code: 'POLICY', name: 'PolicyError'});

  const ann = await Customer.create({email: 'ann@company.test', password: 'a good password'});
  const token = await Customer.login({email: 'ann@company.test', password: 'a good password'});
  source.connector.remotes.auth = {accessToken: token};
  const memo = await Memo.create({text: 'hello', ownerId: ann.id});
  assert.equal(await memo.shout(), 'HELLO');
});
