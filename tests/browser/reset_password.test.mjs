// The page of mailed links in a real browser: a new password, every way to be refused, and the way to another link.

import assert from 'node:assert/strict';
import {after, afterEach, before, beforeEach, test} from 'node:test';
import {look, nextLink, openPage, startBrowser, startServer} from './stage.mjs';

const password = 'a sally port has two doors';
const newPassword = 'and a second key for each';
let server, browser;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());

beforeEach(async () => {
  server = await startServer();
});

afterEach(() => server?.stop());

const call = (path, body) => fetch(`${server.url}api/Employees${path}`, {
  method: 'POST',
  headers: {'Content-Type': 'application/json'},
  body: JSON.stringify(body),
});

async function account(email) {
  assert.equal((await call('', {email, password})).status, 200);
  return email;
}

// "reset-password#token=...&at=/api/Employees", as it was mailed.
async function mailedLink(email) {
  const seen = server.mails(email).length;
  assert.equal((await call('/reset', {email})).status, 204);
  return nextLink(server, email, seen);
}

const tokenOf = link => /token=(\w+)/.exec(link)[1];
const isPassword = async (email, text) => (await call('/requestCode', {email, password: text})).status === 200;

// Runs `steps` in a fresh window at `link`, then sees that the page broke nothing of its own policy and that no URL it
// asked for, no storage and no address holds a token of `link`.
async function inPage(link, steps) {
  const page = await openPage(browser, server.url, link);
  await steps(page);
  assert.deepEqual(page.faults, []);
  const kept = await page.evaluate(() => JSON.stringify([location.href, history.state, {...sessionStorage}, {...localStorage}]));
  const token = /token=(\w+)/.exec(link)?.[1];
  if (token) assert.ok(![...page.requested.filter(url => url !== server.url + link), kept].some(text => text.includes(token)));
  await page.context().close();
}

const heading = (page, name) => page.getByRole('heading', {name}).waitFor();
const field = page => page.getByLabel('New password', {exact: true});
const save = page => page.getByRole('button', {name: 'Save password'}).click();
const focused = page => page.evaluate(() => document.activeElement.id);
const complaint = (page, text) => page.locator('.error', {hasText: text}).waitFor();

async function choose(page, text) {
  await field(page).fill(text);
  await save(page);
}

test('a mailed link leads to a new password, and from there to the app', async () => {
  const email = await account('ann@company.test');
  await inPage(await mailedLink(email), async page => {
    await heading(page, 'Choose a new password');
    assert.equal(page.url(), `${server.url}reset-password`);
    assert.equal(await focused(page), 'password');
    assert.equal(await field(page).getAttribute('autocomplete'), 'new-password');
    await look(page, 'reset-choose');
    await choose(page, newPassword);
    await heading(page, 'Your password is changed');
    assert.equal(await focused(page), 'done-title');
    assert.equal(await page.inputValue('#password'), '');
    await look(page, 'reset-done');
    await page.getByRole('link', {name: 'Continue'}).click();
    await page.waitForURL(server.url);
  });
  assert.ok(await isPassword(email, newPassword));
});

test('a link to a first password tells of no old one', async () => {
  const link = `${await mailedLink(await account('fay@company.test'))}&first=yes`;
  await inPage(link, async page => {
    await heading(page, 'Choose a password');
    await look(page, 'reset-first');
    await page.getByLabel('Password', {exact: true}).fill(newPassword);
    await save(page);
    await heading(page, 'Your password is set');
    assert.ok(!(await page.locator('#done').innerText()).includes('old'));
    await look(page, 'reset-first-done');
  });
});

test('a password that is refused may be followed by a better one', async () => {
  const email = await account('bea@company.test');
  await inPage(await mailedLink(email), async page => {
    await save(page);
    await complaint(page, 'Enter a new password.');
    await choose(page, 'seven c');
    await complaint(page, 'The password is too short. Use at least 8 characters.');
    assert.equal(await focused(page), 'password');
    await look(page, 'reset-refused');
    await choose(page, newPassword);
    await heading(page, 'Your password is changed');
  });
  assert.ok(await isPassword(email, newPassword));
});

test('what is typed can be seen, and is hidden again before it is sent', async () => {
  await inPage(await mailedLink(await account('cat@company.test')), async page => {
    const type = () => field(page).getAttribute('type');
    await field(page).fill('seven c');
    await page.getByRole('button', {name: 'Show password'}).click();
    assert.equal(await type(), 'text');
    await page.getByRole('button', {name: 'Hide password'}).waitFor();
    await look(page, 'reset-shown');
    await save(page);
    await complaint(page, 'too short');
    await page.getByRole('button', {name: 'Show password'}).waitFor();
    assert.equal(await type(), 'password');
  });
});

