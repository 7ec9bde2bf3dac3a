// The account page in a real browser: both doors, a first factor by its QR code, and everything that is kept there.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, afterEach, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import jsqr from 'jsqr';
import {generateSync} from 'otplib';
import {look, nextCode, nextLink, openPage, startBrowser, startServer, wrongCode} from './stage.mjs';

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
const field = (page, label) => page.getByLabel(label, {exact: true}).and(page.locator('input')).filter({visible: true});
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

// A code that no step has used: of half a minute later.
async function nextAppCode(uri) {
  await advance(30);
  return appCode(uri);
}

const dialog = (page, name) => page.getByRole('dialog', {name}).waitFor();
const isOver = async token => (await call('GET', '/Employees/1/factors', {token})).status === 401;

// Proves in the dialog who sits there.
async function proveIt(page, uri) {
  await dialog(page, 'Confirm it is you');
  await field(page, 'Password').fill(password);
  await press(page, 'Continue');
  await field(page, 'Code').fill(await nextAppCode(uri));
  await press(page, 'Continue');
}

test('a wrong password, a wrong code and nothing at all are refused beside the field', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await press(page, 'Continue');
    await complaint(page, 'Enter your email.');
    await field(page, 'Email').fill(ann.email);
    await press(page, 'Continue');
    await complaint(page, 'Enter your password.');
    await givePassword(page, ann.email, 'not the password');
    await complaint(page, 'Sorry, but that email and password do not match!');
    assert.equal(await focused(page), 'password');
    await look(page, 'account-password-refused');
    await givePassword(page, ann.email);
    await heading(page, 'Enter your code');
    assert.equal(await focused(page), 'second-door-input');
    await look(page, 'account-code');
    await press(page, 'Sign in');
    await complaint(page, 'Enter your code.');
    for (let tries = 0; tries < 6; ++tries) {
      await field(page, 'Code').fill(wrongCode(appCode(ann.uri)));
      await press(page, 'Sign in');
      await complaint(page, 'Check it, or wait for the next one.');
    }
    await field(page, 'Code').fill(appCode(ann.uri).replace(/^.../, '$& '));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
  });
});

test('a number that nothing sends codes to is no factor, and nobody is told that it opens the account', async () => {
  await serve({channels: ['console', 'totp'], phone: 'mobile'});
  await account('una@company.test', {mobile: '+33612345600'});
  await inPage(async page => {
    await givePassword(page, 'una@company.test');
    await heading(page, 'Enter your code');
    await field(page, 'Code').fill(await nextCode(server, 'una@company.test', 0));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await page.locator('#factors-text', {hasText: 'You have none of your own yet'}).waitFor();
    assert.equal(await page.locator('#factors li').count(), 0);
    await look(page, 'account-no-factor');
  });
});

test('whoever forgot the password is led to the page that sends a link', async () => {
  await serve({channels: ['totp']});
  await inPage(async page => {
    const link = page.getByRole('link', {name: 'Forgot your password?'});
    assert.equal(await link.getAttribute('href'), 'reset-password#at=/api/Employees');
  });
  const page = await openPage(browser, server.url, 'account');
  await field(page, 'Email').fill('ann+1@company.test');
  await page.getByRole('link', {name: 'Forgot your password?'}).click();
  await heading(page, 'Get a link by mail');
  assert.equal(await field(page, 'Email').inputValue(), 'ann+1@company.test');
  assert.equal(await focused(page), 'email');
  assert.equal(page.url(), `${server.url}reset-password`);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a code comes on the channel that is chosen, again after a minute, and not in the place of another account', async () => {
  await serve({channels: ['sms', 'totp'], phone: 'mobile'});
  const email = 'bob@company.test';
  await account(email, {mobile: '+33612345678'});
  await inPage(async page => {
    await givePassword(page, email);
    await heading(page, 'Enter your code');
    await page.getByText('A text message with your code is on its way to +•• ••• ••78.').waitFor();
    await page.getByRole('button', {name: /Send a new code in \d+ s/}).waitFor();
    await look(page, 'account-code-sms');
    await field(page, 'Code').fill(await nextCode(server, email));
    await press(page, 'Not you?');
    await heading(page, 'Sign in');
    assert.ok(!(await everything(page)).includes(password));
    assert.equal(await field(page, 'Email').inputValue(), '');
    await givePassword(page, email);
    await complaint(page, 'Too many tries. You can try again in');
    await advance(61);
    await givePassword(page, email);
    await heading(page, 'Enter your code');
    await field(page, 'Code').fill(await nextCode(server, email, 1));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await page.locator('#factors', {hasText: '+•• ••• ••78'}).waitFor();
  });
});

