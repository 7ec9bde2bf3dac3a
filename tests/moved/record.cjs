// Records what LoopBack 3 leaves behind and what it answers: data.sql, data.json and answers.json, which moved.test.mjs
// opens with Sallyport. Its database connector is built from source, so this runs by hand, in a folder that has it:
//
//     npm install loopback@3.28.0 loopback-boot@3.3.1 loopback-connector-sqlite3@3.0.0
//     NODE_PATH=node_modules node .../tests/moved/record.cjs

'use strict';
const {execFileSync} = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const loopback = require('loopback');
const boot = require('loopback-boot');

/** A LoopBack app on a copy of app/, with its data in `source`. */
async function appOn(source) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recording-'));
  fs.cpSync(path.join(__dirname, 'app'), folder, {recursive: true});
  const file = path.join(folder, 'server/datasources.json');
  const sources = JSON.parse(fs.readFileSync(file));
  fs.writeFileSync(file, JSON.stringify({...sources, db: {...source, file: path.join(folder, source.file)}}));
  const app = loopback({localRegistry: true, loadBuiltinModels: true});
  await new Promise((resolve, reject) => boot(app, {appRootDir: path.join(folder, 'server'), modelsRootDir: path.join(folder, 'server')}, error => (error ? reject(error) : resolve())));
  app.enableAuth();
  app.use('/api', loopback.token({model: app.registry.getModel('AccessToken')}));
  app.use('/api', loopback.rest());
  if (source.connector === 'sqlite3') await app.dataSources.db.automigrate();
  return {app, file: path.join(folder, source.file)};
}

/** One record and more of everything that the models can hold. */
async function fill({models}) {
  const {Everything, Customer, Member, Order, Tag, Picture, StringKey, Renamed, Role, RoleMapping, AccessToken} = models;
  await Everything.create({
    text: 'héllo \'q\' "d" \\ ☃ 𝄞', needed: 'all', long: 'long', number: 3, fraction: -0.1, yes: true, no: false, day: new Date('2024-02-29T12:34:56.789Z'),
    bytes: Buffer.from('abc'), list: ['a', 1, null, {x: 1}], words: ['x', 'y"z'], numbers: [1, 2.5], flags: [true, false], days: [new Date('2024-02-29T12:34:56.789Z')],
    things: [{a: 1}], thing: {k: 'v', n: {deep: [1]}}, whatever: {z: [1]}, word: 'plain', count: 5, place: {lat: 10.5, lng: -20.25}, camelCase: 'cc', order: 1, secret: 'hid',
  });
  await Everything.create({needed: 'only this'});
  await Everything.create({
    text: null, needed: 'empty', number: 0, yes: null, day: null, list: [], words: [], thing: {}, whatever: false, word: '', count: 0, quoted: null, place: null,
  });
  const ann = await Customer.create({name: 'Ann', addressData: {city: 'Rome', zip: 9}, contactList: [{id: 1, kind: 'phone', value: '1'}, {id: 2, kind: 'mail'}]});
  const bob = await Customer.create({name: 'Bob'});
  const tags = [await Tag.create({label: 'red'}), await Tag.create({label: 'blue'})];
  await ann.updateAttributes({favouriteIds: [2, 1]});
  for (const tag of tags) await ann.tags.add(tag);
  await bob.tags.add(tags[0]);
  await ann.orders.create({code: 'A', total: 1.5, placed: new Date(0)});
  await Order.create([{code: 'B', customerId: bob.id}, {code: 'C', total: 9}]);
  await Picture.create([{url: 'http://a', imageableType: 'Customer', imageableId: ann.id}, {url: 'http://none'}]);
  await ann.account.create({iban: 'IT1'});
  await StringKey.create([{code: 'k/1', rank: 1}, {code: '2'}]);
  await Renamed.create([{first: 'f', second: 's'}, {second: 'alone'}]);
  const root = await Member.create({email: 'Root@Example.com', username: 'root', password: 'a good password', nick: 'r'});
  await Member.create({email: 'bob@example.com', password: 'another password', verificationToken: 'f'.repeat(128), emailVerified: false});
  const admin = await Role.create({name: 'admin'});
  await RoleMapping.create({principalType: 'USER', principalId: String(root.id), roleId: admin.id});
  const created = new Date('2026-01-01T00:00:00.000Z');
  await AccessToken.create({id: 'R'.repeat(64), ttl: 1e9, created, userId: root.id});
  await AccessToken.create({id: 'B'.repeat(64), ttl: 1e9, created, userId: 2, scopes: ['reset-password']});
  await AccessToken.create({id: 'O'.repeat(64), ttl: 60, created, userId: root.id});
}

