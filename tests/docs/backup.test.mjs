// docs/how-to/back-up-and-restore.md: its commands say what the page shows, but for sizes and times.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {program} from '../server/program.mjs';
import {house, steps} from './transcript.mjs';

const withoutNumbers = text => text.replace(/\d+/g, '0');

test('the page backs up and restores', t => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-reader-'));
  t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
  const environment = {...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`};
  const run = command => spawnSync('bash', ['-c', command], {cwd: folder, env: environment, encoding: 'utf8'});
  run('sallyport new company && sallyport migrate company');

  const found = steps(fs.readFileSync(path.join(house, 'docs/how-to/back-up-and-restore.md'), 'utf8'));
  assert.equal(found.length, 2);
  for (const {command, shown} of found) {
    const {status, stderr} = run(command);
    assert.equal(status, 0, stderr);
    assert.equal(withoutNumbers(stderr.trimEnd()), withoutNumbers(shown.join('\n')));
  }
});
