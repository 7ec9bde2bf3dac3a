// Runs a page: the commands of its ```console blocks, in order, and compares what they print with what the page shows.
//
// Values that differ from run to run (codes, tokens, times) may differ from the page's where they have the same shape; a later
// command that repeats the page's value is given the real one.

import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const house = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const programs = process.env.SALLYPORT_PROGRAMS ?? path.join(house, 'build/release');

const shapes = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, () => '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z'],
  [/(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{20,}/, text => `[\\w-]{${text.length}}`],
  [/\b\d{13}\b/, () => '\\d{13}'],
  [/(?<!\d|\+)\b\d{6}\b(?!\d)/, () => '\\d{6}'],
];
const anyShape = new RegExp(shapes.map(([shape]) => shape.source).join('|'), 'g');
const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The fenced blocks of one kind, as lists of lines. */
export function blocks(markdown, kind) {
  const fenced = new RegExp(`^\`\`\`${kind}\n([^]*?)^\`\`\`$`, 'gm');
  return [...markdown.matchAll(fenced)].map(([, text]) => text.trimEnd().split('\n'));
}

/** What a reader does and sees, in order: {command, shown} for "$ ..." lines, {shown} for what only appears. */
export function steps(markdown) {
  const found = [];
  for (const lines of blocks(markdown, 'console')) {
    if (!lines[0].startsWith('$ ')) found.push({shown: []});
    for (const line of lines) {
      if (line.startsWith('$ ')) found.push({command: line.slice(2), shown: []});
      else found.at(-1).shown.push(line);
    }
  }
  return found;
}

const freePort = () => new Promise(resolve => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => {
    const {port} = probe.address();
    probe.close(() => resolve(port));
  });
});

/** One reader at work in `folder`. The page's port 3000 becomes a free one. */
export class Reader {
  #folder;
  #environment;
  #port;
  #real = new Map();  // a value on the page -> the value this run has in its place
  #server = null;
  #printed = '';

  static async in(folder) {
    const reader = new Reader();
    reader.#folder = folder;
    reader.#port = await freePort();
    reader.#environment = {...process.env, PATH: `${programs}:${process.env.PATH}`, PORT: String(reader.#port)};
    return reader;
  }

  async follow({command, shown}) {
    if (!command) return this.#waitFor(shown);
    if (command.startsWith('cd ')) {
      this.#folder = path.join(this.#folder, command.slice(3));
      return undefined;
    }
    if (command.startsWith('sallyport run')) return this.#start(command, shown);
    const {status, stdout, stderr} = spawnSync('bash', ['-c', this.#made(command)], {...this.#here(), encoding: 'utf8'});
    assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
    if (shown.length || command.startsWith('curl')) this.#compare(stdout.trimEnd(), shown.join('\n'), command);
    return undefined;
  }

  stop() {
    if (!this.#server) return undefined;
    const ended = new Promise(resolve => this.#server.once('exit', resolve));
    this.#server.kill('SIGTERM');
    return ended;
  }

  #here() {
    return {cwd: this.#folder, env: this.#environment};
  }

  async #start(command, shown) {
    this.#server = spawn('bash', ['-c', `exec ${command}`], {...this.#here(), stdio: ['ignore', 'pipe', 'pipe']});
    this.#server.stdout.on('data', text => (this.#printed += text));
    this.#server.stderr.on('data', text => (this.#printed += text));
    await this.#waitFor(shown);
  }

  async #waitFor(shown) {
    const deadline = Date.now() + 20_000;
    for (const line of shown) {
      while (!this.#matches(this.#printed, line)) {
        assert.ok(Date.now() < deadline && this.#server?.exitCode === null, `"${line}" did not appear in\n${this.#printed}`);
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    }
  }

  #compare(printed, shown, command) {
    if (!this.#matches(printed, shown, '^', '$')) assert.equal(printed, this.#made(shown), command);
  }

  // Whether `text` is what the page shows, up to changing values, which are then remembered.
  #matches(text, shown, before = '', after = '') {
    const values = [];
    const pattern = shown.replaceAll(':3000', `:${this.#port}`).split(anyShape).map(escape);
    const changing = shown.match(anyShape) ?? [];
    const source = pattern.reduce((sum, part, i) => {
      const value = changing[i - 1];
      const known = this.#real.get(value);
      if (known) return sum + escape(known) + part;
      values.push(value);
      return `${sum}(${shapes.find(([shape]) => shape.test(value))[1](value)})${part}`;
    });
    const match = new RegExp(before + source + after).exec(text);
    if (match) values.forEach((value, i) => this.#real.set(value, match[i + 1]));
    return match !== null;
  }

  #made(text) {
    let made = text.replaceAll(':3000', `:${this.#port}`);
    for (const [shown, real] of this.#real) made = made.replaceAll(shown, real);
    return made;
  }
}
