// The administrators' page in a real browser: who gets in, and everything that is done there.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, afterEach, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {look, nextCode, openPage, startBrowser, startServer} from './stage.mjs';

const house = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const example = path.join(house, 'examples/two-factor');
const page = fs.readFileSync(path.join(house, 'docs/how-to/administer-accounts.md'), 'utf8');
const mixins = JSON.parse(/```json\n(.*?)```/s.exec(page)[1]);
const password = 'a sally port has two doors';
const [boss, ann, bob] = ['boss@company.test', 'ann@company.test', 'bob@company.test'];
let server, browser;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());
afterEach(() => server?.stop());

// The example with administrators, as the page in docs/ says. Its roles are open to whoever asks, so that a test can give one.
async function serve() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-admin-'));
  fs.cpSync(example, folder, {recursive: true});
  const edit = (name, change) => {
    const file = path.join(folder, name);
    const json = JSON.parse(fs.readFileSync(file));
    change(json);
    fs.writeFileSync(file, JSON.stringify(json));
  };
  edit('common/models/employee.json', model => { model.mixins = mixins; });
  edit('server/model-config.json', config => {
    for (const name of ['Staff', 'Membership']) config[name] = {dataSource: 'db', public: true};
    delete config.Role;
    delete config.RoleMapping;
  });
  for (const [name, base] of [['Staff', 'Role'], ['Membership', 'RoleMapping']])
    fs.writeFileSync(path.join(folder, `common/models/${name.toLowerCase()}.json`),
      JSON.stringify({name, base, acls: [{principalType: 'ROLE', principalId: '$everyone', permission: 'ALLOW', property: '*'}]}));
  server = await startServer(folder);
  fs.rmSync(folder, {recursive: true});
}

async function call(method, target, {body, token} = {}) {
  const headers = {'Content-Type': 'application/json'};
  if (token) headers.Authorization = token;
  const response = await fetch(`${server.url}api${target}`, {method, headers, body: body && JSON.stringify(body)});
  const text = await response.text();
  return {status: response.status, json: text ? JSON.parse(text) : null};
}

async function account(email, mobile) {
  const {status, json} = await call('POST', '/Employees', {body: {email, password, mobile}});
  assert.equal(status, 200, JSON.stringify(json));
  return json.id;
}

async function tokenOf(email) {
  const seen = server.sent(email).length;
  const {json} = await call('POST', '/Employees/requestCode', {body: {email, password}});
  const twofactor = await nextCode(server, email, seen);
  return (await call('POST', '/Employees/loginWithCode', {body: {email, twofactor, challenge: json.challenge}})).json.id;
}

async function administrator() {
  await serve();
  const id = await account(boss, '+33612345601');
  const role = await call('POST', '/Staffs', {body: {name: 'admin'}});
  assert.equal(role.status, 200, JSON.stringify(role.json));
  await call('POST', '/Memberships', {body: {principalType: 'USER', principalId: String(id), roleId: role.json.id}});
  await account(ann, '+33612345602');
  await account(bob, '+33612345603');
}

const heading = (page, name) => page.getByRole('heading', {name, exact: true}).waitFor();
const field = (page, label) => page.getByLabel(label, {exact: true}).filter({visible: true});
const press = (page, name) => page.getByRole('button', {name, exact: true}).click();
const told = (page, text) => page.locator('#notice', {hasText: text}).waitFor();

async function givePassword(page, email) {
  await heading(page, 'Sign in');
  await field(page, 'Email').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await heading(page, 'Enter your code');
}

async function signIn(page, email) {
  const seen = server.sent(email).length;
  await givePassword(page, email);
  await field(page, 'Code').fill(await nextCode(server, email, seen));
  await press(page, 'Sign in');
}