test('recovery codes are shown once, can be kept in three ways, and open the second door', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await signIn(page, ann);
    await page.getByText('You have none.').waitFor();
    await press(page, 'Make recovery codes');
    await heading(page, 'Your recovery codes');
    assert.equal(await focused(page), 'codes-title');
    await look(page, 'account-codes');
    const codes = await page.locator('#code-list li').allInnerTexts();
    assert.equal(codes.length, 10);
    await press(page, 'Copy');
    await told(page, 'The codes are copied.');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), codes.join('\n'));
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')]);
    assert.equal(download.suggestedFilename(), 'recovery-codes-127.0.0.1.txt');
    const text = fs.readFileSync(await download.path(), 'utf8');
    for (const word of [...codes, ann.email, '127.0.0.1']) assert.ok(text.includes(word), word);
    await page.evaluate(() => { globalThis.print = () => { document.title = 'printed'; }; });
    await press(page, 'Print');
    assert.equal(await page.title(), 'printed');
    await page.emulateMedia({media: 'print'});
    assert.ok(await page.locator('#code-list').isVisible() && !await page.locator('.gate').isVisible());
    await page.emulateMedia({media: 'screen'});
    await press(page, 'I have kept them');
    await heading(page, 'Your account');
    await page.getByText('10 of 10 left.').waitFor();
    assert.ok(!(await everything(page)).includes(codes[3]));

    await press(page, 'Make new codes');
    await dialog(page, 'Make ten new recovery codes?');
    await page.getByText('The 10 you still have will be good no more.').waitFor();
    await look(page, 'account-new-codes');
    await press(page, 'Cancel');

    await press(page, 'Sign out');
    await givePassword(page, ann.email);
    await press(page, 'Use a recovery code instead');
    await field(page, 'Recovery code').waitFor();
    await look(page, 'account-code-recovery');
    await field(page, 'Recovery code').fill('3-aaaaa-aaaaa');
    await press(page, 'Sign in');
    await complaint(page, 'Each works once: check it, or take another.');
    await field(page, 'Recovery code').fill(codes[3].toUpperCase());
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await page.getByText('9 of 10 left.').waitFor();
    await press(page, 'Make new codes');
    await page.getByRole('dialog').getByRole('button', {name: 'Make new codes'}).click();
    await heading(page, 'Your recovery codes');
    const renewed = await page.locator('#code-list li').allInnerTexts();
    assert.ok(renewed.every(code => !codes.includes(code)));
    await page.goto('about:blank');
    await page.goBack();
    await heading(page, 'Your account');
    assert.ok(!(await everything(page)).includes(renewed[0]));
  });
});

test('after five minutes a change asks who sits there; cancelled it changes nothing, proven it is done', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await advance(301);
    await press(page, 'Rename: Old phone');
    await dialog(page, 'What shall it be called?');
    await look(page, 'account-rename');
    await field(page, 'Name').fill('New phone');
    await press(page, 'Save');
    await dialog(page, 'Confirm it is you');
    assert.equal(await focused(page), 'proof');
    await look(page, 'account-step-up');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', {name: 'Confirm it is you'}).waitFor({state: 'hidden'});
    await dialog(page, 'What shall it be called?');
    const before = await call('GET', `/Employees/${ann.id}/factors`, {token: ann.token});
    assert.equal(before.json[0].label, 'Old phone');

    await press(page, 'Save');
    await dialog(page, 'Confirm it is you');
    const proof = page.getByRole('dialog', {name: 'Confirm it is you'});
    await proof.getByRole('button', {name: 'Continue'}).click();
    await complaint(page, 'Enter your password.');
    await field(page, 'Password').fill('not the password');
    await proof.getByRole('button', {name: 'Continue'}).click();
    await complaint(page, 'This is not your password.');
    await field(page, 'Password').fill(password);
    await proof.getByRole('button', {name: 'Continue'}).click();
    await field(page, 'Code').waitFor();
    await look(page, 'account-step-up-code');
    await field(page, 'Code').fill(wrongCode(appCode(ann.uri)));
    await proof.getByRole('button', {name: 'Continue'}).click();
    await complaint(page, 'Check it, or wait for the next one.');
    await field(page, 'Code').fill(await nextAppCode(ann.uri));
    await proof.getByRole('button', {name: 'Continue'}).click();
    await told(page, 'The name is saved.');
    await page.locator('#factors', {hasText: 'New phone'}).waitFor();
    assert.equal(await focused(page), 'factors-title');
    assert.ok(!(await everything(page)).includes(password));

    await advance(301);
    await press(page, 'Rename: New phone');
    await press(page, 'Save');
    await dialog(page, 'Confirm it is you');
    await advance(86_401);
    await field(page, 'Password').fill(password);
    await proof.getByRole('button', {name: 'Continue'}).click();
    await heading(page, 'Sign in');
    await told(page, 'Your session has ended. Sign in again.');
    assert.equal(await focused(page), 'email');
    assert.equal(await page.getByRole('dialog').count(), 0);
  });
});

test('a factor is removed after a question, the last one never', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await press(page, 'Remove: Old phone');
    await dialog(page, 'Remove Old phone?');
    await page.getByText('It no longer opens your account, and every other session ends.').waitFor();
    await press(page, 'Remove it');
    await complaint(page, 'This is the last second factor of the account: add another first.');
    await look(page, 'account-remove-last');
    await press(page, 'Cancel');

    await press(page, 'Add an authenticator app');
    await heading(page, 'Add an authenticator app');
    assert.equal(await focused(page), 'label');
    await press(page, 'Show the QR code');
    await heading(page, 'Scan this with your app');
    await press(page, 'Cancel');
    await heading(page, 'Your account');
    assert.equal(await page.locator('#qr').innerHTML(), '');
    assert.equal(await page.locator('#factors li').count(), 1);

    await press(page, 'Add an authenticator app');
    await press(page, 'Show the QR code');
    await heading(page, 'Scan this with your app');
    await field(page, 'Code').fill(appCode(await scan(page)));
    await press(page, 'Add this app');
    await told(page, 'Your authenticator app is added. Every other session has ended.');
    assert.ok(await isOver(ann.token));
    await press(page, 'Remove: Old phone');
    await press(page, 'Remove it');
    await told(page, 'Old phone is removed');
    assert.equal(await page.locator('#factors li').count(), 1);
    await page.locator('#factors', {hasText: 'Authenticator app'}).waitFor();
  });
});

