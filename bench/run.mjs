// Side by side with LoopBack 3: CPU per request of both servers, and their ratio; then what only Sallyport promises.
//   node bench/run.mjs [--rounds N] [--seconds N] [--no-storm | --only-storm | --only-tls | --only-streams | --only-doors]
// Client and servers share the machine, so requests per second say little: the gate is CPU time per request (user and
// system, all threads) as a ratio within one run.
import {spawn, execFileSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const binary = path.join(root, 'build/release/sallyport');
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const rounds = option('--rounds', 3);
const seconds = option('--seconds', 5);
const ticks = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

const targets = {'GET by id': 20, 'GET own user': 20, 'list of 20': 12, 'create': 12, 'include of 20': 12, 'list of 1000': 12, 'count of 100000': 12};

function send(port, method, target, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request({host: '127.0.0.1', port, method, path: target, headers: {...headers, ...(payload ? {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload)} : {})}}, response => {
      let text = '';
      response.on('data', part => (text += part));
      response.on('end', () => resolve({status: response.statusCode, json: text && /json/.test(response.headers['content-type'] || '') ? JSON.parse(text) : undefined}));
    });
    request.on('error', reject);
    request.end(payload);
  });
}

async function start(command, args, port) {
  const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit'], env: {...process.env, NODE_ENV: 'production'}});
  child.stdout.resume();
  const began = process.hrtime.bigint();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
    try {
      if ((await send(port, 'GET', '/api/Products/count')).status === 200) break;
    } catch { await sleep(1); }
  }
  child.firstAnswer = Number(process.hrtime.bigint() - began) / 1e6;
  return child;
}

async function stop(child) {
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15000);
  await gone;
  clearTimeout(late);
}

const cpu = pid => {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
};

const pss = pid => Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;

function wrk(port, target, {script, headers = {}, connections = 64, time = seconds, threads = 1, scheme = 'http'} = {}) {
  const args = [`-t${threads}`, `-c${connections}`, `-d${time}s`, '--latency'];
  if (script) args.push('-s', path.join(here, 'wrk', script));
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const child = spawn('wrk', [...args, `${scheme}://127.0.0.1:${port}${target}`], {stdio: ['ignore', 'pipe', 'inherit']});
    let text = '';
    child.stdout.on('data', part => (text += part));
    child.on('exit', code => code ? reject(new Error('wrk failed')) : resolve({
      requests: Number(/(\d+) requests in/.exec(text)[1]),
      bad: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
      text}));
  });
}

async function measure(child, port, target, options) {
  const before = cpu(child.pid);
  const {requests, bad} = await wrk(port, target, options);
  if (bad > 0) throw new Error(`${bad} of ${requests} answers to ${target} were errors`);
  return (cpu(child.pid) - before) / requests * 1e6;
}

async function seed(port) {
  for (let i = 1; i <= 100; i++) {
    await send(port, 'POST', '/api/Products', {name: `Product ${String(i * 37 % 100).padStart(3, '0')}`, sku: `S-${i}`, price: i * 37 % 100, stock: i, tags: ['a', 'b'], released: '2015-06-01'});
  }
  await send(port, 'POST', '/api/Customers', {email: 'ann@bench.test', password: 'correct horse', name: 'Ann'});
  await create(port, '/api/Reviews', 500, i => ({text: `Review ${i}`, stars: i % 5, productId: 1 + i % 100}));
}

async function create(port, target, count, recordOf) {
  const atOnce = 100;
  for (let i = 0; i < count; i += atOnce) {
    const {status} = await send(port, 'POST', target, Array.from({length: atOnce}, (_, at) => recordOf(i + at)));
    if (status !== 200) throw new Error(`POST ${target} was answered ${status}`);
  }
}

// As many as a count needs to be felt.
const seedEvents = port => create(port, '/api/Events', 100000, i => ({kind: `kind ${i % 7}`, amount: i % 100, at: '2015-06-01T10:00:00.000Z'}));

async function measureAll(child, port) {
  const login = await send(port, 'POST', '/api/Customers/login', {email: 'ann@bench.test', password: 'correct horse'});
  const token = login.json.id;
  const text = value => encodeURIComponent(JSON.stringify(value));
  await wrk(port, '/', {script: 'by-id.lua', time: 2});  // Warm both up: JIT here, caches there.
  const small = {
    'GET by id': await measure(child, port, '/', {script: 'by-id.lua'}),
    'GET own user': await measure(child, port, `/api/Customers/${login.json.userId}`, {headers: {Authorization: token}}),
    'list of 20': await measure(child, port, `/api/Products?filter=${text({where: {price: {gt: 10}}, order: 'name ASC', limit: 20})}`),
    'create': await measure(child, port, '/', {script: 'create.lua'}),
    'include of 20': await measure(child, port, `/api/Products?filter=${text({limit: 20, include: 'reviews'})}`),
  };
  await seedEvents(port);
  return {
    ...small,
    'list of 1000': await measure(child, port, `/api/Events?filter=${text({limit: 1000})}`, {connections: 8}),
    'count of 100000': await measure(child, port, `/api/Events/count?where=${text({amount: {gt: 50}})}`, {connections: 8}),
  };
}

