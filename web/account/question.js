// A dialog that asks before something is done that cannot be undone, or for a name.

import {attempt} from './api.js';
import {clearErrors, complain, element, onSubmit} from './page.js';

const dialog = element('question');
const form = element('answering');
let act = async () => {};
let after = () => {};

// `work(name)` is done when the answer is yes; what it cannot do is told in the dialog. `then` runs once it is closed.
export function ask({title, text = '', yes, name, work, then = () => {}}) {
  element('question-title').textContent = title;
  element('question-text').textContent = text;
  element('question-text').hidden = !text;
  element('question-yes').textContent = yes;
  element('name-field').hidden = name === undefined;
  element('new-name').value = name ?? '';
  clearErrors(form);
  act = work;
  after = then;
  dialog.showModal();
  if (name !== undefined) element('new-name').select();
}

export const close = () => dialog.close();

onSubmit(form, () => attempt(async () => {
  await act(element('new-name').value.trim());
  dialog.close();
  after();
}, error => {
  if (error.code === 'INVALID_LABEL') complain(element('new-name'), 'A name is one line of at most 64 letters.');
  else element('answering-error').textContent = error.message;
}));
dialog.querySelector('[data-close]').addEventListener('click', close);
