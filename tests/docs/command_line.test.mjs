// docs/reference/command-line.md has every command that --help has, in its order.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {program} from '../server/program.mjs';
import {house} from './transcript.mjs';

test('the page has the commands that there are', () => {
  const page = fs.readFileSync(path.join(house, 'docs/reference/command-line.md'), 'utf8');
  const [, commands] = page.split('| command | |\n|---|---|\n');
  const told = [...commands.split('\n\n')[0].matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  const {stdout} = spawnSync(program, ['--help'], {encoding: 'utf8'});
  const [, listed] = stdout.split('Subcommands:\n');
  const real = [...listed.split('\n\n')[0].matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);
  assert.ok(real.length > 10);
  assert.deepEqual(told, real);
});
