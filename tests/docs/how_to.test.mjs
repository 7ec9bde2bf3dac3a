// The C++ of the how-to pages stands, line by line, in a source that is compiled and tested; so does their JSON.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {blocks, house} from './transcript.mjs';

const read = name => fs.readFileSync(path.join(house, name), 'utf8');
const programs = ['extension/main.cpp', ...fs.readdirSync(path.join(house, 'examples/how-to')).map(name => `how-to/${name}`)];
const sources = programs.filter(name => name.endsWith('.cpp')).map(name => read(`examples/${name}`));
const compiled = read('examples/CMakeLists.txt');

// A page shows what stands inside a function without its indentation.
function stands(lines, source) {
  const all = source.split('\n');
  return all.some((_, start) => {
    const indent = /^ */.exec(all[start])[0];
    return lines.every((line, i) => all[start + i] === (line ? indent + line : line));
  });
}

test('every source that is shown is compiled', () => {
  for (const name of programs.filter(name => name.endsWith('.cpp'))) assert.ok(compiled.includes(name), name);
});

for (const page of ['methods', 'hooks', 'roles-and-routes', 'testing']) {
  test(`the C++ of ${page}.md is what is compiled`, () => {
    const shown = blocks(read(`docs/how-to/${page}.md`), 'cpp');
    assert.ok(shown.length > 2);
    for (const block of shown) {
      // Functions that need not stand side by side in the source may do so on the page.
      const parts = block.join('\n').split(/(?<=\n\}|\n\};)\n\n/).map(part => part.split('\n'));
      for (const part of parts) assert.ok(sources.some(source => stands(part, source)), part.join('\n'));
    }
  });
}

test('the JSON of the pages is that of the app', () => {
  const bare = text => text.replaceAll(/,$/gm, '');  // What is shown alone has nothing after it.
  const model = bare(read('examples/extension/common/models/book.json'));
  for (const page of ['methods', 'roles-and-routes']) {
    const shown = blocks(read(`docs/how-to/${page}.md`), 'json');
    assert.ok(shown.length > 0);
    for (const block of shown) assert.ok(stands(block.map(bare), model), block.join('\n'));
  }
});
