// A client in TypeScript, generated from the explorer's document: strictly typed, and every call it makes is served.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {generateApi} from 'swagger-typescript-api';
import ts from 'typescript';
import {copyOf, startContract} from '../server/program.mjs';

/** Compiles what stands in `folder`, strictly; resolves with the mistakes. */
function compile(folder) {
  const program = ts.createProgram([path.join(folder, 'shop.ts')], {
    strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [],
  });
  const emitted = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics].map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('a generated client is sound TypeScript, and what it calls is there', async t => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-'));
  t.after(() => fs.rmSync(folder, {recursive: true}));
  const {port} = await startContract(copyOf('tests/contract/app', t), t);
  const spec = await (await fetch(`http://127.0.0.1:${port}/explorer/swagger.json`)).json();
  await generateApi({name: 'client.ts', output: folder, spec, silent: true});
  fs.copyFileSync(fileURLToPath(new URL('shop.ts', import.meta.url)), path.join(folder, 'shop.ts'));
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type": "commonjs"}');
  assert.deepEqual(compile(folder), []);

  const {shop, work} = (await import(pathToFileURL(path.join(folder, 'shop.js')))).default;
  const bought = await shop(`http://127.0.0.1:${port}/api`);
  assert.deepEqual(bought.saw, {name: 'saw', price: 30, stock: 0, active: true, tags: ['steel'], where: {lat: 1, lng: 2}, id: 1});
  assert.equal(bought.patched.name, 'fine saw');
  assert.deepEqual([bought.reviews, bought.found.length, bought.count, bought.gone, bought.sum], [[5], 1, 1, 404, 5]);
  assert.deepEqual(await work(`http://127.0.0.1:${port}/api`), {refused: 401, code: 'A1', shout: 'HELLO', after: 401});
});
