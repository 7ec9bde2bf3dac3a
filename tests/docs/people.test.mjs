// docs/how-to/bring-users-over.md: its file is imported, and its commands say what the page shows.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, program} from '../server/program.mjs';
import {blocks, house, steps} from './transcript.mjs';

test('the page brings its account over, and takes it along', t => {
  const folder = copyOf('examples/two-factor', t);
  const environment = {...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`};
  const run = command => spawnSync('bash', ['-c', command], {cwd: folder, env: environment, encoding: 'utf8'});
  run('sallyport keys new');
  const page = fs.readFileSync(path.join(house, 'docs/how-to/bring-users-over.md'), 'utf8');
  fs.writeFileSync(path.join(folder, 'people.jsonl'), blocks(page, 'json')[0].join('\n'));
  const found = steps(page);
  assert.equal(found.length, 3);
  for (const {command, shown} of found) {
    const {status, stderr} = run(command);
    assert.equal(status, 0, stderr);
    assert.equal(stderr.trimEnd(), shown.join('\n'));
  }
  const copy = path.join(folder, 'copy.jsonl');
  assert.deepEqual(JSON.parse(fs.readFileSync(copy, 'utf8')), {id: 1, email: 'ann@company.example', emailVerified: true});
});
