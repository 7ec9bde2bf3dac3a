// The card of the email address, and asking for another one.

import {attempt, mine} from './api.js';
import {busy, clearErrors, complain, element, onSubmit} from './page.js';
import {go, onLeave} from './views.js';
import {time} from './words.js';

const form = element('moving');
let now = '';
let changed = () => {};

export const whenEmailChanges = work => { changed = work; };

// The address as the server has it now: it may be another one than was typed to sign in.
export async function readEmail() {
  const {email, pending} = await mine('GET', '/email');
  now = email;
  element('email-now').textContent = email;
  element('email-pending').hidden = element('cancel-email').hidden = !pending;
  element('email-pending').textContent = pending ? waitingFor(pending) : '';
  element('change-email').textContent = pending ? 'Choose another address' : 'Change email address';
  element('email-card-error').textContent = '';
}

function waitingFor({email, newAgreed, oldAgreed, expires}) {
  const mailboxes = [[newAgreed, email], [oldAgreed, now]].filter(([agreed]) => !agreed).map(([, address]) => address);
  return `To become ${email}: open the link in the mail to ${mailboxes.join(' and in the one to ')}, until ${time(expires)}.`;
}

async function submit() {
  const email = form.address.value.trim();
  if (!email || form.address.validity.typeMismatch) {
    complain(form.address, 'Enter an email address, as in ann@example.com.');
    return;
  }
  await attempt(async () => {
    await mine('POST', '/email', {email});
    changed(`Two mails are on their way. Open the links in both: the one to ${email}, and the one to ${now}.`);
  }, ({status, code, message}) => {
    if (code === 'SAME_EMAIL') complain(form.address, 'This is your address already.');
    else if (status === 422) complain(form.address, 'Enter an email address, as in ann@example.com.');
    else element('moving-error').textContent = message;
  });
}

onSubmit(form, submit);
onLeave('new-email', () => {
  form.reset();
  clearErrors(form);
});
element('change-email').addEventListener('click', () => {
  element('moving-from').textContent = now;
  go('new-email', {start: form.address});
});
element('cancel-email').addEventListener('click', () => busy(element('cancel-email'), () => attempt(async () => {
  await mine('DELETE', '/email');
  changed('Your address stays as it is: the links no longer work.');
}, error => { element('email-card-error').textContent = error.message; })));