test('sessions are seen and ended, one and all; one that was ended elsewhere leads back to the sign-in and says so', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  const another = async () => {
    const {json} = await call('POST', '/Employees/requestCode', {body: {email: ann.email, password}});
    return (await call('POST', '/Employees/loginWithCode',
      {body: {email: ann.email, challenge: json.challenge, twofactor: await nextAppCode(ann.uri)}})).json.id;
  };
  await inPage(async page => {
    await signIn(page, ann);
    const second = await another();
    await page.reload();
    await page.locator('#sessions li').nth(2).waitFor();
    assert.match(await page.locator('#sessions li').first().innerText(), /Chrome on Linux\s+this one/);
    await look(page, 'account-sessions');
    await page.locator('#sessions li').nth(1).getByRole('button').click();
    await told(page, 'That session has ended.');
    assert.equal(await focused(page), 'sessions-title');
    assert.deepEqual([await isOver(second), await isOver(ann.token)], [true, false]);
    await press(page, 'Sign out everywhere else');
    await dialog(page, 'Sign out everywhere else?');
    await press(page, 'End them');
    await told(page, 'Every other session has ended.');
    assert.ok(await isOver(ann.token));
    assert.equal(await page.locator('#sessions li').count(), 1);

    const third = await another();
    assert.equal((await call('DELETE', `/Employees/${ann.id}/sessions`, {token: third})).status, 204);
    await press(page, 'Add an authenticator app');
    await press(page, 'Show the QR code');
    await heading(page, 'Sign in');
    await told(page, 'Your session has ended. Sign in again.');
    assert.equal(await focused(page), 'email');
    await look(page, 'account-session-over');
  });
});

test('a password is changed by who knows the old one, and other sessions end', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await press(page, 'Change password');
    await heading(page, 'Change your password');
    assert.equal(await focused(page), 'old');
    await look(page, 'account-password');
    await press(page, 'Change password');
    await complaint(page, 'Enter the password you have now.');
    await field(page, 'Current password').fill('not the password');
    await press(page, 'Change password');
    await complaint(page, 'Enter a new password.');
    await field(page, 'New password').fill('and a second key for each');
    await press(page, 'Change password');
    await complaint(page, 'This is not your current password.');
    assert.equal(await focused(page), 'old');
    await field(page, 'Current password').fill(password);
    await field(page, 'New password').fill('seven c');
    await press(page, 'Change password');
    await complaint(page, 'The password is too short.');
    assert.equal(await focused(page), 'new');
    await field(page, 'New password').fill('and a second key for each');
    await press(page, 'Change password');
    await told(page, 'Your password is changed, and every other session has ended.');
    assert.ok(await isOver(ann.token));
    assert.ok(!(await everything(page)).includes('second key for each'));
    assert.equal((await call('POST', '/Employees/requestCode', {body: {email: ann.email, password: 'and a second key for each'}})).status, 200);
  });
});

test('a number is added and replaced, and what is asked for first can be chosen', async () => {
  await serve({channels: ['sms', 'totp'], phone: 'mobile'});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await press(page, 'Add a number');
    await heading(page, 'Add a number');
    await look(page, 'account-number');
    await press(page, 'Send a code');
    await complaint(page, 'Enter your number.');
    await field(page, 'Mobile number').fill('0612');
    await press(page, 'Send a code');
    await complaint(page, 'Write the number with its country code');
    await field(page, 'Mobile number').fill('+33 6 12 34 56 78');
    await press(page, 'Send a code');
    await page.getByText('on its way to +33612345678').waitFor();
    assert.equal(await focused(page), 'number-code');
    await look(page, 'account-number-code');
    const code = await nextCode(server, ann.email);
    await field(page, 'Code').fill(wrongCode(code));
    await press(page, 'Add this number');
    await complaint(page, 'This code does not work.');
    await field(page, 'Code').fill(code);
    await press(page, 'Add this number');
    await told(page, 'Your number is added.');
    await page.getByRole('button', {name: 'Replace the number'}).waitFor();
    await press(page, 'Ask for it first: Old phone');
    await told(page, 'Old phone is asked for first from now on.');
    await look(page, 'account-two-factors');
    await press(page, 'Remove: Text messages');
    await press(page, 'Remove it');
    await told(page, 'Text messages is removed');
  });
});

