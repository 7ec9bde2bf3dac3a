// The documents of three apps, judged by validators that others wrote: nothing an editor or a generator would refuse.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import SwaggerParser from '@apidevtools/swagger-parser';
import {Validator} from '@seriousme/openapi-schema-validator';
import {copyOf, start, startContract} from '../server/program.mjs';

test('the start names the page, and without the component there is neither', async t => {
  const folder = copyOf('examples/hello', t);
  const explorer = port => fetch(`http://127.0.0.1:${port}/explorer`, {redirect: 'manual'});
  const served = await start(folder, t);
  assert.match(served.output(), /^Browse your REST API at http:\/\/127\.0\.0\.1:\d+\/explorer$/m);
  assert.equal((await explorer(served.port)).status, 301);
  served.child.kill('SIGTERM');
  await served.child.done;

  fs.writeFileSync(path.join(folder, 'server/component-config.json'), '{}');
  const bare = await start(folder, t);
  assert.equal((await explorer(bare.port)).status, 404);
  assert.doesNotMatch(bare.output(), /Browse/);
});

const example = name => async t => (await start(copyOf(`examples/${name}`, t), t)).port;

const apps = {
  'the contract app': async t => (await startContract(copyOf('tests/contract/app', t), t)).port,
  'examples/two-factor': example('two-factor'),
  'examples/hello': example('hello'),
};

for (const [name, serve] of Object.entries(apps)) {
  test(`the documents of ${name} are valid and tell the same operations`, async t => {
    const port = await serve(t);
    const document = async file => (await fetch(`http://127.0.0.1:${port}/explorer/${file}`)).json();
    const swagger = await document('swagger.json');
    const openapi = await document('openapi.json');

    await SwaggerParser.validate(structuredClone(swagger));
    const judged = await new Validator().validate(structuredClone(openapi));
    assert.ok(judged.valid, JSON.stringify(judged.errors));
    await SwaggerParser.validate(structuredClone(openapi));

    const operations = ({paths}) => Object.values(paths).flatMap(path => Object.values(path)).map(({operationId}) => operationId);
    assert.deepEqual(operations(openapi), operations(swagger));
    assert.ok(operations(swagger).length > 10);
  });
}