async function asBoss(steps) {
  const page = await openPage(browser, server.url, 'admin');
  await signIn(page, boss);
  await heading(page, 'Accounts');
  assert.equal(page.url(), `${server.url}admin`);
  await steps(page);
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

test('an administrator finds accounts, sees how they open, and ends their sessions', async () => {
  await administrator();
  const token = await tokenOf(ann);
  await asBoss(async page => {
    await page.locator('#account-list', {hasText: bob}).waitFor();
    await look(page, 'admin-accounts');
    await field(page, 'Email or username begins with').fill('ann');
    await press(page, 'Find');
    await page.locator('#account-list', {hasText: bob}).waitFor({state: 'hidden'});
    await page.locator('#account-list', {hasText: 'text message to +•• ••• ••02'}).waitFor();
    assert.equal(await page.locator('#account-list li').count(), 1);
    await page.locator('#account-list', {hasText: '1 session, last login'}).waitFor();
    assert.ok(!(await page.content()).includes('33612345602'));

    await press(page, `Sign out everywhere: ${ann}`);
    await page.getByRole('dialog', {name: `Sign ${ann} out everywhere?`}).waitFor();
    await look(page, 'admin-sign-out');
    await press(page, 'End them');
    await told(page, `Every session of ${ann} has ended.`);
    assert.equal((await call('GET', '/Employees/2', {token})).status, 401);
    await field(page, 'Email or username begins with').fill('nobody');
    await press(page, 'Find');
    await page.getByText('None begins like that.').waitFor();
  });
});

test('an account is disabled and enabled again, and both stand in the trail with who did it', async () => {
  await administrator();
  await asBoss(async page => {
    await press(page, `Disable: ${bob}`);
    await press(page, 'Disable it');
    await told(page, `${bob} is disabled.`);
    await page.locator('#account-list', {hasText: 'disabled'}).waitFor();
    await look(page, 'admin-disabled');
    assert.equal((await call('POST', '/Employees/requestCode', {body: {email: bob, password}})).status, 401);
    await press(page, `Enable: ${bob}`);
    await told(page, `${bob} is enabled again.`);
    const asked = page.waitForRequest(/\/administration\/events\?/);
    await press(page, `Events: ${bob}`);
    assert.equal(new URL((await asked).url()).searchParams.get('id'), '3', 'by id: bob may be what another is called');
    await heading(page, 'Events');
    await page.locator('#event-list', {hasText: 'account.disabled'}).waitFor();
    await page.locator('#event-list', {hasText: 'by Employee 1'}).first().waitFor();
    await look(page, 'admin-events');
  });
});

// As its owner, at the account page.
async function useTicket(ticket) {
  const page = await openPage(browser, server.url, 'account');
  await givePassword(page, ann);
  await press(page, 'I have a ticket of an administrator');
  await heading(page, 'Enter your ticket');
  await field(page, 'Ticket').fill(ticket.replaceAll(/\d/g, '0'));
  await press(page, 'Continue');
  await page.getByText('This is not a ticket of your account').waitFor();
  await look(page, 'account-ticket');
  await field(page, 'Ticket').fill(ticket);
  await press(page, 'Continue');
  await heading(page, 'Add a second factor');
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

test('half a ticket is shown, and with the half in the mail lets the owner of a lost factor add another', async () => {
  await administrator();
  await asBoss(async page => {
    await press(page, `Lost factor: ${ann}`);
    await press(page, 'Make a ticket');
    await heading(page, 'Half a ticket for a lost factor');
    await look(page, 'admin-ticket');
    const half = await page.locator('#ticket-text').innerText();
    assert.match(half, /^\d{4}-\d{4}-\d{4}$/);
    const mailed = /second half is ([\d-]+);/.exec(server.mails(ann).at(-1))[1];
    await press(page, 'Back to the accounts');
    await heading(page, 'Accounts');
    assert.ok(!(await page.content()).includes(half));
    await useTicket(`${half} ${mailed}`);
  });
});

test('limits that are full are shown, and those of one account lifted', async () => {
  await administrator();
  for (let i = 0; i < 6; i++) await call('POST', '/Employees/requestCode', {body: {email: ann, password: 'not this one at all'}});
  await asBoss(async page => {
    await press(page, 'Limits');
    await heading(page, 'Limits');
    await page.locator('#limit-list li').first().waitFor();
    await look(page, 'admin-limits');
    await field(page, 'Email, username, id or IP address').fill(ann);
    await press(page, 'Show');
    await press(page, `Lift the limits of ${ann}`);
    await press(page, 'Lift them');
    await told(page, 'The limits are lifted.');
    assert.equal((await call('POST', '/Employees/requestCode', {body: {email: ann, password}})).status, 200);
  });
});

test('what is done needs a code of the last five minutes, which is asked for in place', async () => {
  await administrator();
  await asBoss(async page => {
    await server.advance(301);
    await press(page, `Disable: ${bob}`);
    await press(page, 'Disable it');
    await page.getByRole('dialog', {name: 'Confirm it is you'}).waitFor();
    await look(page, 'admin-step-up');
    const seen = server.sent(boss).length;
    await page.locator('#proof').fill(password);
    await press(page, 'Continue');
    await page.locator('#proving-input').fill(await nextCode(server, boss, seen));
    await press(page, 'Continue');
    await told(page, `${bob} is disabled.`);
  });
});

test('nobody else gets in, and nobody does it to themselves', async () => {
  await administrator();
  await asBoss(async page => {
    await page.getByRole('button', {name: `Events: ${boss}`}).waitFor();
    for (const verb of ['Disable', 'Sign out everywhere', 'Lost factor'])
      assert.equal(await page.getByRole('button', {name: `${verb}: ${boss}`}).count(), 0, verb);
    await look(page, 'admin-own');
  });
  const page = await openPage(browser, server.url, 'admin');
  await signIn(page, ann);
  await heading(page, 'This is for administrators');
  await look(page, 'admin-closed');
  await press(page, 'Sign in as someone else');
  await heading(page, 'Sign in');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