test('what is stronger than the code that was shown asks for a stronger one', async () => {
  await serve({channels: ['sms', 'totp'], phone: 'mobile'});
  const email = 'bob@company.test';
  const ann = await accountWithApp(email);
  const added = await call('POST', `/Employees/${ann.id}/factors`, {body: {type: 'sms', phone: '+33612345678'}, token: ann.token});
  const twofactor = await nextCode(server, email);
  await call('POST', `/Employees/${ann.id}/factors/${added.json.id}/confirm`, {body: {twofactor}, token: ann.token});
  await advance(61);
  await inPage(async page => {
    await givePassword(page, email);
    await heading(page, 'Enter your code');
    await field(page, 'Code').fill(await nextCode(server, email, 1));
    await press(page, 'Sign in');
    await press(page, 'Remove: Old phone');
    await press(page, 'Remove it');
    await dialog(page, 'Confirm it is you');
    await proveBySms(page, email);
    await page.getByText('That was not enough').waitFor();
    await field(page, 'Password').fill(password);
    await press(page, 'Continue');
    await page.getByText('Your authenticator app shows it now.').waitFor();
    assert.equal(await page.getByRole('button', {name: 'Get a text message instead'}).count(), 0);
    await field(page, 'Code').fill(await nextAppCode(ann.uri));
    await press(page, 'Continue');
    await told(page, 'Old phone is removed');
  });
});

async function proveBySms(page, email) {
  await advance(61);
  const seen = server.sent(email).length;
  await field(page, 'Password').fill(password);
  await press(page, 'Continue');
  await field(page, 'Code').fill(await nextCode(server, email, seen));
  await press(page, 'Continue');
}

test('of several kinds of accounts one is chosen, or named by the address', async () => {
  await serve({channels: ['totp']}, {Customer: {channels: ['console']}, Guest: undefined});
  const email = 'cat@company.test';
  await account(email, {}, 'Customers');
  const enter = async page => {
    await givePassword(page, email);
    await heading(page, 'Enter your code');
    await field(page, 'Code').fill(await nextCode(server, email, server.sent(email).length - 1));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await page.getByText('You have none of your own.').waitFor();
    assert.ok(!await page.getByRole('button', {name: 'Add an authenticator app'}).isVisible());
  };
  await inPage(async page => {
    await page.getByRole('combobox', {name: 'Account'}).waitFor();
    assert.deepEqual(await page.locator('#kind option').allInnerTexts(), ['Customer', 'Employee']);
    await page.locator('#kind').selectOption('Employee');
    await page.locator('#kind').selectOption('Customer');
    assert.equal(await page.getByRole('link', {name: 'Forgot'}).getAttribute('href'), 'reset-password#at=/api/Customers');
    await look(page, 'account-kinds');
    await enter(page);
    await page.reload();
    await heading(page, 'Your account');
  });
  await advance(61);
  await inPage(async page => {
    await field(page, 'Email').waitFor();
    assert.ok(!await page.getByRole('combobox', {name: 'Account'}).isVisible());
    await enter(page);
  }, '#at=/api/Customers');
  for (const at of ['/api/Guests', '//evil.test/api', '']) {
    await inPage(async page => {
      await heading(page, 'There is no account to open here');
      if (at === '') await look(page, 'account-nowhere');
    }, `#at=${at}`);
  }
});

test('a server that is away or wants patience is told in words', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await page.route('**/api/**', route => route.abort());
    await press(page, 'Make recovery codes');
    await complaint(page, 'The server does not answer.');
    await page.unroute('**/api/**');
    await page.route('**/api/**', route => route.fulfill({status: 429, headers: {'Retry-After': '40'}, json: {error: {}}}));
    await press(page, 'Add an authenticator app');
    await press(page, 'Show the QR code');
    await complaint(page, 'You can try again in 40 seconds.');
  });
});

test('everything can be done with the keyboard alone', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    const {keyboard} = page;
    const tabTo = async (id, most = 12) => {
      for (let presses = 0; presses < most && await focused(page) !== id; ++presses) await keyboard.press('Tab');
      assert.equal(await focused(page), id);
    };
    await heading(page, 'Sign in');
    await keyboard.type(ann.email);
    await keyboard.press('Tab');
    await keyboard.type(password);
    await keyboard.press('Enter');
    await field(page, 'Code').waitFor();
    await keyboard.type(appCode(ann.uri));
    await keyboard.press('Enter');
    await heading(page, 'Your account');
    assert.equal(await focused(page), 'overview-title');
    await tabTo('add-app-button');
    await keyboard.press('Enter');
    await heading(page, 'Add an authenticator app');
    await keyboard.type('Tablet');
    await keyboard.press('Enter');
    await heading(page, 'Scan this with your app');
    const uri = await scan(page);
    await tabTo('first-code');
    await keyboard.type(appCode(uri));
    await keyboard.press('Enter');
    await told(page, 'Your authenticator app is added.');
    await advance(301);
    await tabTo('make-codes', 20);
    await keyboard.press('Enter');
    await dialog(page, 'Confirm it is you');
    await keyboard.type(password);
    await keyboard.press('Enter');
    await field(page, 'Code').waitFor();
    await keyboard.type(await nextAppCode(uri));
    await keyboard.press('Enter');
    await heading(page, 'Your recovery codes');
    await tabTo('codes-kept');
    await keyboard.press('Enter');
    await heading(page, 'Your account');
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'sign-out');
    await keyboard.press('Enter');
    await told(page, 'You are signed out.');
  });
});

