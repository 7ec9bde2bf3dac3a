// The page of examples/two-factor in a real browser: signing up, both doors, every way to be refused, and the way out.

import assert from 'node:assert/strict';
import {after, afterEach, before, beforeEach, test} from 'node:test';
import {look, nextCode, openPage, startBrowser, startServer, wrongCode} from './stage.mjs';

const password = 'a sally port has two doors';
const wrongPasswordText = 'Sorry, but that email and password do not match!';
const wrongCodeText = 'Sorry, but that verification code does not work!';
let server, browser;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());

// A server of its own for every test: no account and no count of tries comes from another.
beforeEach(async () => {
  server = await startServer();
});

afterEach(() => server?.stop());

// Runs `steps` in a fresh window, then sees that the page broke nothing of its own policy.
const inPage = steps => async () => {
  const page = await openPage(browser, server.url);
  await steps(page);
  assert.deepEqual(page.faults, []);
  await page.context().close();
};

// An account that was made without the page.
async function account(email, mobile) {
  const response = await fetch(`${server.url}api/Employees`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({email, password, mobile}),
  });
  assert.equal(response.status, 200, await response.text());
  return email;
}

async function givePassword(page, email, text = password) {
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(text);
  await page.getByRole('button', {name: 'Continue'}).click();
}

async function giveCode(page, code) {
  await field(page, 'Code').fill(code);
  await page.getByRole('button', {name: 'Sign in'}).click();
}

async function signIn(page, email) {
  const seen = server.sent(email).length;
  await givePassword(page, email);
  await field(page, 'Code').waitFor();
  await giveCode(page, await nextCode(server, email, seen));
  await page.getByRole('heading', {name: 'You are in'}).waitFor();
}

const field = (page, label) => page.getByLabel(label).filter({visible: true});
const focused = page => page.evaluate(() => document.activeElement.id);
const seen = (page, text) => page.getByText(text, {exact: false}).filter({visible: true}).first().waitFor();

// What a script on the page could find: every field, and both storages.
const everythingKept = page => page.evaluate(() => {
  const fields = [...document.querySelectorAll('input')].map(input => input.value);
  return JSON.stringify([fields, {...sessionStorage}, {...localStorage}]);
});

test('someone new signs up, is asked for the code at once, and is in', inPage(async page => {
  await look(page, 'sign-in');
  await page.getByRole('button', {name: 'Create an account'}).click();
  await look(page, 'sign-up');
  await field(page, 'Email').fill('ann@company.test');
  await field(page, 'Password').fill(password);
  await field(page, 'Mobile number').fill('+1 555 0100 200');
  await page.getByRole('button', {name: 'Create account'}).click();

  await field(page, 'Code').waitFor();
  await seen(page, 'Your code is on the server’s console');
  await seen(page, /Good for (5:00|4:5\d)/);
  await look(page, 'code');
  await giveCode(page, await nextCode(server, 'ann@company.test'));

  await page.getByRole('heading', {name: 'You are in'}).waitFor();
  await seen(page, '+15550100200');
  await seen(page, 'This session ends');
  await seen(page, 'in 24 hours');
  await look(page, 'account');
  assert.ok(!(await everythingKept(page)).includes(password));
}));

test('what cannot be an account is refused beside the field that is wrong', inPage(async page => {
  await page.getByRole('button', {name: 'Create an account'}).click();
  const cases = [
    {email: 'no address', password, mobile: '', wrong: 'new-email'},
    {email: 'iva@company.test', password, mobile: '555', wrong: 'new-mobile'},
    {email: 'iva@company.test', password: 'seven c', mobile: '', wrong: 'new-password'},
  ];
  for (const {email, password: text, mobile, wrong} of cases) {
    await field(page, 'Email').fill(email);
    await field(page, 'Password').fill(text);
    await field(page, 'Mobile number').fill(mobile);
    await page.getByRole('button', {name: 'Create account'}).click();
    await page.locator(`#${wrong}-error:not(:empty)`).waitFor();
    assert.equal(await focused(page), wrong);
    assert.deepEqual(await page.$$eval('[aria-invalid]', fields => fields.map(({id}) => id)), [wrong]);
  }
  await look(page, 'sign-up-refused');
}));

test('a wrong password is refused without saying whether the account exists', inPage(async page => {
  const email = await account('bea@company.test');
  for (const name of [email, 'nobody@company.test']) {
    await givePassword(page, name, 'not the password');
    await page.locator('#password-error', {hasText: wrongPasswordText}).waitFor();
    assert.equal(await focused(page), 'password');
  }
  await look(page, 'password-refused');
}));

test('a wrong code is refused and the next try may be right', inPage(async page => {
  const email = await account('cat@company.test');
  await givePassword(page, email);
  await field(page, 'Code').waitFor();
  const code = await nextCode(server, email);

  await giveCode(page, wrongCode(code));
  await seen(page, wrongCodeText);
  assert.equal(await focused(page), 'code');
  await look(page, 'code-refused');

  await giveCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByRole('heading', {name: 'You are in'}).waitFor();
}));