function folder() {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-bench-'));
  fs.cpSync(path.join(here, 'app'), copy, {recursive: true});
  return copy;
}

async function sideBySide() {
  const results = {loopback: [], sallyport: []};
  let app;
  let port = 21000 + process.pid % 9000;
  for (let round = 0; round < rounds; round++) {
    const twin = await start('node', [path.join(here, 'loopback/server.js'), String(++port)], port);
    await seed(port);
    results.loopback.push(await measureAll(twin, port));
    await stop(twin);
    app = folder();
    const ours = await start(binary, ['run', app, '--make-keys', '--host', '127.0.0.1', '--port', String(++port)], port);
    await seed(port);
    results.sallyport.push(await measureAll(ours, port));
    await stop(ours);
  }
  console.log(`CPU per request, us (median of ${rounds} rounds, 64 connections)`);
  console.log('request            LoopBack 3   Sallyport   ratio   target');
  for (const [name, target] of Object.entries(targets)) {
    const theirs = median(results.loopback.map(r => r[name]));
    const mine = median(results.sallyport.map(r => r[name]));
    const ratio = theirs / mine;
    console.log(`${name.padEnd(17)} ${theirs.toFixed(1).padStart(11)} ${mine.toFixed(1).padStart(11)} ${ratio.toFixed(1).padStart(7)}   >= ${target}  ${ratio >= target ? 'reached' : 'MISSED'}`);
    if (ratio < target) process.exitCode = 1;
  }
  return {app, port};
}

async function footprint({app, port}) {
  const firsts = [];
  let memory;
  for (let i = 0; i < 5; i++) {
    const child = await start(binary, ['run', app, '--host', '127.0.0.1', '--port', String(++port)], port);
    firsts.push(child.firstAnswer);
    await stop(child);
  }
  {  // Memory of a server nobody has asked anything.
    const child = spawn(binary, ['run', app, '--host', '127.0.0.1', '--port', String(++port)], {stdio: 'ignore'});
    await sleep(10000);
    memory = pss(child.pid);
    await stop(child);
  }
  const twin = await start('node', [path.join(here, 'loopback/server.js'), String(++port)], port);
  await sleep(10000);
  const theirs = pss(twin.pid);
  await stop(twin);
  const stripped = path.join(os.tmpdir(), `sallyport-stripped-${process.pid}`);
  execFileSync('strip', ['-o', stripped, binary]);
  const size = fs.statSync(stripped).size / 2 ** 20;
  fs.rmSync(stripped);
  const line = (name, value, unit, target) => {
    console.log(`${name.padEnd(28)} ${value.toFixed(1)} ${unit}   < ${target}  ${value < target ? 'reached' : 'MISSED'}`);
    if (value >= target) process.exitCode = 1;
  };
  console.log();
  line('idle memory (PSS)', memory, 'MiB', 20);
  console.log(`${'idle memory of LoopBack 3'.padEnd(28)} ${theirs.toFixed(1)} MiB`);
  line('exec to first 200', median(firsts), 'ms', 50);
  console.log(`${'stripped binary'.padEnd(28)} ${size.toFixed(1)} MiB`);
  return port;
}

// GETs at a fixed rate, whatever the answers take; latency from the moment each was due.
async function steady(port, rate, time) {
  const agent = new http.Agent({keepAlive: true, maxSockets: 64});
  const taken = [];
  const pending = [];
  const began = performance.now();
  for (let i = 0; i < rate * time; i++) {
    const due = began + i * 1000 / rate;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    pending.push(new Promise(resolve => {
      const request = http.get({host: '127.0.0.1', port, path: `/api/Products/${1 + i % 100}`, agent}, response => {
        response.resume();
        response.on('end', () => { taken.push(performance.now() - due); resolve(); });
      });
      request.on('error', () => { taken.push(Infinity); resolve(); });
    }));
  }
  await Promise.all(pending);
  agent.destroy();
  taken.sort((a, b) => a - b);
  return {median: taken[Math.floor(taken.length / 2)], p99: taken[Math.floor(taken.length * 0.99)]};
}