test('the example’s page takes an app’s code or a recovery code, too, and hands its session on', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  const {codes} = (await call('POST', `/Employees/${ann.id}/recovery-codes`, {token: ann.token})).json;
  const page = await openPage(browser, server.url);
  await givePassword(page, ann.email);
  await page.locator('#where', {hasText: 'Your authenticator app shows your code.'}).waitFor();
  await press(page, 'Use a recovery code instead');
  await page.locator('#where', {hasText: 'Enter one of the codes you kept.'}).waitFor();
  assert.ok(!await page.locator('#resend').isVisible());
  await look(page, 'code-recovery');
  await press(page, 'Use your authenticator app instead');
  await page.locator('#where', {hasText: 'Your authenticator app shows your code.'}).waitFor();
  await press(page, 'Use a recovery code instead');
  await page.locator('#where', {hasText: 'Enter one of the codes you kept.'}).waitFor();
  await field(page, 'Code').fill(codes[2]);
  await press(page, 'Sign in');
  await heading(page, 'You are in');
  await page.getByRole('link', {name: 'Second factors, recovery codes, sessions, password'}).click();
  await heading(page, 'Your account');
  await page.getByText('9 of 10 left.').waitFor();
  await page.locator('#overview-who', {hasText: ann.email}).waitFor();
  await page.evaluate(() => sessionStorage.setItem('sallyport-session',
    JSON.stringify({token: 'x'.repeat(64), userId: 1, at: '/api/Employees', ends: Date.now() + 60_000})));
  await page.reload();
  await heading(page, 'Sign in');
  await told(page, 'Your session has ended. Sign in again.');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a first factor may be a number, and giving up leads back to the sign-in', async () => {
  await serve({channels: ['sms', 'totp'], phone: 'mobile'});
  const email = 'dan@company.test';
  await account(email);
  await inPage(async page => {
    await givePassword(page, email);
    await heading(page, 'Add a second factor');
    await look(page, 'account-enrol-both');
    await page.getByRole('button', {name: /^An authenticator app/}).click();
    await press(page, 'Cancel');
    await heading(page, 'Add a second factor');
    await press(page, 'Sign in as someone else');
    await heading(page, 'Sign in');
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);

    await givePassword(page, email);
    await page.getByRole('button', {name: /^Text messages/}).click();
    await field(page, 'Mobile number').fill('+33612345678');
    await press(page, 'Send a code');
    await press(page, 'Another number, or another code');
    assert.equal(await focused(page), 'phone');
    await press(page, 'Send a code');
    await complaint(page, 'Too many tries.');
    await advance(61);
    await press(page, 'Send a code');
    await field(page, 'Code').fill(await nextCode(server, email, 1));
    await press(page, 'Add this number');
    await heading(page, 'Your account');
    await page.locator('#factors', {hasText: '+•• ••• ••78'}).waitFor();
  });
});

test('what took too long is said and starts again: a code, a QR code, a session', async () => {
  await serve({channels: ['sms', 'totp'], phone: 'mobile'});
  const ann = await accountWithApp('ann@company.test');
  const bob = 'bob@company.test';
  await account(bob, {mobile: '+33612345678'});
  await inPage(async page => {
    await page.clock.install();
    await givePassword(page, bob);
    await heading(page, 'Enter your code');
    await page.clock.fastForward(301_000);
    await complaint(page, 'This code is too old by now. Send a new one.');
    await advance(301);
    await press(page, 'Send a new code');
    await field(page, 'Code').fill(await nextCode(server, bob, 1));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await page.clock.fastForward(86_401_000);
    await heading(page, 'Sign in');
    await told(page, 'Your session has ended. Sign in again.');

    // An app goes on having codes when its challenge is over.
    await givePassword(page, ann.email);
    await heading(page, 'Enter your code');
    await page.clock.fastForward(301_000);
    await advance(301);
    await field(page, 'Code').fill(appCode(ann.uri));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await press(page, 'Add an authenticator app');
    await press(page, 'Show the QR code');
    await heading(page, 'Scan this with your app');
    await page.clock.fastForward(301_000);
    await complaint(page, 'That took too long, and its code is good no more. Start again.');
    assert.equal(await focused(page), 'label');
    assert.equal(await page.locator('#qr').innerHTML(), '');
  });
});

test('behind a proxy that serves the app below a path, calls and links go below it too', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  const page = await browser.newPage();
  const asked = [];
  await page.route('**/shop/**', async route => {
    const url = route.request().url();
    asked.push(new URL(url).pathname);
    await route.fulfill({response: await route.fetch({url: url.replace('/shop/', '/')})});
  });
  await page.goto(`${server.url}shop/account`);
  await givePassword(page, ann.email);
  await field(page, 'Code').fill(appCode(ann.uri));
  await press(page, 'Sign in');
  await heading(page, 'Your account');
  assert.ok(asked.every(name => name.startsWith('/shop/')), String(asked));
  assert.equal(await page.locator('#forgot').evaluate(({pathname}) => pathname), '/shop/reset-password');
  await page.close();
});

test('a mailbox that has to agree first leads on to the first factor', async () => {
  await serve({channels: ['totp']});
  const email = 'eve@company.test';
  await account(email);
  const {enrol} = (await call('POST', '/Employees/requestCode', {body: {email, password}})).json;
  await inPage(async page => {
    await page.route('**/requestCode', route => route.fulfill({json: {
      challenge: 'x', channel: 'email', hint: 'your email address', ttl: 300, resendAfter: 60, channels: ['email'],
    }}));
    await page.route('**/loginWithCode', route => route.fulfill({json: {id: enrol.id, ttl: 600, userId: enrol.userId}}));
    await givePassword(page, email);
    await page.getByText('A mail with your code is on its way to you.').waitFor();
    await field(page, 'Code').fill('123456');
    await press(page, 'Sign in');
    await heading(page, 'Add a second factor');
    await page.getByRole('button', {name: /^An authenticator app/}).click();
    await press(page, 'Show the QR code');
    await heading(page, 'Scan this with your app');
    await field(page, 'Code').fill(appCode(await scan(page)));
    await press(page, 'Add this app');
    await heading(page, 'Your account');
  });
});

