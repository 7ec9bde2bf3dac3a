// The explorer in a real browser: its login panel, through both doors or one, and what a call that is tried out carries.

import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {look, nextCode, openPage, startBrowser, startServer, wrongCode} from './stage.mjs';

const password = 'a sally port has two doors';
let server, browser;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());

afterEach(() => server?.stop());

// Runs `steps` in a fresh window, then sees that the page broke nothing of its own policy and put no token in a link.
const inExplorer = (steps, app) => async () => {
  server = await startServer(app);
  const page = await openPage(browser, server.url, 'explorer');
  const requested = [];
  page.on('request', request => requested.push(request.url()));
  await page.locator('.opblock-tag').first().waitFor();
  await steps(page);
  assert.deepEqual(page.faults, []);
  const token = await keptToken(page);
  if (token) assert.ok(![...requested, page.url()].some(url => url.includes(token)));
  await page.context().close();
};

async function account(model, credentials) {
  const response = await fetch(`${server.url}api/${model}`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({password, ...credentials}),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

async function passFirstDoor(page, email, text = password) {
  await panel(page).getByLabel('Email').fill(email);
  await panel(page).getByLabel('Password').fill(text);
  await panel(page).getByRole('button', {name: 'Continue'}).click();
}

async function passSecondDoor(page, code) {
  await panel(page).getByLabel('Code').fill(code);
  await page.getByRole('button', {name: 'Sign in'}).click();
}

async function signIn(page, email) {
  const seen = server.sent(email).length;
  await passFirstDoor(page, email);
  await panel(page).getByLabel('Code').waitFor();
  await passSecondDoor(page, await nextCode(server, email, seen));
  await title(page, `Signed in as ${email}`);
}

// Tries out an operation in swagger-ui, with `id` where its path has one; resolves with what the server answered.
async function tryOut(page, operation, id) {
  const block = operation(page);
  await block.scrollIntoViewIfNeeded();
  if (!(await block.getAttribute('class')).includes('is-open')) {
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', {name: 'Try it out'}).click();
    if (id !== undefined) await block.locator('tr[data-param-name=id] input').fill(String(id));
  }
  const answered = page.waitForResponse(response => response.url().includes('/api/'));
  await block.getByRole('button', {name: 'Execute'}).click();
  const response = await answered;
  await block.locator('.live-responses-table .response-col_status', {hasText: String(response.status())}).waitFor();
  return response;
}

const panel = page => page.locator('#panel');
const findEmployee = page => page.locator('.opblock-get', {has: page.locator('[data-path="/Employees/{id}"]')});
const title = (page, text) => page.getByRole('heading', {name: text}).waitFor();
const error = (page, text) => page.locator('#panel .error', {hasText: text}).waitFor();
const focused = page => page.evaluate(() => document.activeElement.id);
const keptToken = page => page.evaluate(() => JSON.parse(sessionStorage.getItem('sallyport-explorer'))?.token);

test('behind both doors every call that is tried out carries the token', inExplorer(async page => {
  const {id, email} = await account('Employees', {email: 'ann@company.test'});
  assert.equal((await tryOut(page, findEmployee, id)).status(), 401);
  await look(page, 'explorer-signed-out', ['#swagger-ui']);

  await passFirstDoor(page, email);
  await page.getByText('Your code is on the server’s console').waitFor();
  await page.getByRole('button', {name: /Send a new code in/}).waitFor();
  await look(page, 'explorer-code', ['#swagger-ui']);
  await passSecondDoor(page, await nextCode(server, email));
  await title(page, `Signed in as ${email}`);
  await look(page, 'explorer-signed-in', ['#swagger-ui']);

  const answer = await tryOut(page, findEmployee, id);
  assert.equal(answer.status(), 200);
  assert.equal((await answer.json()).email, email);
}));

test('signing out ends the session on the server, and a reload keeps it until then', inExplorer(async page => {
  const {id, email} = await account('Employees', {email: 'bea@company.test'});
  await signIn(page, email);
  await page.reload();
  await title(page, `Signed in as ${email}`);
  assert.equal((await tryOut(page, findEmployee, id)).status(), 200);
  const token = await keptToken(page);

  await page.getByRole('button', {name: 'Sign out'}).click();
  await page.getByText('You are signed out.').waitFor();
  assert.equal(await keptToken(page), undefined);
  assert.equal((await tryOut(page, findEmployee, id)).status(), 401);
  const answer = await fetch(`${server.url}api/Employees/${id}`, {headers: {Authorization: token}});
  assert.equal(answer.status, 401);
}));

test('what is refused is told in words, and the next try may be right', inExplorer(async page => {
  const {email} = await account('Employees', {email: 'cat@company.test'});
  await panel(page).getByRole('button', {name: 'Continue'}).click();
  await error(page, 'Enter your email.');
  await passFirstDoor(page, email, 'not the password');
  await error(page, 'that email and password do not match');
  assert.equal(await focused(page), 'password');
  await look(page, 'explorer-refused', ['#swagger-ui']);

  await passFirstDoor(page, email);
  await panel(page).getByLabel('Code').waitFor();
  const code = await nextCode(server, email);
  await passSecondDoor(page, wrongCode(code));
  await error(page, 'that verification code does not work');
  assert.equal(await focused(page), 'code');

  await page.getByRole('button', {name: 'Start again'}).click();
  await passFirstDoor(page, email);
  await error(page, /You can try again in \d+ seconds\./);
}));

test('a new code can be sent once the wait is over', inExplorer(async page => {
  const {email} = await account('Employees', {email: 'dan@company.test'});
  await page.clock.install();
  await passFirstDoor(page, email);
  await page.getByRole('button', {name: /Send a new code in/}).waitFor();
  await server.advance(61);
  await page.clock.fastForward(61_000);
  await page.getByRole('button', {name: 'Send a new code', exact: true}).click();
  await page.getByText('A new code was sent.').waitFor();
  await passSecondDoor(page, await nextCode(server, email, 1));
  await title(page, `Signed in as ${email}`);
}));

test('a token that one has is used as it is, and only forgotten at the end', inExplorer(async page => {
  const {id, email} = await account('Employees', {email: 'eve@company.test'});
  await signIn(page, email);
  const token = await keptToken(page);
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();

  await page.getByText('Use a token you have').click();
  await panel(page).getByLabel('Access token').fill(token);
  await page.getByRole('button', {name: 'Use it'}).click();
  await title(page, 'Signed in as the owner of your token');
  assert.equal((await tryOut(page, findEmployee, id)).status(), 200);
  await page.getByRole('button', {name: 'Sign out'}).click();
  await page.getByText('it is still good').waitFor();
  assert.equal((await tryOut(page, findEmployee, id)).status(), 401);
}));

test('of several models one is chosen, and one door is enough where there is one', inExplorer(async page => {
  await account('Customers', {email: 'fay@company.test', username: 'fay'});
  const models = await panel(page).getByLabel('Account of').locator('option').allTextContents();
  assert.deepEqual(models, ['Customer', 'Employee', 'Member', 'Tenant']);
  await panel(page).getByLabel('Account of').selectOption('Employee');
  await panel(page).getByRole('button', {name: 'Continue'}).waitFor();
  await panel(page).getByLabel('Account of').selectOption('Customer');
  await look(page, 'explorer-models', ['#swagger-ui']);
  await panel(page).getByLabel('Email or user name').fill('fay');
  await panel(page).getByLabel('Password').fill(password);
  await page.getByRole('button', {name: 'Sign in'}).click();
  await title(page, 'Signed in as fay (Customer 1)');
}, 'tests/contract/app'));

test('everything can be done with the keyboard alone', inExplorer(async page => {
  const {id, email} = await account('Employees', {email: 'gus@company.test'});
  const {keyboard} = page;
  const press = async (...keys) => { for (const key of keys) await keyboard.press(key); };
  await page.getByRole('link', {name: 'Swagger 2.0'}).focus();
  await press('Tab');
  assert.equal(await focused(page), 'account');
  await keyboard.type(email);
  await press('Tab');
  await keyboard.type(password);
  await press('Enter');
  await panel(page).getByLabel('Code').waitFor();
  assert.equal(await focused(page), 'code');
  await keyboard.type(await nextCode(server, email));
  await press('Enter');
  await title(page, `Signed in as ${email}`);
  assert.equal(await focused(page), 'panel-title');

  await findEmployee(page).locator('.opblock-summary-control').focus();
  await press('Enter');
  await page.getByRole('button', {name: 'Try it out'}).focus();
  await press('Enter');
  await page.locator('tr[data-param-name=id] input').focus();
  await keyboard.type(String(id));
  const answered = page.waitForResponse(response => response.url().includes(`/api/Employees/${id}`));
  await page.getByRole('button', {name: 'Execute'}).focus();
  await press('Enter');
  assert.equal((await answered).status(), 200);

  await page.getByRole('button', {name: 'Sign out'}).focus();
  await press('Enter');
  await page.getByText('You are signed out.').waitFor();
  assert.equal(await focused(page), 'account');
}));
