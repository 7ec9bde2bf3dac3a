// Behind Debian's nginx and HAProxy: whose a request is, whether it came over TLS, and what a client cannot forge.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {copyOf, root, start} from './program.mjs';

const freePort = () => new Promise(resolve => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => resolve(port));
  });
});

async function listening(port, child) {
  for (const end = Date.now() + 10000; Date.now() < end;) {
    assert.equal(child.exitCode, null, 'the proxy has ended');
    const isUp = await new Promise(resolve => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (isUp) return;
  }
  assert.fail('the proxy does not listen');
}

function folderFor(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-proxy-'));
  t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'chain.pem')], {stdio: 'ignore'});
  fs.writeFileSync(path.join(folder, 'both.pem'), fs.readFileSync(path.join(folder, 'chain.pem'), 'utf8') + fs.readFileSync(path.join(folder, 'key.pem'), 'utf8'));
  return folder;
}

function run(command, args, t) {
  const child = spawn(command, args, {stdio: 'ignore'});
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function server(t, settings) {
  const folder = copyOf('bench/app', t);
  const file = path.join(folder, 'server/config.json');
  fs.writeFileSync(file, JSON.stringify({...JSON.parse(fs.readFileSync(file)), trustedProxies: ['127.0.0.1'], hstsSeconds: 60, ...settings}));
  return (await start(folder, t)).port;
}

// Clients come from addresses that are not the proxy's, which is believed.
function ask(scheme, port, {method = 'GET', target = '/api/Products/count', headers = {}, body, agent, from = '127.0.0.8'} = {}) {
  return new Promise((resolve, reject) => {
    const all = body === undefined ? headers : {...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body)};
    const request = (scheme === 'https' ? https : http).request({host: '127.0.0.1', port, method, path: target, headers: all, agent, localAddress: from, rejectUnauthorized: false}, response => {
      let text = '';
      response.on('data', part => (text += part));
      response.on('end', () => resolve({status: response.statusCode, headers: response.headers, text}));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Accounts made from one address are limited to 5 an hour: how many more come through. */
async function signUps(scheme, port, prefix, count, options) {
  let made = 0;
  for (let i = 0; i < count; i++) {
    const body = JSON.stringify({email: `${prefix}${i}@company.test`, password: 'correct horse battery'});
    const {status} = await ask(scheme, port, {method: 'POST', target: '/api/Employees', body, ...options(i)});
    if (status === 200) made++;
    else assert.equal(status, 429);
  }
  return made;
}

/** What holds behind any of them. */
async function behaves(scheme, port, isSecure) {
  const first = await ask(scheme, port);
  assert.equal(first.status, 200);
  assert.equal(first.headers['strict-transport-security'] !== undefined, isSecure);
  // The limit is of the address that the proxy saw: forged ones do not add to it, another real one does.
  assert.equal(await signUps(scheme, port, 'a', 7, i => ({headers: {'X-Forwarded-For': `6.6.6.${i}`, Forwarded: `for=6.6.6.${i}`}})), 5);
  assert.equal(await signUps(scheme, port, 'b', 2, () => ({from: '127.0.0.9'})), 2);
  const large = await ask(scheme, port, {method: 'POST', target: '/api/Products', body: JSON.stringify({name: 'x'.repeat(500000)})});
  assert.equal(large.status, 200);
  const refused = await ask(scheme, port, {method: 'POST', target: '/api/Products', body: JSON.stringify({name: 'x'.repeat(1200000)})});
  assert.equal(refused.status, 413);
  const agent = new (scheme === 'https' ? https : http).Agent({keepAlive: true, maxSockets: 1});
  for (let i = 0; i < 20; i++) assert.equal((await ask(scheme, port, {agent})).status, 200);
  agent.destroy();
}

async function nginx(t, upstream, folder) {
  const port = await freePort();
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off; client_max_body_size 2m; client_body_buffer_size 2m;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream sallyport { server 127.0.0.1:${upstream}; keepalive 16; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/chain.pem; ssl_certificate_key ${folder}/key.pem;
    location / {
      proxy_pass http://sallyport;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`);
  const child = run('nginx', ['-c', path.join(folder, 'nginx.conf'), '-p', folder, '-e', path.join(folder, 'error.log')], t);
  await listening(port, child);
  return port;
}

async function haproxy(t, upstream, folder, {mode, bind, options, target}) {
  const port = await freePort();
  fs.writeFileSync(path.join(folder, 'haproxy.cfg'), `global
  maxconn 64
defaults
  mode ${mode}
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend people
  bind 127.0.0.1:${port} ${bind}
  default_backend sallyport
backend sallyport
  ${options}
  server one 127.0.0.1:${upstream} ${target}
`);
  const child = run('haproxy', ['-f', path.join(folder, 'haproxy.cfg'), '-db'], t);
  await listening(port, child);
  return port;
}

test('behind nginx that ends TLS', async t => {
  const folder = folderFor(t);
  await behaves('https', await nginx(t, await server(t, {}), folder), true);
});

test('behind HAProxy that ends TLS and adds X-Forwarded-For', async t => {
  const folder = folderFor(t);
  const way = {mode: 'http', bind: `ssl crt ${folder}/both.pem`, options: 'option forwardfor\n  http-request set-header X-Forwarded-Proto https', target: ''};
  await behaves('https', await haproxy(t, await server(t, {}), folder, way), true);
});

test('behind HAProxy that passes bytes on, with the PROXY protocol 1', async t => {
  const folder = folderFor(t);
  const way = {mode: 'tcp', bind: '', options: '', target: 'send-proxy'};
  await behaves('http', await haproxy(t, await server(t, {proxyProtocol: true}), folder, way), false);
});

test('behind HAProxy that passes bytes on, with the PROXY protocol 2', async t => {
  const folder = folderFor(t);
  const way = {mode: 'tcp', bind: '', options: '', target: 'send-proxy-v2'};
  await behaves('http', await haproxy(t, await server(t, {proxyProtocol: true}), folder, way), false);
});

test('behind HAProxy that ends TLS and says so with the PROXY protocol 2', async t => {
  const folder = folderFor(t);
  const way = {mode: 'tcp', bind: `ssl crt ${folder}/both.pem`, options: '', target: 'send-proxy-v2-ssl'};
  await behaves('https', await haproxy(t, await server(t, {proxyProtocol: true}), folder, way), true);
});

test('the how-to shows the lines that are tried here', () => {
  const tried = fs.readFileSync(new URL(import.meta.url), 'utf8').replaceAll('\\n', '\n');
  const page = fs.readFileSync(path.join(root, 'docs/how-to/tls-and-proxies.md'), 'utf8');
  const shown = [...page.matchAll(/^ {4}(.*\S)$/gm)].map(([, line]) => line.trim()).filter(line => !line.startsWith('server one'));
  assert.ok(shown.length >= 9);
  for (const line of shown) assert.ok(tried.includes(line), line);
});
