// The server under attack, the people on it, and the codes and letters that reach them.
//
// Attackers and victims come from addresses of their own: the server trusts this machine as a proxy, and a client is the
// address it claims. With URL and CODES in the environment another server is attacked, which must serve the app of this
// folder, trust the proxy, and append {"email", "code"} lines (tokens of mailed links too) to CODES.
import {spawn} from 'node:child_process';
import {createHmac, randomInt} from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {mailServer} from '../server/mail_server.mjs';
import {program, root} from '../server/program.mjs';

export const password = 'a sally port has two doors';
const foreign = process.env.URL && new URL(process.env.URL);

/** One server for the file that calls this, started before its tests and stopped after them. */
export function underAttack() {
  const stage = {foreign: Boolean(foreign), codes: new Map(), heard: []};
  const cleaners = [];
  let child;

  function keep(email, code) {
    stage.codes.set(email, code);
    stage.heard.splice(0).forEach(look => look());
  }

  function run() {
    child = spawn(program, ['run', stage.folder, '--make-keys', '--host', '127.0.0.1', '--port', '0'], {env: {...process.env, MAIL_PORT: String(stage.mailPort)}});
    let output = '';
    const read = part => {
      output += part;
      stage.output += part;
      for (let end; (end = output.indexOf('\n')) >= 0; output = output.slice(end + 1)) {
        const line = output.slice(0, end);
        const code = /^Two factor code for (.*): (\d+)$/.exec(line);
        if (code) keep(code[1], code[2]);
        const port = /listening at: http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
        if (port) stage.port = Number(port[1]);
      }
      stage.heard.splice(0).forEach(look => look());
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    return until(() => stage.port);
  }

  function until(done) {
    return new Promise(resolve => {
      const look = () => (done() ? resolve(done()) : stage.heard.push(look));
      look();
    });
  }

  /** The code or token that reached an address since `forget`. */
  stage.code = async email => {
    if (foreign) readCodes();
    return until(() => stage.codes.get(email));
  };
  stage.forget = email => stage.codes.delete(email);

  function readCodes() {
    for (const line of fs.readFileSync(process.env.CODES, 'utf8').split('\n').filter(Boolean)) {
      const {email, code} = JSON.parse(line);
      keep(email, code);
    }
  }

  /** The server is killed and comes up again on what it had committed. */
  stage.killAndRestart = async () => {
    const gone = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    stage.port = undefined;
    await run();
  };

  before(async () => {
    stage.output = '';
    if (foreign) {
      stage.host = foreign.hostname;
      stage.port = Number(foreign.port);
      return;
    }
    stage.host = '127.0.0.1';
    stage.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-attack-'));
    fs.cpSync(path.join(root, 'tests/attacks/app'), stage.folder, {recursive: true});
    cleaners.push(() => fs.rmSync(stage.folder, {recursive: true, force: true}));
    const mail = await mailServer({after: action => cleaners.push(action)}, {}, ({plain, envelope}) => {
      stage.letters.push(plain);
      const token = /#token=(\w{64})/.exec(plain);
      if (token) keep(envelope.rcptTo[0].address, token[1]);
    });
    stage.letters = [];
    stage.mailPort = mail.port;
    await run();
  });
  after(async () => {
    if (child) {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    for (const clean of cleaners) await clean();
  });
  return stage;
}

let addresses = 0;
/** An address nobody has had yet, each in a network of its own. */
export const newAddress = () => `${11 + (process.pid % 80)}.${process.pid % 250}.${++addresses}.1`;

/** Somebody with a browser: an address, and the cookies that the server gave it. */
export class Client {
  constructor(stage, address = newAddress()) {
    Object.assign(this, {stage, address, cookies: new Map(), token: undefined});
  }

  /** Sends a request; resolves with {status, headers, text, json}. `headers` win over those a browser would send. */
  send(method, target, body, headers = {}) {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all = {'X-Forwarded-For': this.address, 'X-Forwarded-Proto': 'https', Host: 'company.example', ...(this.token ? {Authorization: this.token} : {}), ...(payload ? {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload)} : {}), ...headers};
    if (this.cookies.size) all.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Promise((resolve, reject) => {
      const request = http.request({host: this.stage.host, port: this.stage.port, method, path: target, headers: all}, response => {
        let text = '';
        response.on('data', part => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          for (const cookie of response.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
            this.cookies.set(name, value);
          }
          resolve({status: response.statusCode, headers: response.headers, text, json: /json/.test(response.headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined});
        });
      });
      request.on('error', reject);
      request.end(payload);
    });
  }

  post(target, body, headers) {
    return this.send('POST', `/api${target}`, body, headers);
  }
  get(target, headers) {
    return this.send('GET', `/api${target}`, undefined, headers);
  }
}

let people = 0;
/** A new account of `model`, and a browser at its owner's own address. */
export async function newPerson(stage, {model = 'Employees'} = {}) {
  const client = new Client(stage);
  const email = `person${++people}-${process.pid}@company.example`;
  const made = await client.post(`/${model}`, {email, password});
  if (made.status !== 200) throw new Error(`no account: ${made.text}`);
  return Object.assign(client, {email, id: made.json.id, at: `/${model}`, mine: `/${model}/${made.json.id}`});
}

/** Step one: the answer of requestCode. */
export const requestCode = (client, {email, at = '/Employees'}, more = {}) => client.post(`${at}/requestCode`, {email, password, ...more});

export const loginWithCode = (client, {email, at = '/Employees'}, twofactor, challenge) => client.post(`${at}/loginWithCode`, {email, twofactor, challenge});

/** Both steps; the client holds the session then. */
export async function signIn(person, client = person) {
  person.stage.forget(person.email);
  const asked = await requestCode(client, person);
  if (asked.status !== 200) throw new Error(`no code: ${asked.text}`);
  const entered = await loginWithCode(client, person, await person.stage.code(person.email), asked.json.challenge);
  if (entered.status !== 200) throw new Error(`not let in: ${entered.text}`);
  client.token = entered.json.id;
  return entered.json;
}

/** A code that is not `right`. */
export const otherThan = right => String((Number(right) + 1 + randomInt(1000)) % 10 ** right.length).padStart(right.length, '0');

const base32 = text => {
  const bits = [...text].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
};

/** RFC 6238 with its usual numbers; `steps` away from now. */
export function appCode(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  return String((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** Adds an authenticator app to a person who is signed in; its secret. The step before this one is used for it. */
export async function addApp(person) {
  const added = await person.post(`${person.mine}/factors`, {type: 'totp'});
  if (added.status !== 200) throw new Error(`no app: ${added.text}`);
  const confirmed = await person.post(`${person.mine}/factors/${added.json.id}/confirm`, {twofactor: appCode(added.json.secret, -1)});
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${confirmed.text}`);
  return {id: added.json.id, secret: added.json.secret};
}

/** The person shows that the mailbox is theirs, by a mailed link. */
export async function proveAddress(person) {
  person.stage.forget(person.email);
  await person.post(`${person.at}/reset`, {email: person.email});
  const link = Object.assign(new Client(person.stage), {token: await person.stage.code(person.email)});
  const proven = await link.post(`${person.at}/reset-password`, {newPassword: password});
  if (proven.status !== 204) throw new Error(`not proven: ${proven.text}`);
}

/** Both steps by an app whose step `steps` away from now is not used yet. */
export async function signInByApp(person, secret, {client = person, steps = 0} = {}) {
  const asked = await requestCode(client, person, {channel: 'totp'});
  const entered = await loginWithCode(client, person, appCode(secret, steps), asked.json.challenge);
  if (entered.status !== 200) throw new Error(`not let in: ${entered.text}`);
  client.token = entered.json.id;
  return entered.json;
}

/** A case of the list: its number, what is tried, and the report that it comes from. */
export const attack = (number, title, report, body) => test(`${number}. ${title} [${report}]`, body);

/** The same, of what only a server that we started can show. */
export const attackOwn = (number, title, report, body) => test(`${number}. ${title} [${report}]`, {skip: foreign && 'needs a server of its own'}, body);
