// What packaging/bill_of_materials.py writes, judged by CycloneDX's own schema.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import test from 'node:test';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import addMoreFormats from 'ajv-formats-draft2019';
import {program, root} from './program.mjs';

const library = path.dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'));
const schema = name => JSON.parse(fs.readFileSync(path.join(library, 'res/schema', `${name}.SNAPSHOT.schema.json`)));

function judge() {
  const ajv = new Ajv({strict: false, allErrors: true});
  addFormats(ajv);
  addMoreFormats(ajv);
  ajv.addSchema(schema('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
  ajv.addSchema(schema('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
  return ajv.compile(schema('bom-1.5'));
}

test('the bill of materials is CycloneDX 1.5', () => {
  const bill = JSON.parse(execFileSync(path.join(root, 'packaging/bill_of_materials.py'), [program, '0.1.0'], {encoding: 'utf8'}));
  const isValid = judge();
  assert.ok(isValid(bill), JSON.stringify(isValid.errors, null, 1));
  assert.ok(bill.components.length > 10);
  // The judge does judge.
  bill.components[0].licenses = [{license: {id: 'no such license'}}];
  assert.ok(!isValid(bill));
});