test('where no second factor is required a session by password is told how to get the first one', async () => {
  await serve({channels: ['totp'], required: false});
  const email = 'fay@company.test';
  await account(email);
  const {json} = await call('POST', '/Employees/login', {body: {email, password}});
  await inPage(async page => {
    await page.evaluate(({id, userId}) => sessionStorage.setItem('sallyport-session',
      JSON.stringify({token: id, userId, at: '/api/Employees', ends: Date.now() + 3600_000})), json);
    await page.reload();
    await page.locator('#overview-who', {hasText: email}).waitFor();
    await press(page, 'Add an authenticator app');
    await press(page, 'Show the QR code');
    await dialog(page, 'Confirm it is you');
    await field(page, 'Password').fill(password);
    await press(page, 'Continue');
    await complaint(page, 'Where it has none yet, sign out and in again to add one.');
  });
});

test('an email address changes once both mailboxes have agreed', async () => {
  await serve({channels: ['totp']});
  const ann = await verifiedAccountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await page.locator('#email-now', {hasText: 'ann@company.test'}).waitFor();
    await press(page, 'Change email address');
    await heading(page, 'Change your email address');
    assert.equal(await focused(page), 'address');
    await look(page, 'account-email');
    await press(page, 'Send the mails');
    await complaint(page, 'Enter an email address, as in ann@example.com.');
    await field(page, 'New email address').fill('ann@company.test');
    await press(page, 'Send the mails');
    await complaint(page, 'This is your address already.');
    await field(page, 'New email address').fill('ann@home.test');
    await press(page, 'Send the mails');
    await told(page, 'Two mails are on their way. Open the links in both: the one to ann@home.test, and the one to ann@company.test.');
    assert.equal(await focused(page), 'email-card-title');
    await page.locator('#email-pending', {hasText: 'To become ann@home.test: open the link in the mail to ann@home.test and in the one to ann@company.test'}).waitFor();
    await look(page, 'account-email-waiting');
    const links = await changeLinks(ann.email, 'ann@home.test');
    await answerLink(links.new, 'It is mine: use it', 'One more mailbox to go');
    await answerLink(links.old, 'It was me: change it', 'Your email address is changed');
    await answerLink(links.old, 'It was me: change it', 'This link no longer works');
    await page.reload();
    await page.locator('#email-now', {hasText: 'ann@home.test'}).waitFor();
    assert.ok(await page.locator('#email-pending').isHidden());
  });
  assert.ok(await signsIn('ann@home.test'));
});

test('the old mailbox can refuse, and a change that waits can be cancelled', async () => {
  await serve({channels: ['totp']});
  const ann = await verifiedAccountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await askForEmail(page, 'eve@company.test');
    await press(page, 'Cancel the change');
    await told(page, 'Your address stays as it is: the links no longer work.');
    const cancelled = await changeLinks(ann.email, 'eve@company.test');
    await answerLink(cancelled.new, 'It is mine: use it', 'This link no longer works');
    await askForEmail(page, 'eve@company.test');
    const {old} = await changeLinks(ann.email, 'eve@company.test', 2);
    await answerLink(old, 'It was not me: refuse', 'Nothing was changed');
    await page.reload();
    await heading(page, 'Sign in');
  });
  assert.ok(await signsIn('ann@company.test'));
});

test('what happened is shown newest first, older on demand', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await call('POST', '/Employees/requestCode', {body: {email: ann.email, password: 'not the password'}});
  await inPage(async page => {
    await signIn(page, ann);
    await page.locator('#events li').first().getByText('Signed in').waitFor();
    assert.equal(await page.locator('#events li').count(), 5);
    await look(page, 'account-activity');
    await press(page, 'Show older');
    await page.locator('#events li').nth(5).waitFor();
    const all = await page.locator('#events .name').allTextContents();
    assert.ok(all.some(text => text.startsWith('Wrong password')), String(all));
    assert.equal(all.at(-1), 'Account made');
    assert.ok(await page.locator('#older-events').isHidden());
    assert.ok(await page.evaluate(() => document.activeElement.matches('#events li')));
  });
});

test('the data of an account is downloaded, and the account deleted once its name is typed', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download your data')]);
    assert.equal(file.suggestedFilename(), '127.0.0.1-account.json');
    const data = JSON.parse(fs.readFileSync(await file.path(), 'utf8'));
    assert.equal(data.account.email, 'ann@company.test');
    assert.equal(data.factors.length, 1);
    await press(page, 'Delete account');
    await heading(page, 'Delete your account');
    assert.equal(await focused(page), 'typed');
    await look(page, 'account-delete');
    await press(page, 'Delete for good');
    await complaint(page, 'Type ann@company.test, exactly so.');
    await page.locator('#typed').fill('ann@company.tes');
    await page.keyboard.press('Enter');
    await complaint(page, 'Type ann@company.test, exactly so.');
    await page.locator('#typed').fill('ann@company.test');
    await page.keyboard.press('Enter');
    await told(page, 'Your account is deleted.');
    await heading(page, 'Sign in');
  });
  assert.ok(await isOver(ann.token));
  assert.equal((await call('POST', '/Employees/requestCode', {body: {email: ann.email, password}})).status, 401);
});

