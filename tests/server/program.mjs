// Starts the built program on a copy of an app folder, and talks to it.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** The program under test; the variable SALLYPORT may name another, such as one with a fault in it. */
export const program = process.env.SALLYPORT ?? path.join(root, 'build/release/sallyport');

/** A temporary copy of an app folder, removed when the test ends. */
export function copyOf(folder, test) {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-'));
  fs.cpSync(path.join(root, folder), copy, {recursive: true});
  test.after(() => fs.rmSync(copy, {recursive: true, force: true}));
  return copy;
}

/** Starts `sallyport run` on a free port, or another program; resolves with {child, port, output()} once it listens. */
export function start(folder, test, {program: started = program, words = ['run', folder, '--make-keys', '--host', '127.0.0.1', '--port', '0']} = {}) {
  return listening(spawn(started, words), test);
}

/** The same of an app that needs the methods of the contract app, which are written in C++. */
export function startContract(folder, test) {
  return listening(spawn(path.join(root, 'build/release/contract_server'), [folder, '0', path.join(folder, 'codes.jsonl')]), test);
}

function listening(child, test) {
  let output = '';
  child.stdout.on('data', part => (output += part));
  child.stderr.on('data', part => (output += part));
  child.done = new Promise(resolve => child.once('exit', (code, signal) => resolve({code, signal})));
  test.after(() => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = /listening at: https?:\/\/127\.0\.0\.1:(\d+)/.exec(output);
      if (found) resolve({child, port: Number(found[1]), output: () => output});
    };
    child.stdout.on('data', look);
    child.done.then(({code}) => reject(new Error(`the program ended with ${code}: ${output}`)));
  });
}

/** One request; resolves with {status, headers, json}. */
export function send(port, method, target, {body, headers = {}, agent} = {}) {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const all = {...headers, ...(payload === undefined ? {} : {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload)})};
    const request = http.request({host: '127.0.0.1', port, method, path: target, headers: all, agent}, response => {
      let text = '';
      response.on('data', part => (text += part));
      response.on('error', reject);
      response.on('end', () => resolve({status: response.statusCode, headers: response.headers, text, json: /json/.test(response.headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined}));
    });
    request.on('error', reject);
    request.end(payload);
  });
}
