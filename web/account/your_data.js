// The card of the account's data: a file of all of it, and its end.

import {attempt, mine} from './api.js';
import {busy, clearErrors, complain, element, onSubmit} from './page.js';
import * as session from './session.js';
import {go, onLeave} from './views.js';

const form = element('deleting');
let who = '';

async function download() {
  const all = await mine('GET', '/export');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], {type: 'application/json'}));
  link.download = `${location.hostname}-account.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function open() {
  who = element('email-now').textContent || session.now().email;
  element('deleting-who').textContent = who;
  go('delete-account', {start: form.typed});
}

async function submit() {
  if (form.typed.value.trim() !== who) {
    complain(form.typed, `Type ${who}, exactly so.`);
    return;
  }
  await attempt(async () => {
    await mine('DELETE', '');
    session.end('Your account is deleted.');
  }, error => { element('deleting-error').textContent = error.message; });
}

onSubmit(form, submit);
onLeave('delete-account', () => {
  form.reset();
  clearErrors(form);
});
element('download-data').addEventListener('click', () => busy(element('download-data'), () =>
  attempt(download, error => { element('data-error').textContent = error.message; })));
element('delete-account-button').addEventListener('click', open);
