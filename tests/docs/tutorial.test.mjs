// The tutorials and the README, followed to the letter.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {Reader, blocks, house, steps} from './transcript.mjs';

const read = page => fs.readFileSync(path.join(house, page), 'utf8');

for (const page of ['docs/tutorials/two-factor.md', 'README.md', 'docs/reference/one-time-codes.md']) {
  test(`${page} does what it says`, async t => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-reader-'));
    t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
    const reader = await Reader.in(folder);
    t.after(() => reader.stop());
    const found = steps(read(page));
    assert.ok(found.length > 0, 'the page shows no commands');
    for (const step of found) await reader.follow(step);
  });
}

const pages = spawnSync('git', ['ls-files', '*.md'], {cwd: house, encoding: 'utf8'}).stdout.split('\n').filter(Boolean);

for (const page of pages) {
  test(`${page}: links lead somewhere, make targets exist, JSON is JSON`, () => {
    const text = read(page);
    // A lambda's "[...](Type x)" in code is no link.
    const prose = text.replace(/^```\w+\n.*?^```$/gms, '');
    for (const [, target] of prose.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^\w+:/.test(target)) continue;
      assert.ok(fs.existsSync(path.join(house, path.dirname(page), target)), `${page} links to ${target}`);
    }
    for (const [, inline, listed] of text.matchAll(/`make (\w+)`|^    make (\w+)/gm)) {
      const target = inline ?? listed;
      const {status, stderr} = spawnSync('make', ['-n', target], {cwd: house, encoding: 'utf8'});
      assert.equal(status, 0, `${page}: make ${target}: ${stderr}`);
    }
    // A member may be shown without the object around it.
    for (const lines of blocks(text, 'json')) JSON.parse(lines[0].startsWith('"') ? `{${lines.join('\n')}}` : lines.join('\n'));
  });
}
