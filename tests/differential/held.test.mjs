// What LoopBack's memory connector holds otherwise than LoopBack shows it.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeApp} from './models.mjs';
import {LoopBack, startPair} from './pair.mjs';
import {randomOf} from './random.mjs';

const odd = {name: 'Odd', base: 'PersistedModel', strict: 'filter', forceId: false, hidden: ['hiddenValue'], properties: {id: {type: 'number', id: true}, numberValue: {type: 'number', default: 7}, objectValue: 'object', hiddenValue: 'object', stringsValue: ['string']}};
const loopBack = new LoopBack();
let pair;

before(async () => {
  const {files} = makeApp(randomOf(1));
  pair = await startPair({...files, 'common/models/odd.json': odd}, loopBack);
});

after(() => {
  pair?.stop();
  loopBack.stop();
});

// In this order: some change the record of one before. Bodies are texts, as JavaScript reads "__proto__" in an object otherwise.
const cases = [
  ['nothing, where all is as it was sent', 1, 'POST', '', '{"id":1,"numberValue":1,"objectValue":{"a":1},"hiddenValue":{"a":1}}', []],
  ['text for an object', 2, 'POST', '', '{"id":2,"objectValue":"[1,2]"}', ['objectValue']],
  ['text for an object that is hidden', 3, 'POST', '', '{"id":3,"hiddenValue":"{}"}', ['hiddenValue']],
  ['a default that was not stored', 4, 'POST', '/upsertWithWhere?where={"id":4}', '{"id":4}', ['numberValue']],
  ['a name that the model does not know', 1, 'PATCH', '/1', '{"__proto__":{"unseen":1}}', ['unseen']],
  ['what a change of many kept', 2, 'POST', '/update?where={"id":2}', '{"stringsValue":false}', ['objectValue', 'stringsValue']],
];
for (const [name, id, method, path, body, properties] of cases) {
  test(`LoopBack holds otherwise than it shows: ${name}`, async () => {
    const {loopback} = await pair.send({method, path: `/api/Odds${path}`, body});

    const held = await pair.held();
    const ofRecord = held.filter(place => place.startsWith(`Odd.${id}.`));
    assert.equal(loopback.status, 200, loopback.text);
    assert.deepEqual(ofRecord, properties.map(property => `Odd.${id}.${property}`));
  });
}

test('LoopBack holds a record that it cannot show', async () => {
  await pair.send({method: 'POST', path: '/api/Samples', body: '{}'});
  await pair.send({method: 'PATCH', path: '/api/Samples/1', body: '{"a.b":1}'});

  const held = await pair.held();
  assert.deepEqual(held.filter(place => place.startsWith('Sample.')), ['Sample.1.*']);
});