const filtered = (model, filter) => `${model}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
const include = (...names) => filtered('', {include: names});
const where = (where, model = 'Everythings') => filtered(model, {where, order: 'id'});

const questions = [
  'Everythings', 'Everythings/1', 'Everythings/2', 'Everythings/3', 'Everythings/count',
  where({text: null}), where({number: 3}), where({yes: true}), where({no: false}), where({day: '2024-02-29T12:34:56.789Z'}), where({day: {gt: '2024-01-01T00:00:00.000Z'}}),
  where({camelCase: {neq: null}}), where({number: {between: [1, 5]}}), where({text: {like: 'h%'}}), where({or: [{order: 1}, {needed: 'empty'}]}), where({number: {inq: [0, 3]}}),
  where({long: 'long'}), where({long: {neq: 'long'}}), filtered('Everythings', {fields: ['id', 'list', 'thing', 'quoted']}), filtered('Everythings', {order: 'number DESC', limit: 2}),
  'Customers', `Customers${include('orders', 'tags', 'pictures', 'account', 'favourites')}`, 'Customers/1/orders', 'Customers/2/orders', 'Customers/1/tags', 'Customers/1/pictures',
  'Customers/1/account', 'Customers/1/favourites', 'Customers/1/address', 'Customers/1/contacts', 'Customers/1/contacts/2', 'Tags/1/customers', `Tags${include('customers')}`,
  'Orders', 'Orders/1/customer', `Orders${include('customer')}`, 'Pictures', 'Pictures/1/imageable', 'Accounts', 'StringKeys', 'StringKeys/2', 'Renameds', where({first: 'f'}, 'Renameds'),
  {path: 'Members', token: 'R'.repeat(64)}, {path: 'Members', token: 'B'.repeat(64)}, {path: 'Members'},
];

async function answers(app) {
  const server = await new Promise(resolve => { const made = app.listen(0, '127.0.0.1', () => resolve(made)); });
  const recorded = [];
  for (const question of questions) {
    const {path: target, token} = typeof question === 'string' ? {path: question} : question;
    const response = await fetch(`http://127.0.0.1:${server.address().port}/api/${target}`, {headers: token ? {Authorization: token} : {}});
    const body = await response.json();
    recorded.push({target, token, status: response.status, body: response.ok ? body : {code: body.error.code}});
  }
  server.close();
  return recorded;
}

async function record(source, save) {
  const {app, file} = await appOn(source);
  await fill(app);
  const recorded = await answers(app);
  await new Promise(resolve => setTimeout(resolve, 500));  // The memory connector writes its file a little later.
  save(file);
  return recorded;
}

const write = (name, text) => fs.writeFileSync(path.join(__dirname, name), text);

(async () => {
  const sqlite = await record({connector: 'sqlite3', file: 'data.db'}, file => write('data.sql', execFileSync('sqlite3', [file, '.dump'], {encoding: 'utf8'})));
  const memory = await record({connector: 'memory', file: 'data.json'}, file => write('data.json', fs.readFileSync(file)));
  const lines = list => `[\n${list.map(entry => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
  write('answers.json', `{\n  "sqlite": ${lines(sqlite)},\n  "memory": ${lines(memory)}\n}\n`);
  process.exit(0);
})().catch(error => { console.error(error); process.exit(1); });
