// A new password in the place of the one that is known.

import {attempt, ours} from './api.js';
import {clearErrors, complain, element, onSubmit, reveals} from './page.js';
import * as session from './session.js';
import {go, onLeave} from './views.js';

const form = element('changing');
const hide = reveals(element('new-reveal'), form.new);
let done = () => {};

export const whenPasswordIsChanged = work => { done = work; };

function open() {
  form.username.value = session.now().email;
  go('new-password', {start: form.old});
}

async function submit() {
  const [oldPassword, newPassword] = [form.old.value, form.new.value];
  if (!oldPassword) {
    complain(form.old, 'Enter the password you have now.');
    return;
  }
  if (!newPassword) {
    complain(form.new, 'Enter a new password.');
    return;
  }
  hide();
  await attempt(async () => {
    await ours('POST', '/change-password', {oldPassword, newPassword});
    done('Your password is changed, and every other session has ended.');
  }, refuse);
}

function refuse({status, code, message}) {
  if (code === 'INVALID_PASSWORD' && status === 400) complain(form.old, 'This is not your current password.');
  else if (status === 422 || status === 400) complain(form.new, message);
  else element('changing-error').textContent = message;
}

onSubmit(form, submit);
onLeave('new-password', () => {
  form.reset();
  hide();
  clearErrors(form);
});
element('change-password').addEventListener('click', open);