test('a link that was used, has expired or is made up asks for an address and sends another', async () => {
  const email = await account('dan@company.test');
  const used = await mailedLink(email);
  await inPage(used, page => choose(page, newPassword).then(() => heading(page, 'Your password is changed')));
  const expired = await mailedLink(email);
  await server.advance(901);
  for (const link of [used, expired, `reset-password#token=${'x'.repeat(64)}&at=/api/Employees`]) {
    await inPage(link, async page => {
      await choose(page, 'some other password');
      await heading(page, 'This link no longer works');
    });
  }

  const seen = server.mails(email).length;
  await inPage(used, async page => {
    await choose(page, 'some other password');
    await heading(page, 'This link no longer works');
    assert.equal(await focused(page), 'ask-title');
    await look(page, 'reset-used');
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button', {name: 'Send a link'}).click();
    await heading(page, 'Check your mail');
    await look(page, 'reset-asked');
    const link = await nextLink(server, email, seen);
    await page.evaluate(hash => { location.hash = hash; }, link.slice(link.indexOf('#')));  // Opened in this very tab.
    await heading(page, 'Choose a new password');
    assert.ok(!page.url().includes(tokenOf(link)));
    await choose(page, 'a third key, for good');
    await heading(page, 'Your password is changed');
  });
  assert.ok(await isPassword(email, 'a third key, for good'));
});

test('whoever asks for a link is answered alike, whether there is an account or not', async () => {
  await account('eve@company.test');
  const answers = [];
  for (const email of ['eve@company.test', 'nobody@company.test']) {
    await inPage('reset-password#at=/api/Employees', async page => {
      await heading(page, 'Get a link by mail');
      if (answers.length === 0) await look(page, 'reset-ask');
      await page.getByRole('button', {name: 'Send a link'}).click();
      await complaint(page, 'Enter your email address');
      await page.getByLabel('Email').fill(email);
      await page.getByRole('button', {name: 'Send a link'}).click();
      await heading(page, 'Check your mail');
      answers.push((await page.locator('main').innerText()).replace(email, 'EMAIL'));
    });
  }
  assert.equal(answers[0], answers[1]);
});

test('a server that tells strangers who has an account (404, 401) is not quoted', async () => {
  for (const status of [401, 404]) {
    await inPage('reset-password#at=/api/Employees', async page => {
      await page.route('**/api/Employees/reset', route => route.fulfill({status, json: {error: {message: 'Email not found'}}}));
      await page.getByLabel('Email').fill('nobody@company.test');
      await page.getByRole('button', {name: 'Send a link'}).click();
      await heading(page, 'Check your mail');
    });
  }
});

test('too many requests and a server that is away are told in words', async () => {
  const email = await account('fay@company.test');
  await inPage(await mailedLink(email), async page => {
    await page.route('**/api/**', route => route.fulfill({status: 429, headers: {'Retry-After': '40'}, json: {error: {}}}));
    await choose(page, newPassword);
    await complaint(page, 'You can try again in 40 seconds.');
    await page.unroute('**/api/**');
    await page.route('**/api/**', route => route.abort());
    await save(page);
    await complaint(page, 'The server does not answer.');
  });
});

test('a reload has lost the token, and the link in the mail still works', async () => {
  const email = await account('gus@company.test');
  const link = await mailedLink(email);
  await inPage(link, async page => {
    await heading(page, 'Choose a new password');
    await page.reload();
    await heading(page, 'Get a link by mail');
    await page.goto(server.url + link);
    await choose(page, newPassword);
    await heading(page, 'Your password is changed');
  });
});

test('a link whose path leads elsewhere is refused before anything is sent', async () => {
  const token = 'x'.repeat(64);
  const bad = ['', '//evil.test/api', 'https://evil.test/', '/\\evil.test', '/api/../x', '/api/%2e%2e/x', '/api?x=', '/api#x', 'api/Employees', '/\t/evil.test'];
  for (const at of bad) {
    await inPage(`reset-password#token=${token}&at=${encodeURIComponent(at)}`, async page => {
      await heading(page, 'This link is not complete');
      if (at === '') await look(page, 'reset-incomplete');
    });
  }
});

test('behind a proxy that serves the app below a path, calls go below it too', async () => {
  const email = await account('hal@company.test');
  const link = await mailedLink(email);
  const page = await browser.newPage();
  const calls = [];
  await page.route('**/shop/**', async route => {
    const url = route.request().url().replace('/shop/', '/');
    if (url.includes('/api/')) calls.push(new URL(route.request().url()).pathname);
    await route.fulfill({response: await route.fetch({url})});
  });
  await page.goto(`${server.url}shop/${link}`);
  await choose(page, newPassword);
  await heading(page, 'Your password is changed');
  assert.deepEqual(calls, ['/shop/api/Employees/reset-password']);
  assert.equal(await page.getByRole('link', {name: 'Continue'}).evaluate(({pathname}) => pathname), '/shop/');
  await page.close();
});

test('everything can be done with the keyboard alone', async () => {
  const email = await account('ivy@company.test');
  const link = await mailedLink(email);
  await inPage(link, async page => {
    const {keyboard} = page;
    await heading(page, 'Choose a new password');
    await keyboard.type(newPassword);
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'reveal');
    await keyboard.press('Space');
    assert.equal(await field(page).getAttribute('type'), 'text');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await heading(page, 'Your password is changed');
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'home');
    await keyboard.press('Enter');
    await page.waitForURL(server.url);
  });
  await inPage(link, async page => {
    const {keyboard} = page;
    await keyboard.type('some other password');
    await keyboard.press('Enter');
    await heading(page, 'This link no longer works');
    await keyboard.press('Tab');
    assert.equal(await focused(page), 'email');
    await keyboard.type(email);
    await keyboard.press('Enter');
    await heading(page, 'Check your mail');
    assert.equal(await focused(page), 'asked-title');
  });
});
