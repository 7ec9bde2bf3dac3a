// The short run of differential.mjs: the seed is fixed, so that what fails once fails again. So few requests meet 1.7 to 2.6 %
// exceptions, as the seed has it; this one is below what a whole run may have.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {run} from './differential.mjs';

test('generated requests are answered as LoopBack 3.28 answers them', async () => {
  const told = [];

  const {differences, missing} = await run({seed: 6, requests: 1500, report: text => told.push(text)});

  assert.equal(differences.length, 0, told.join('\n'));
  assert.deepEqual(missing, []);
});