test('an account is deleted only by who shows a code of the last five minutes', async () => {
  await serve({channels: ['totp']});
  const ann = await accountWithApp('ann@company.test');
  await inPage(async page => {
    await signIn(page, ann);
    await advance(301);
    await press(page, 'Delete account');
    await page.locator('#typed').fill('ann@company.test');
    await press(page, 'Delete for good');
    await page.getByRole('dialog', {name: 'Confirm it is you'}).waitFor();
    await page.getByRole('dialog').getByRole('button', {name: 'Cancel'}).click();
    assert.ok(!await isOver(ann.token));
  });
});

// ---------- the mailed links of a change ----------

// As accountWithApp, once its owner has shown to read the address: {email, id, uri, token}.
async function verifiedAccountWithApp(email) {
  const id = await account(email);
  await call('POST', `/Employees/${id}/verify`);
  const link = await nextLink(server, email);
  assert.equal((await fetch(server.url + link, {redirect: 'manual'})).status, 302);
  const seen = server.mails(email).length;
  const {challenge} = (await call('POST', '/Employees/requestCode', {body: {email, password}})).json;
  await mailsTo(email, seen + 1);
  const [twofactor] = /\d{6}/.exec(server.mails(email).at(-1));
  const enrol = (await call('POST', '/Employees/loginWithCode', {body: {email, twofactor, challenge}})).json;
  const made = (await call('POST', `/Employees/${id}/factors`, {body: {type: 'totp'}, token: enrol.id})).json;
  const {json} = await call('POST', `/Employees/${id}/factors/${made.id}/confirm`, {body: {twofactor: appCode(made.uri, -1)}, token: enrol.id});
  assert.ok(json.id, JSON.stringify(json));
  return {email, id, uri: made.uri, token: json.id};
}

