// Every case; the last line is "N passed, N failed". usage: node run.mjs
import path from 'node:path';
import {run} from 'node:test';
import {spec} from 'node:test/reporters';
import fs from 'node:fs';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const files = fs.readdirSync(here).filter(name => name.endsWith('.test.mjs')).map(name => path.join(here, name));
const counts = {passed: 0, failed: 0};
const stream = run({files, concurrency: 1});
stream.on('test:pass', ({details}) => details.type !== 'suite' && ++counts.passed);
stream.on('test:fail', () => ++counts.failed);
stream.compose(spec).pipe(process.stdout);
process.on('exit', () => {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed) process.exitCode = 1;
});
