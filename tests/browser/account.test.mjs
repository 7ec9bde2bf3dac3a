// The account page in a real browser: both doors, a first factor by its QR code, and everything that is kept there.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, afterEach, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import jsqr from 'jsqr';
import {generateSync} from 'otplib';
import {look, nextCode, openPage, startBrowser, startServer, wrongCode} from './stage.mjs';

const example = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../examples/two-factor');
const password = 'a sally port has two doors';
let server, browser, ahead;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());
afterEach(() => server?.stop());

// The example with other options of the mixin, and other kinds of accounts beside: {name: options}.
async function serve(options, others = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-account-'));
  fs.cpSync(example, folder, {recursive: true});
  const file = name => path.join(folder, name);
  const model = JSON.parse(fs.readFileSync(file('common/models/employee.json')));
  const write = (name, mixin) => fs.writeFileSync(file(`common/models/${name.toLowerCase()}.json`),
    JSON.stringify({...model, name, mixins: mixin ? {TwoFactor: mixin} : {}}));
  write('Employee', options);
  const config = JSON.parse(fs.readFileSync(file('server/model-config.json')));
  for (const [name, mixin] of Object.entries(others)) {
    write(name, mixin);
    config[name] = {dataSource: 'db', public: true};
  }
  fs.writeFileSync(file('server/model-config.json'), JSON.stringify(config));
  server = await startServer(folder);
  fs.rmSync(folder, {recursive: true});
  ahead = 0;
}

async function advance(seconds) {
  await server.advance(seconds);
  ahead += seconds;
}

async function call(method, target, {body, token} = {}) {
  const headers = {'Content-Type': 'application/json'};
  if (token) headers.Authorization = token;
  const response = await fetch(`${server.url}api${target}`, {method, headers, body: body && JSON.stringify(body)});
  const text = await response.text();
  return {status: response.status, json: text ? JSON.parse(text) : null};
}

async function account(email, more = {}, kind = 'Employees') {
  const {status, json} = await call('POST', `/${kind}`, {body: {email, password, ...more}});
  assert.equal(status, 200, JSON.stringify(json));
  return json.id;
}

// An authenticator app that scanned `uri`: its code, `steps` steps of 30 seconds from now.
const appCode = (uri, steps = 0) => generateSync({
  secret: new URL(uri).searchParams.get('secret'),
  epoch: Math.floor(Date.now() / 1000) + ahead + 30 * steps,
});

// An account with an app, without the page: {email, id, uri, token}. The step before now is used up.
async function accountWithApp(email) {
  const id = await account(email);
  const {enrol} = (await call('POST', '/Employees/requestCode', {body: {email, password}})).json;
  const made = (await call('POST', `/Employees/${id}/factors`, {body: {type: 'totp', label: 'Old phone'}, token: enrol.id})).json;
  const {json} = await call('POST', `/Employees/${id}/factors/${made.id}/confirm`, {body: {twofactor: appCode(made.uri, -1)}, token: enrol.id});
  assert.ok(json.id, JSON.stringify(json));
  return {email, id, uri: made.uri, token: json.id};
}

// Runs `steps` in a fresh window, then sees that the page broke nothing of its own policy, that only the session is
// stored, and that no address holds a secret.
async function inPage(steps, hash = '') {
  const page = await openPage(browser, server.url, `account${hash}`);
  await steps(page);
  assert.deepEqual(page.faults, []);
  const kept = await page.evaluate(() => ({session: Object.keys(sessionStorage), local: Object.keys(localStorage), href: location.href}));
  assert.ok(kept.session.every(key => key === 'sallyport-session'), String(kept.session));
  assert.deepEqual(kept.local, []);
  assert.equal(kept.href, `${server.url}account${hash}`);
  assert.ok(!page.requested.some(url => url.includes(encodeURIComponent(password))));
  await page.context().close();
}

const heading = (page, name) => page.getByRole('heading', {name, exact: true}).waitFor();
const field = (page, label) => page.getByLabel(label, {exact: true}).filter({visible: true});
const press = (page, name) => page.getByRole('button', {name, exact: true}).click();
const complaint = (page, text) => page.locator('.error', {hasText: text}).filter({visible: true}).waitFor();
const told = (page, text) => page.locator('#notice', {hasText: text}).waitFor();
const focused = page => page.evaluate(() => document.activeElement.id);
const everything = page => page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input')].map(({value}) => value).join(' '));

async function givePassword(page, email, text = password) {
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(text);
  await press(page, 'Continue');
}

async function signIn(page, {email, uri}, steps = 0) {
  await givePassword(page, email);
  await heading(page, 'Enter your code');
  await field(page, 'Code').fill(appCode(uri, steps));
  await press(page, 'Sign in');
  await heading(page, 'Your account');
}

// What a camera sees of the QR code on the page: its picture, drawn where no policy forbids to read it.
async function scan(page) {
  const picture = (await page.locator('#qr svg').screenshot()).toString('base64');
  const desk = await page.context().newPage();
  const {data, width, height} = await desk.evaluate(async text => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(text), c => c.charCodeAt(0))], {type: 'image/png'}));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const {data: pixels, width, height} = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return {data: [...pixels], width, height};
  }, picture);
  await desk.close();
  return jsqr(Uint8ClampedArray.from(data), width, height)?.data;
}

test('a first factor: an app that scans the QR code opens the account, now and the next time', async () => {
  await serve({channels: ['totp']});
  const email = 'ann@company.test';
  await account(email);
  await inPage(async page => {
    await heading(page, 'Sign in');
    assert.equal(await focused(page), 'email');
    await look(page, 'account-sign-in');
    await givePassword(page, email);
    await heading(page, 'Add a second factor');
    assert.equal(await focused(page), 'enrol-title');
    await look(page, 'account-enrol');
    await page.getByRole('button', {name: 'An authenticator app'}).click();
    await heading(page, 'Add an authenticator app');
    await field(page, 'Name (optional)').fill('My phone');
    await look(page, 'account-add-app-name');
    await press(page, 'Show the QR code');
    await heading(page, 'Scan this with your app');
    assert.equal(await focused(page), 'scan-title');
    await page.getByText('Type it instead').click();
    await look(page, 'account-add-app');
    const uri = await scan(page);
    const secret = new URL(uri).searchParams.get('secret');
    assert.equal((await page.locator('#secret').innerText()), secret.replace(/.{4}(?=.)/g, '$& '));

    await press(page, 'Add this app');
    await complaint(page, 'Enter the code.');
    await field(page, 'Code').fill(wrongCode(appCode(uri, -1)));
    await press(page, 'Add this app');
    await complaint(page, 'This code does not work.');
    assert.equal(await focused(page), 'first-code');
    await look(page, 'account-add-app-refused');
    await field(page, 'Code').fill(appCode(uri, -1));
    await press(page, 'Add this app');
    await heading(page, 'Your account');
    await told(page, 'Your authenticator app is added. Make recovery codes too');
    await page.locator('#factors', {hasText: 'My phone'}).waitFor();
    await look(page, 'account-overview');
    for (const text of [secret, password, secret.slice(0, 4) + ' ' + secret.slice(4, 8)]) assert.ok(!(await everything(page)).includes(text));

    await page.reload();
    await heading(page, 'Your account');
    await press(page, 'Sign out');
    await told(page, 'You are signed out.');
    assert.equal(await focused(page), 'email');
    await signIn(page, {email, uri});
  });
});