async function mailsTo(email, count) {
  const deadline = Date.now() + 10_000;
  while (server.mails(email).length < count) {
    assert.ok(Date.now() < deadline, `no mail came to ${email}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

async function askForEmail(page, address) {
  await press(page, 'Change email address');
  await field(page, 'New email address').fill(address);
  await press(page, 'Send the mails');
  await told(page, 'Two mails are on their way.');
}

const linksTo = email => server.mails(email).map(text => /http:\/\/[^/]+\/(change-email\S+)/.exec(text)?.[1]).filter(Boolean);

// {new, old}: what the mailboxes were sent about the change to `address`, once `old` had `count` such mails.
async function changeLinks(old, address, count = 1) {
  const deadline = Date.now() + 10_000;
  while (linksTo(old).length < count || linksTo(address).length < count) {
    assert.ok(Date.now() < deadline, 'the mails did not come');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return {new: linksTo(address).at(-1), old: linksTo(old).at(-1)};
}

// Opens a link as a mailbox's owner would, in a window of its own.
async function answerLink(link, word, leadsTo) {
  const page = await openPage(browser, server.url, link);
  await page.getByRole('button', {name: word, exact: true}).waitFor();
  await look(page, `change-email-${/side=(\w+)/.exec(link)[1]}`);
  await press(page, word);
  await heading(page, leadsTo);
  await look(page, `change-email-${leadsTo.split(' ').slice(-2).join('-').toLowerCase()}`);
  assert.deepEqual(page.faults, []);
  const kept = await page.evaluate(() => JSON.stringify([location.href, history.state, {...sessionStorage}, {...localStorage}]));
  assert.ok(!kept.includes(/token=(\w+)/.exec(link)[1]));
  await page.context().close();
}

const signsIn = async email => (await call('POST', '/Employees/requestCode', {body: {email, password}})).status === 200;

// Signs in on the example's page, with a code of the console, and trusts the device; resolves behind both doors.
async function trustOnExamplePage(page, email) {
  const seen = server.sent(email).length;
  await givePassword(page, email);
  await page.getByRole('checkbox', {name: 'Trust this device'}).check();
  await field(page, 'Code').fill(await nextCode(server, email, seen));
  await press(page, 'Sign in');
  await heading(page, 'You are in');
}

test('where the server lets devices skip the code the example’s page offers it, and asks for the password alone the next time', async () => {
  await serve({channels: ['console'], trustDays: 30});
  const email = 'ann@company.test';
  await account(email);
  const page = await openPage(browser, server.url);
  await givePassword(page, email);
  await page.getByText('For 30 days your password alone opens your account here.').waitFor();
  await look(page, 'code-trust');
  await press(page, 'Not you?');
  await advance(61);
  await trustOnExamplePage(page, email);
  await press(page, 'Sign out');
  await givePassword(page, email);
  await heading(page, 'You are in');
  assert.equal(server.sent(email).length, 2, 'nothing is sent where no code is needed');
  assert.deepEqual(page.faults, []);
  assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees the cookie');
  await page.context().close();
});

test('the checkbox is reached and set by the keyboard, and is off the next time', async () => {
  await serve({channels: ['console'], trustDays: 7});
  const email = 'bob@company.test';
  await account(email);
  const page = await openPage(browser, server.url);
  const {keyboard} = page;
  await keyboard.type(email);
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await field(page, 'Code').waitFor();
  await keyboard.type(await nextCode(server, email));
  await keyboard.press('Tab');
  assert.equal(await focused(page), 'trust');
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await heading(page, 'You are in');
  assert.ok((await page.context().cookies()).some(({name, httpOnly, sameSite}) => name.startsWith('trust-') && httpOnly && sameSite === 'Strict'));
  assert.ok(!await page.locator('#trust').isChecked());
  await page.context().close();
});

test('trusted devices are listed and ended, and what changes factors asks them for a code', async () => {
  await serve({channels: ['console', 'totp'], trustDays: 30});
  const email = 'cat@company.test';
  await account(email);
  await inPage(async page => {
    await givePassword(page, email);
    await page.getByRole('checkbox', {name: 'Trust this device'}).check();
    await look(page, 'account-code-trust');
    await field(page, 'Code').fill(await nextCode(server, email));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    await page.locator('#devices', {hasText: 'this one'}).waitFor();
    await look(page, 'account-devices');
    await press(page, 'Sign out');
    await givePassword(page, email);
    await heading(page, 'Your account');

    await advance(61);
    await press(page, 'Make recovery codes');
    await dialog(page, 'Confirm it is you');
    await field(page, 'Password').fill(password);
    await press(page, 'Continue');
    await field(page, 'Code').fill(await nextCode(server, email, 1));
    await press(page, 'Continue');
    await heading(page, 'Your recovery codes');
    assert.match(await page.locator('#code-list li').first().innerText(), /^0(-[a-z2-9]{5}){3}$/);
    await look(page, 'account-codes-long');
    await press(page, 'I have kept them');

    await page.getByRole('button', {name: /^Trust no more: /}).press('Enter');
    await told(page, 'That device is asked for a code from now on.');
    assert.equal(await focused(page), 'devices-title');
    await page.getByText('You trust none: a code is asked for everywhere.').waitFor();
    await look(page, 'account-devices-none');
    await press(page, 'Sign out');
    await advance(61);
    await givePassword(page, email);
    await heading(page, 'Enter your code');
    assert.ok(!await page.getByRole('checkbox', {name: 'Trust this device'}).isChecked());
  });
});

test('of several trusted devices none is left when all end, and without the setting there is no such card', async () => {
  await serve({channels: ['console'], trustDays: 1}, {Customer: {channels: ['console']}});
  const email = 'dan@company.test';
  await account(email);
  const other = await openPage(browser, server.url);
  await trustOnExamplePage(other, email);
  await other.context().close();
  await advance(61);
  await inPage(async page => {
    await givePassword(page, email);
    await page.getByRole('checkbox', {name: 'Trust this device'}).check();
    await field(page, 'Code').fill(await nextCode(server, email, 1));
    await press(page, 'Sign in');
    await page.locator('#devices li').nth(1).waitFor();
    await press(page, 'Trust none of them any more');
    await dialog(page, 'Trust none of them any more?');
    await press(page, 'Trust none');
    await told(page, 'Every device is asked for a code from now on.');
    assert.equal(await page.locator('#devices li').count(), 0);
  }, '#at=/api/Employees');
  const customer = 'eve@company.test';
  await account(customer, {}, 'Customers');
  await inPage(async page => {
    await givePassword(page, customer);
    await heading(page, 'Enter your code');
    assert.ok(!await page.getByRole('checkbox').isVisible());
    await field(page, 'Code').fill(await nextCode(server, customer));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
    assert.ok(!await page.getByRole('heading', {name: 'Devices'}).isVisible());
  }, '#at=/api/Customers');
});

// Waits for a code in a mail to `email`.
async function nextMailedCode(email) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = server.mails(email).map(text => /(\d{6}) is your sign-in code/.exec(text)).find(Boolean);
    if (found) return found[1];
    assert.ok(Date.now() < deadline, `no code was mailed to ${email}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

test('codes by mail are marked as weaker, and switched off and on', async () => {
  await serve({channels: ['console', 'email']});
  const email = 'fay@company.test';
  await account(email);
  await call('POST', '/Employees/reset', {body: {email}});
  const link = await nextLink(server, email);
  const token = /token=(\w{64})/.exec(link)[1];
  assert.equal((await call('POST', '/Employees/reset-password', {body: {newPassword: password}, token})).status, 204);
  await inPage(async page => {
    await givePassword(page, email);
    await field(page, 'Code').fill(await nextCode(server, email));
    await press(page, 'Sign in');
    await page.locator('#factors', {hasText: 'weaker'}).waitFor();
    await look(page, 'account-mailed-codes');
    await press(page, 'Switch off: Codes by mail');
    await press(page, 'Switch them off');
    await told(page, 'Codes by mail are off, and every other session has ended.');
    await page.locator('#factors', {hasText: 'Not used to open your account'}).waitFor();
    await press(page, 'Switch on: Codes by mail');
    await told(page, 'Codes by mail are on.');
    await press(page, 'Sign out');
    await advance(61);
    await givePassword(page, email);
    await heading(page, 'Enter your code');
    await advance(61);
    await press(page, 'Get a mail instead');
    await page.getByText('A mail with your code is on its way to you.').waitFor();
    await field(page, 'Code').fill(await nextMailedCode(email));
    await press(page, 'Sign in');
    await heading(page, 'Your account');
  });
});
