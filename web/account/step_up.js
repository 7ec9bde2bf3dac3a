// The dialog that asks once more who sits there: a password, then a code; then what was asked for is done after all.

import {ApiError, call} from './call.js';
import {CodeStep} from './code_step.js';
import {clearErrors, complain, element, onSubmit} from './page.js';
import {below} from './place.js';
import * as session from './session.js';

const dialog = element('step-up');
const form = element('proving');
let tried = [];     // Channels whose codes were not enough for what is asked.
let offered = [];   // Channels the account has, once they were told.
let isPassed = false;  // Whether the password is.
let settle = () => {};

const nothingStronger =
  'This needs a stronger second factor than your account has ready. Where it has none yet, sign out and in again to add one.';

const step = new CodeStep(form, channel => askForCode(channel).catch(tell));

// Resolves with whether it was proven. `before` collects the channels that were proven for the same purpose and were not
// enough: the next one has to be another.
export async function prove(before) {
  tried = before;
  if (tried.length > 0 && offered.every(name => tried.includes(name))) throw new ApiError(401, nothingStronger);
  if (tried.length === 0) offered = [];
  restart();
  element('step-up-why').textContent = tried.length === 0
    ? 'You are about to change how your account opens, and it is a while ago that you showed a code.'
    : 'That was not enough: what you change is stronger. Use another way.';
  dialog.showModal();
  const channel = await new Promise(resolve => { settle = resolve; });
  dialog.close();
  restart();
  if (channel) before.push(channel);
  return Boolean(channel);
}

function restart() {
  isPassed = false;
  form.reset();
  clearErrors(form);
  step.clear();
  element('proving-password').hidden = false;
  element('proving-code').hidden = true;
}

async function askForCode(channel) {
  const {at, email, token} = session.now();
  const body = {email, password: form.password.value};
  const answer = await call('POST', `${below}${at}/requestCode`, {body: channel ? {...body, channel} : body, token});
  // The server took this for a new sign-in on a trusted device: it does not know the session any more.
  if (answer.token) throw new ApiError(401, '');
  if (!answer.challenge) {
    await renew({});  // An account without a second factor: the password is all there is.
    return;
  }
  isPassed = true;
  offered = answer.channels;
  element('proving-password').hidden = true;
  element('proving-code').hidden = false;
  step.show(answer, tried);
}

async function renew(shown) {
  const {at, token} = session.now();
  await call('POST', `${below}${at}/reauthenticate`, {body: {password: form.password.value, ...shown}, token});
  settle(shown.twofactor ? step.channel : 'password');
}

async function submit() {
  if (isPassed) {
    const shown = await step.read();
    if (shown) await renew(shown);
    return;
  }
  if (!form.password.value) {
    complain(form.password, 'Enter your password.');
    return;
  }
  const others = offered.filter(name => !tried.includes(name));
  await askForCode(tried.length > 0 ? others[0] : undefined);
}

function tell(error) {
  if (error.status === 401 && error.code === 'LOGIN_FAILED') {
    if (isPassed) step.refuse(error.message);
    else complain(form.password, 'This is not your password.');
  } else if (error.status === 401 && error.code !== 'NO_FACTOR_AVAILABLE') {
    settle(null);
    session.end('Your session has ended. Sign in again.');
  } else {
    element('proving-error').textContent = error.message;
  }
}

onSubmit(form, () => submit().catch(tell));
dialog.querySelector('[data-close]').addEventListener('click', () => settle(null));
dialog.addEventListener('cancel', event => {
  event.preventDefault();
  settle(null);
});
// At once: behind an open dialog nothing can be focused.
session.whenEnded(() => {
  dialog.close();
  settle(null);
});
