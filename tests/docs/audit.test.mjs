// The page on the audit trail lists every event there is, and no other.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {root} from '../server/program.mjs';

const subjects = 'account|accounts|device|email|enrolment|factor|factors|limits|password|recovery|role|session|username';

test('the events of the audit trail are those that the program records', () => {
  const page = fs.readFileSync(path.join(root, 'docs/reference/audit.md'), 'utf8');
  const rows = page.split('\n').filter(line => line.startsWith('| `')).map(line => line.split('|')[1]);
  const told = rows.flatMap(cell => [...cell.matchAll(/`([a-z.]+)`/g)].map(([, name]) => name));
  const sources = ['auth', 'methods'].flatMap(folder => fs.readdirSync(path.join(root, 'src', folder)).filter(name => name.endsWith('.cpp')).map(name => fs.readFileSync(path.join(root, 'src', folder, name), 'utf8'))).join('\n');
  const names = [...sources.matchAll(new RegExp(`"((?:${subjects})\\.[a-z]+|code\\.sent)"`, 'g'))].map(([, name]) => name);
  const plain = ['password', 'limit', 'code', 'denied'];
  for (const name of plain) assert.match(sources, new RegExp(`name = "${name}"`));
  assert.deepEqual(told.sort(), [...new Set([...names, ...plain])].sort());
});
