// Recovery codes: how many are left, and ten new ones, which are shown once.

import {attempt, mine} from './api.js';
import {busy, element} from './page.js';
import {ask} from './question.js';
import * as session from './session.js';
import {go, onLeave} from './views.js';

let left = 0;
let codes = [];
let done = () => {};

export const whenCodesAreKept = work => { done = work; };

export function showRecovery(count) {
  left = count;
  element('recovery-left').textContent = count === 0 ? 'You have none.' : `${count} of 10 left.`;
  element('recovery-left').classList.toggle('few', count < 3);
  element('make-codes').textContent = count === 0 ? 'Make recovery codes' : 'Make new codes';
  element('recovery-error').textContent = '';
}

function make() {
  if (left === 0) {
    busy(element('make-codes'), () => attempt(fetchCodes, error => { element('recovery-error').textContent = error.message; }));
    return;
  }
  ask({
    title: 'Make ten new recovery codes?',
    text: `The ${left === 1 ? 'one' : left} you still have will be good no more.`,
    yes: 'Make new codes',
    work: async () => { await fetchCodes(); },
    then: () => element('codes-title').focus(),
  });
}

async function fetchCodes() {
  ({codes} = await mine('POST', '/recovery-codes'));
  element('code-list').replaceChildren(...codes.map(code => {
    const item = document.createElement('li');
    item.textContent = code;
    return item;
  }));
  element('print-about').textContent = `Recovery codes of ${session.now().email} at ${location.host}, made ${new Date().toLocaleDateString()}.`;
  element('copy-codes').hidden = !navigator.clipboard;
  go('codes');
}

function forget() {
  codes = [];
  element('code-list').replaceChildren();
  element('print-about').textContent = '';
}

const asText = () => `${element('print-about').textContent}\nEach works once.\n\n${codes.join('\n')}\n`;

async function copy() {
  try {
    await navigator.clipboard.writeText(codes.join('\n'));
    element('notice').textContent = 'The codes are copied.';
  } catch {
    element('codes-error').textContent = 'Your browser did not let them be copied. Download or print them.';
  }
}

function download() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([asText()], {type: 'text/plain'}));
  link.download = `recovery-codes-${location.hostname}.txt`;
  link.click();
  URL.revokeObjectURL(link.href);
}

onLeave('codes', forget);
element('make-codes').addEventListener('click', make);
element('copy-codes').addEventListener('click', copy);
element('download-codes').addEventListener('click', download);
element('print-codes').addEventListener('click', () => print());
element('codes-kept').addEventListener('click', () => done('Your recovery codes are ready.'));
