// A server with an empty database, a browser, and what a test does with them.
//
// The server is browser_server (server.cpp): it serves an app folder, examples/two-factor unless told, on a port of the system's choice, appends each code
// and each mail it sends to a file, and moves its clock when told so on standard input.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

const house = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.BROWSER_SERVER ?? path.join(house, 'build/release/browser_server');
const shots = process.env.SCREENSHOTS ?? path.join(house, 'build/screenshots');
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browserFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export async function startServer(app = 'examples/two-factor') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-browser-'));
  const codes = path.join(folder, 'codes.jsonl');
  fs.writeFileSync(codes, '');
  const child = spawn(program, [path.resolve(house, app), '0', codes], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = readline.createInterface({input: child.stdout});
  const said = pattern => new Promise((resolve, reject) => {
    const look = line => {
      const match = pattern.exec(line);
      if (!match) return;
      lines.off('line', look);
      child.off('exit', fail);
      resolve(match);
    };
    const fail = code => reject(new Error(`the server ended with ${code} before it said ${pattern}`));
    lines.on('line', look);
    child.once('exit', fail);
  });
  const [, port] = await said(/listening at: http:\/\/[^:]+:(\d+)/);
  return {
    url: `http://127.0.0.1:${port}/`,
    async advance(seconds) {
      const done = said(/^advanced /);
      child.stdin.write(`advance ${seconds}\n`);
      await done;
    },
    mails: email => fs.readFileSync(`${codes}.mails`, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
      .filter(line => line.email === email).map(line => line.text),
    // How many codes `email` was sent, and the newest.
    sent: email => fs.readFileSync(codes, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
      .filter(line => line.email === email).map(line => line.code),
    async stop() {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      fs.rmSync(folder, {recursive: true});
    },
  };
}

export const startBrowser = () =>
  chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: browserFlags});

// A fresh window at `path` of the server: no stored session. It keeps every script error, every breach of the page's policy, and
// every address that was asked for or told as a referrer.
export async function openPage(browser, url, path = '') {
  const context = await browser.newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', error => faults.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  const requested = [];
  page.on('request', request => {
    requested.push(request.url(), request.headers().referer ?? '');
    if (!request.url().startsWith(url)) faults.push(`a request to ${request.url()}`);
  });
  page.on('response', response => {
    const {pathname} = new URL(response.url());
    if (response.status() >= 400 && !pathname.startsWith('/api/')) faults.push(`${response.status()} for ${pathname}`);
  });
  await page.goto(url + path);
  Object.assign(page, {faults, requested});
  return page;
}

// Waits for the newest code of `email` beyond the first `seen` ones.
export async function nextCode(server, email, seen = 0) {
  const deadline = Date.now() + 10_000;
  while (server.sent(email).length <= seen) {
    assert.ok(Date.now() < deadline, `no code was sent to ${email}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return server.sent(email).at(-1);
}

// Waits for the link in the newest mail to `email` beyond the first `seen` ones; resolves with what follows the server's address.
export async function nextLink(server, email, seen = 0) {
  const deadline = Date.now() + 10_000;
  while (server.mails(email).length <= seen) {
    assert.ok(Date.now() < deadline, `no mail was sent to ${email}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return /http:\/\/[^/]+\/(\S+)/.exec(server.mails(email).at(-1))[1];
}

export const wrongCode = code => code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');

// Looks at what is shown, light and dark, on a phone and on a desk: axe finds nothing, nothing sticks out, and a picture is kept.
// `but` is what others made: axe does not judge it, and only the top of the page is pictured.
export async function look(page, name, but = []) {
  fs.mkdirSync(shots, {recursive: true});
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    for (const width of [360, 1280]) {
      await page.setViewportSize({width, height: width === 360 ? 740 : 800});
      if (but.length > 0) await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: path.join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: but.length === 0 });
      const where = `${name}, ${width} px, ${colorScheme}`;
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) found.push(`${where}: ${overflow} px wider than the window`);
      found.push(...(await violations(page, but)).map(violation => `${where}: ${violation}`));
    }
  }
  assert.deepEqual(found, []);
}

// axe is evaluated by the debugger, since the page's policy lets no other script in.
async function violations(page, but) {
  await page.evaluate(axe);
  const result = await page.evaluate(exclude => window.axe.run({exclude}, {resultTypes: ['violations']}), but);
  return result.violations.flatMap(({id, nodes}) => nodes.map(node => `${id} at ${node.target}: ${node.failureSummary}`));
}