test('a code that came too late is refused, and a new one works', inPage(async page => {
  const email = await account('dan@company.test');
  await givePassword(page, email);
  await field(page, 'Code').waitFor();
  const late = await nextCode(server, email);
  await server.advance(301);
  await giveCode(page, late);
  await seen(page, wrongCodeText);

  await page.clock.install();
  await page.reload();
  await givePassword(page, email);
  await field(page, 'Code').waitFor();
  await nextCode(server, email, 1);
  await page.getByRole('button', {name: /Send a new code in/}).waitFor();
  await page.clock.fastForward(301_000);
  await seen(page, 'This code has expired. Send a new one.');
  await look(page, 'code-expired');

  await server.advance(61);
  await page.getByRole('button', {name: 'Send a new code', exact: true}).click();
  await seen(page, /Good for/);
  await giveCode(page, await nextCode(server, email, 2));
  await page.getByRole('heading', {name: 'You are in'}).waitFor();
}));

test('a reload keeps the session, signing out ends it', inPage(async page => {
  const email = await account('eve@company.test');
  await signIn(page, email);
  await page.reload();
  await page.getByRole('heading', {name: 'You are in'}).waitFor();
  await seen(page, email);
  const {token} = await page.evaluate(() => JSON.parse(sessionStorage.getItem('sallyport-session')));

  await page.getByRole('button', {name: 'Sign out'}).click();
  await seen(page, 'You are signed out.');
  await look(page, 'signed-out');
  const answer = await fetch(`${server.url}api/Employees/1`, {headers: {Authorization: token}});
  assert.equal(answer.status, 401);
  await page.reload();
  await field(page, 'Password').waitFor();
}));

test('a session that ran out brings the login back and says so', inPage(async page => {
  await signIn(page, await account('fay@company.test'));
  await server.advance(86_401);
  await page.reload();
  await seen(page, 'Your session has ended. Sign in again.');
  await look(page, 'session-ended');
}));

test('everything can be done with the keyboard alone', inPage(async page => {
  const email = await account('gus@company.test');
  const {keyboard} = page;
  assert.equal(await focused(page), 'email');
  await keyboard.type(email);
  await keyboard.press('Tab');
  await keyboard.type('not the password');
  await keyboard.press('Enter');
  await page.locator('#password-error:not(:empty)').waitFor();
  await keyboard.type(password);
  await keyboard.press('Enter');
  await field(page, 'Code').waitFor();
  assert.equal(await focused(page), 'code');
  await keyboard.type(await nextCode(server, email));
  await keyboard.press('Enter');
  await page.getByRole('heading', {name: 'You are in'}).waitFor();
  assert.equal(await focused(page), 'account-title');
  await keyboard.press('Tab');
  assert.equal(await focused(page), 'logout');
  await keyboard.press('Enter');
  await seen(page, 'You are signed out.');
  assert.equal(await focused(page), 'email');
}));

test('whoever asks too often is told how long to wait', inPage(async page => {
  const email = await account('hal@company.test');
  await givePassword(page, email);
  await field(page, 'Code').waitFor();
  await page.getByRole('button', {name: 'Not you?'}).click();
  await givePassword(page, email);
  await seen(page, /Please wait: you can try again in \d+ seconds\./);
}));

test('fields tell password managers and phones what they are', inPage(async page => {
  const told = await page.$$eval('input', inputs => inputs.map(({id, autocomplete, inputMode}) => [id, autocomplete, inputMode]));
  assert.deepEqual(told, [
    ['email', 'username', ''],
    ['password', 'current-password', ''],
    ['code', 'one-time-code', 'numeric'],
    ['trust', '', ''],
    ['new-email', 'username', ''],
    ['new-password', 'new-password', ''],
    ['new-mobile', 'tel', ''],
  ]);
}));

test('the page lets in no script, style or frame but its own', async () => {
  const {headers} = await fetch(server.url);
  const policy = headers.get('content-security-policy') ?? '';
  const rules = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
    "frame-ancestors 'none'"];
  for (const rule of rules) assert.ok(policy.includes(rule), `${rule} in ${policy}`);
  const html = await (await fetch(server.url)).text();
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]*src=)|\son[a-z]+=/);
});

test('who forgot the password, and who is in, find the pages that help', inPage(async page => {
  assert.equal(await page.getByRole('link', {name: 'Forgot your password?'}).getAttribute('href'), '/reset-password#at=/api/Employees');
  const email = await account('ida@company.test');
  await page.locator('#email').fill(email);
  await page.getByRole('link', {name: 'Forgot your password?'}).click();
  await page.getByRole('heading', {name: 'Get a link by mail'}).waitFor();
  assert.equal(await page.locator('#email').inputValue(), email);
  await page.goto(server.url);
  await signIn(page, email);
  await page.getByRole('link', {name: 'Second factors, recovery codes, sessions, password'}).click();
  await page.getByRole('heading', {name: 'Your account'}).waitFor();
  await page.locator('#overview-who', {hasText: email}).waitFor();
}));
