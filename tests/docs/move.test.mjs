// docs/how-to/move-from-loopback.md: what it says about keys, rules, scripts, the mixin and foreign data.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program, send, start} from '../server/program.mjs';
import {blocks, house} from './transcript.mjs';

const page = fs.readFileSync(path.join(house, 'docs/how-to/move-from-loopback.md'), 'utf8');
const run = (...words) => spawnSync(program, words, {encoding: 'utf8'});

function edit(folder, name, change) {
  const file = path.join(folder, name);
  const json = JSON.parse(fs.readFileSync(file));
  change(json);
  fs.writeFileSync(file, JSON.stringify(json));
}

const serve = (folder, t) => start(folder, t, {words: ['run', folder, '--host', '127.0.0.1', '--port', '0']});

async function stop({child}) {
  child.kill('SIGTERM');
  await child.done;
}

// A LoopBack project: no keys, models without rules.
function project(t) {
  const folder = copyOf('examples/hello', t);
  fs.rmSync(path.join(folder, 'keys.json'), {force: true});
  edit(folder, 'server/datasources.json', sources => { sources.db = {connector: 'sqlite3', file: 'data.db'}; });
  edit(folder, 'common/models/note.json', model => { model.acls = []; });
  return folder;
}

test('its commands, in their order, end in a server; without the first the hint names it', async t => {
  const folder = project(t);
  const refused = run('run', folder);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /hint: `sallyport keys new` or `sallyport run --make-keys` makes one/);
  const [steps] = blocks(page, 'sh');
  for (const step of steps.slice(0, -1)) {
    const {status, stdout, stderr} = run(...step.split(' ').slice(1).map(word => (word === 'company' ? folder : word)));
    assert.equal(status, 0, `${step}\n${stdout}${stderr}`);
  }
  assert.equal(steps.at(-1), 'sallyport run company');
  await serve(folder, t);
});

test('a model without rules is closed, or open as LoopBack\'s', async t => {
  const folder = project(t);
  run('keys', 'new', folder);
  const strict = await serve(folder, t);
  assert.equal((await send(strict.port, 'GET', '/api/Notes')).status, 401);
  await stop(strict);
  edit(folder, 'server/config.json', config => { config.compatibility = 'loopback3'; });
  const {port} = await serve(folder, t);
  assert.equal((await send(port, 'GET', '/api/Notes')).status, 200);
});

test('scripts are listed, and nothing starts before somebody looked', t => {
  const folder = project(t);
  fs.writeFileSync(path.join(folder, 'common/models/note.js'), 'module.exports = () => {};');
  const {status, stdout} = run('check', folder);
  assert.equal(status, 1);
  assert.match(stdout, /common\/models\/note\.js/);
  edit(folder, 'server/config.json', config => { config.ignoreScripts = true; });
  assert.equal(run('check', folder).status, 0);
});

test('the mixin of the page is one that a user model takes', t => {
  const folder = copyOf('examples/two-factor', t);
  const [[line]] = blocks(page, 'json');
  run('keys', 'new', folder);
  edit(folder, 'common/models/employee.json', model => Object.assign(model, JSON.parse(line)));
  assert.equal(run('check', folder).status, 0);
  const routes = run('routes', folder).stdout;
  for (const method of ['requestCode', 'loginWithCode']) assert.ok(routes.includes(`/api/Employees/${method}`), routes);
});

test('a connector that is not built is told', t => {
  for (const connector of ['mysql', 'postgresql', 'mongodb']) {
    const folder = project(t);
    edit(folder, 'server/datasources.json', sources => { sources.db = {connector}; });
    assert.match(run('check', folder).stdout, new RegExp(`the connector "${connector}" is not built`));
  }
});

test('records come over with their ids, and new ids go on after them', async t => {
  const folder = project(t);
  run('keys', 'new', folder);
  edit(folder, 'server/config.json', config => { config.compatibility = 'loopback3'; });
  edit(folder, 'common/models/note.json', model => { model.forceId = false; });
  const open = await serve(folder, t);
  const rows = [{id: 7, text: 'a'}, {id: 9, text: 'b'}];
  assert.equal((await send(open.port, 'POST', '/api/Notes', {body: rows})).status, 200);
  await stop(open);
  edit(folder, 'common/models/note.json', model => { delete model.forceId; });
  const {port} = await serve(folder, t);
  assert.equal((await send(port, 'POST', '/api/Notes', {body: {text: 'c'}})).json.id, 10);
  assert.equal((await send(port, 'POST', '/api/Notes', {body: {id: 12, text: 'd'}})).status, 422);
  const found = (await send(port, 'GET', '/api/Notes?filter[order]=id&filter[limit]=500&filter[skip]=0')).json;
  assert.deepEqual(found.map(({id, text}) => [id, text]), [[7, 'a'], [9, 'b'], [10, 'c']]);
});

test('ids that are texts are kept, too', async t => {
  const folder = project(t);
  run('keys', 'new', folder);
  edit(folder, 'server/config.json', config => { config.compatibility = 'loopback3'; });
  edit(folder, 'common/models/note.json', model => {
    model.properties.id = {type: 'string', id: true};
    model.forceId = false;
  });
  const {port} = await serve(folder, t);
  const id = '507f1f77bcf86cd799439011';
  assert.equal((await send(port, 'POST', '/api/Notes', {body: [{id, text: 'a'}]})).status, 200);
  assert.equal((await send(port, 'GET', `/api/Notes/${id}`)).json.text, 'a');
});