async function storm(port) {
  const app = folder();
  const bench = () => start(path.join(root, 'build/release/bench_server'), [app, String(++port)], port);
  let child = await bench();
  await seed(port);
  await send(port, 'POST', '/api/Employees', {email: 'user1@storm.test', password: 'correct horse battery'});
  await stop(child);  // The file is the server's alone while it runs.
  // One hash serves all: what is measured is checking, not making them.
  execFileSync('sqlite3', [path.join(app, 'data.db'), `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    INSERT INTO employee (email, password) SELECT 'user' || i || '@storm.test', password FROM n, employee WHERE email = 'user1@storm.test'`]);
  child = await bench();
  const quiet = await steady(port, 100, 30);
  const attack = wrk(port, '/', {script: 'storm.lua', time: 32, threads: 1});
  await sleep(1000);
  const busy = await steady(port, 100, 30);
  const {requests, bad} = await attack;
  await stop(child);
  const growth = busy.p99 / quiet.p99;
  console.log();
  console.log('login storm: 64 clients at requestCode, GET by id at 100/s for 30 s');
  console.log(`  p99 without ${quiet.p99.toFixed(2)} ms, with ${busy.p99.toFixed(2)} ms: ${growth.toFixed(1)} times   < 5  ${growth < 5 ? 'reached' : 'MISSED'}`);
  console.log(`  hashes per second ${((requests - bad) / 32).toFixed(1)}, answered 503: ${bad} of ${requests}`);
  if (growth >= 5) process.exitCode = 1;
}

// What a server weighs with 2000 change streams open, and that each of them is told of a change.
async function streams(port) {
  const count = 2000;
  const child = await start(binary, ['run', folder(), '--make-keys', '--host', '127.0.0.1', '--port', String(++port)], port);
  const told = [];
  const open = [];
  for (let i = 0; i < count; i++) {
    open.push(await new Promise((resolve, reject) => {
      const request = http.get({host: '127.0.0.1', port, path: '/api/Products/change-stream?_format=event-stream', headers: {Accept: 'text/event-stream'}, agent: false}, response => {
        told.push(new Promise(heard => response.on('data', part => /event: data/.test(part) && heard())));
        resolve(request);
      });
      request.on('error', reject);
    }));
  }
  const memory = pss(child.pid);
  await send(port, 'POST', '/api/Products', {name: 'Lamp'});
  await Promise.all(told);
  for (const request of open) request.destroy();
  await stop(child);
  console.log();
  console.log(`${count} change streams (PSS)     ${memory.toFixed(1)} MiB   < 60  ${memory < 60 ? 'reached' : 'MISSED'}`);
  if (memory >= 60) process.exitCode = 1;
  return port;
}

// What a login costs beside its hashing, and what sessions do.
function doors() {
  const result = JSON.parse(execFileSync(path.join(root, 'build/release/bench_doors'), [folder()]));
  const line = (name, value, unit, most, what = '') => {
    console.log(`${name.padEnd(28)} ${value.toFixed(2)} ${unit}   <= ${most}  ${value <= most ? 'reached' : 'MISSED'}${what}`);
    if (value > most) process.exitCode = 1;
  };
  console.log();
  line('both steps of a login', result.logins / result.hashing, 'times its hashing', 1.15, ` (${(result.logins / 1000).toFixed(2)} ms, ${(result.hashing / 1000).toFixed(2)} ms)`);
  line('20000 sessions (PSS)', result.sessions, 'MiB', 10);
  line('checking a token', result.check, 'us', 10);
}

// The same requests through both doors of one process.
async function tls(port) {
  const app = folder();
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-keyout', path.join(app, 'key.pem'), '-out', path.join(app, 'chain.pem')], {stdio: 'ignore'});
  fs.chmodSync(path.join(app, 'key.pem'), 0o600);
  const secure = port + 1;
  const plain = port + 2;
  const file = path.join(app, 'server/config.json');
  fs.writeFileSync(file, JSON.stringify({...JSON.parse(fs.readFileSync(file)), url: 'https://bench.test', tls: {certificate: 'chain.pem', key: 'key.pem', plainPort: plain}}));
  const child = await start(binary, ['run', app, '--make-keys', '--host', '127.0.0.1', '--port', String(secure)], plain);
  await seed(plain);
  const by = {plain: [], tls: []};
  await measure(child, plain, '/', {script: 'by-id.lua', time: 2});
  for (let round = 0; round < rounds; round++) {
    by.plain.push(await measure(child, plain, '/', {script: 'by-id.lua'}));
    by.tls.push(await measure(child, secure, '/', {script: 'by-id.lua', scheme: 'https'}));
  }
  await stop(child);
  const ratio = median(by.tls) / median(by.plain);
  console.log();
  console.log(`GET by id over TLS: ${median(by.tls).toFixed(1)} us, in plain ${median(by.plain).toFixed(1)} us: ${ratio.toFixed(2)} times   <= 2.0  ${ratio <= 2 ? 'reached' : 'MISSED'}`);
  if (ratio > 2) process.exitCode = 1;
  return plain;
}

const only = ['--only-storm', '--only-tls', '--only-streams', '--only-doors'].find(word => process.argv.includes(word));
let port = 21000 + process.pid % 9000;
if (!only) port = await footprint(await sideBySide());
if (!only || only === '--only-doors') doors();
if (!only || only === '--only-streams') port = await streams(port);
if (!only || only === '--only-tls') port = await tls(port);
if (only === '--only-storm' || (!only && !process.argv.includes('--no-storm'))) await storm(port);
