// A new password by a mailed link: choosing it, and asking for another link where this one no longer works.

import {post} from './call.js';
import {takeLink} from './link.js';
import {complain, element, onSubmit, reveals, show} from './page.js';
import {below} from './place.js';

const choosing = element('choosing');
const asking = element('asking');
const hide = reveals(element('reveal'), choosing.password);
let link = takeLink();

function start() {
  choosing.reset();
  asking.reset();
  asking.email.value = link.email;
  hide();
  word();
  if (!link.at) show('incomplete');
  else if (link.token) show('choose', choosing.password);
  else ask('Get a link by mail', 'Enter your email address, and a link to choose a new password is sent to you. Do you have one already? Open it again.', asking.email);
}

// Whoever has no password yet is told of no old one.
function word() {
  element('motto').hidden = link.isFirst;
  element('choose-title').textContent = link.isFirst ? 'Choose a password' : 'Choose a new password';
  element('password-label').textContent = link.isFirst ? 'Password' : 'New password';
  element('done-title').textContent = link.isFirst ? 'Your password is set' : 'Your password is changed';
  element('done-text').textContent = link.isFirst ? 'Sign in with it from now on.' : 'Sign in with it from now on. The old one no longer works.';
}

// ---------- the new password ----------

async function choose() {
  if (!choosing.password.value) {
    complain(choosing.password, link.isFirst ? 'Enter a password.' : 'Enter a new password.');
    return;
  }
  hide();
  try {
    await post(`${below}${link.at}/reset-password`, {body: {newPassword: choosing.password.value}, token: link.token});
  } catch (error) {
    refuse(error);
    return;
  }
  forget();
  show('done');
}

// A link for nobody (401), for another kind of account (403) or for no kind at all (404) is of no use any more.
function refuse({status, message}) {
  if (status === 422 || status === 400) {
    complain(choosing.password, message);
  } else if ([401, 403, 404].includes(status)) {
    forget();
    ask('This link no longer works', 'It was used already, or it is too old. Enter your email address, and a new one is sent to you.');
  } else {
    element('choosing-error').textContent = message;
  }
}

function forget() {
  choosing.reset();
  link.token = '';
}

// ---------- another link ----------

// The reader is put at the heading where it is news, and else at the field.
function ask(title, why, start) {
  element('ask-title').textContent = title;
  element('why').textContent = why;
  show('ask', start);
}

async function askForLink() {
  const email = asking.email.value.trim();
  if (!email || asking.email.validity.typeMismatch) {
    complain(asking.email, 'Enter your email address, as in ann@example.com.');
    return;
  }
  try {
    await post(`${below}${link.at}/reset`, {body: {email}});
  } catch (error) {
    // Some servers say whether the account is there (404) and confirmed (401); this page does not.
    if (![401, 404].includes(error.status)) {
      element('asking-error').textContent = error.message;
      return;
    }
  }
  element('asked-email').textContent = email;
  show('asked');
}

// ---------- the wiring ----------

element('host').textContent = location.host;
onSubmit(choosing, choose);
onSubmit(asking, askForLink);
element('ask-again').addEventListener('click', () => {
  asking.reset();
  show('ask', asking.email);
});
// Another link that is opened in this tab changes only what is behind the "#".
addEventListener('hashchange', () => {
  if (!location.hash) return;
  link = takeLink();
  start();
});
start();
