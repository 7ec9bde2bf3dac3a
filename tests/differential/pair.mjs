// LoopBack 3 and Sallyport on one app folder, each behind one connection.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const program = path.join(here, '../../build/release/sallyport');
const patience = 8000;   // Milliseconds until an answer counts as late.
const longest = 300000;  // Until a server that answers nothing else either has ended.
const mostApps = 40;     // Of one process, which keeps some of each in memory.

/** Writes `files`, {path: JSON}, into a new folder in which both servers find what they need. */
function writeFolder(files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-differential-'));
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.writeFileSync(path.join(folder, name), JSON.stringify(content, null, 2));
  }
  fs.symlinkSync(path.join(here, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** A program that says where it listens. */
class Server {
  constructor(command, args) {
    this.child = spawn(command, args, {env: {...process.env, NODE_ENV: 'production'}});
    this.agent = new http.Agent({keepAlive: true, maxSockets: 1});
    this.output = '';
    this.child.once('exit', (code, signal) => {
      this.hasEnded = true;
      this.ended?.(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${this.output}`));
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', part => this.read(part));
  }

  read(part) {
    this.output += part;
    const found = /listening at: http:\/\/127\.0\.0\.1:(\d+)/.exec(this.output);
    if (!found) return;
    this.port = Number(found[1]);
    this.listens?.(this);
  }

  /** This, once it listens. */
  listening() {
    this.output = '';
    return new Promise((resolve, reject) => Object.assign(this, {listens: resolve, ended: reject}));
  }

  stop() {
    this.agent.destroy();
    this.child.kill('SIGKILL');
  }
}

/** LoopBack, whose start costs more than hundreds of requests: a process for many apps, one after another. */
export class LoopBack {
  /** The server, once it listens for the app in `folder` and for no other. */
  async open(folder) {
    try {
      if (this.server && !this.server.hasEnded && ++this.apps <= mostApps) return await this.tell(folder);
    } catch {
      // It ends by itself where a request changed more than its app.
    }
    this.server?.stop();
    this.server = new Server(process.execPath, [path.join(here, 'loopback/server.js')]);
    this.apps = 1;
    return this.tell(folder);
  }

  tell(folder) {
    const listening = this.server.listening();
    this.server.child.stdin.write(`${folder}\n`);
    return listening;
  }

  stop() {
    this.server?.stop();
  }
}

function send(server, agent, {method, path: target, body, headers = {}}, whenLate) {
  return new Promise(resolve => {
    const length = body === undefined ? {} : {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body)};
    const options = {host: '127.0.0.1', port: server.port, method, path: target, headers: {...length, ...headers}, agent};
    const request = http.request(options, response => {
      const parts = [];
      response.on('data', part => parts.push(part));
      response.on('end', () => resolve({status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString('utf8')}));
    });
    request.on('error', error => resolve({status: 0, headers: {}, text: error.message}));
    request.setTimeout(whenLate ? patience : longest, async () => {
      await whenLate?.();
      request.destroy(new Error('no answer'));
    });
    request.end(body);
  });
}

/** The answer; status 0 where a server that answers others gives none. On a busy machine all of them are late. */
async function ask(server, request) {
  const others = async () => {
    for (let left = 2; left > 0; --left) await send(server, undefined, {method: 'GET', path: '/another'});
  };
  return send(server, server.agent, request, others);
}

/** Both servers on a folder of `files`. */
export async function startPair(files, loopBack) {
  const folder = writeFolder(files);
  const ours = new Server(program, ['run', folder, '--make-keys', '--host', '127.0.0.1', '--port', '0']);
  const stop = () => {
    ours.stop();
    fs.rmSync(folder, {recursive: true, force: true});
  };
  try {
    const [sallyport, loopback] = await Promise.all([ours.listening(), loopBack.open(folder)]);
    return {
      folder,
      loopback,
      sallyport,
      stop,
      /** Sends one request to both; resolves with {loopback, sallyport}. */
      async send(request) {
        const [theirs, ours] = await Promise.all([ask(loopback, request), ask(sallyport, request)]);
        return {loopback: theirs, sallyport: ours};
      },
      /** Where LoopBack holds a record otherwise than it shows it, as ["Model.key.property"]. */
      async held() {
        return JSON.parse((await ask(loopback, {method: 'GET', path: '/held'})).text);
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
