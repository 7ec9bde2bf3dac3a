// Adding a second factor, the first one or another: an authenticator app by its QR code, or a number.

import {attempt, mine} from './api.js';
import {duration} from './call.js';
import {clearErrors, complain, element, onSubmit} from './page.js';
import * as session from './session.js';
import {go, onLeave} from './views.js';

const naming = element('naming');
const scanning = element('scanning');
const numbering = element('numbering');
const receiving = element('receiving');
const tooLate = 'That took too long, and its code is good no more. Start again.';
let factor = null;  // What is being added.
let expiry = 0;
let done = () => {};

// `work(notice, answer)`, where a first factor leads to a session: the answer holds it.
export const whenFactorIsAdded = work => { done = work; };

function open(view, start) {
  const {isEnrolment} = session.now();
  element(view).dataset.doors = isEnrolment ? 1 : 2;
  for (const name of ['app', 'number']) element(`ends-others-${name}`).hidden = Boolean(isEnrolment);
  go(view, {start});
}

export const openAddApp = () => open('add-app', naming.label);
export const openAddNumber = () => open('add-number', numbering.phone);

function forget() {
  factor = null;
  clearTimeout(expiry);
  for (const form of [naming, scanning, numbering, receiving]) {
    form.reset();
    clearErrors(form);
    form.hidden = form === scanning || form === receiving;
  }
  for (const name of ['qr', 'secret', 'secret-account', 'receiving-where']) element(name).replaceChildren();
  element('open-app').removeAttribute('href');
  element('typing').open = false;
}

// What is added has to be confirmed while its challenge lasts.
function expireIn(seconds, form) {
  clearTimeout(expiry);
  expiry = setTimeout(() => {
    forget();
    const field = form.querySelector('input');
    complain(field, tooLate);
  }, seconds * 1000);
}

async function confirm(input, wrong, notice) {
  const twofactor = input.value.replace(/[\s-]/g, '');
  if (!twofactor) {
    complain(input, 'Enter the code.');
    return;
  }
  await attempt(async () => {
    const answer = await mine('POST', `/factors/${factor.id}/confirm`, {twofactor});
    done(session.now().isEnrolment ? notice : `${notice} Every other session has ended.`, answer);
  }, error => {
    complain(input, error.status === 401 ? wrong : error.message);
    input.select();
  });
}

// ---------- an authenticator app ----------

async function makeApp() {
  const label = naming.label.value.trim();
  factor = await mine('POST', '/factors', label ? {type: 'totp', label} : {type: 'totp'});
  showSecret(factor);
  naming.hidden = true;
  scanning.hidden = false;
  expireIn(factor.ttl, naming);
  element('scan-title').focus();
}

function showSecret({qr, secret, uri}) {
  // Parsed as XML and put into the page: the policy need not let pictures in from elsewhere.
  const picture = document.importNode(new DOMParser().parseFromString(qr, 'image/svg+xml').documentElement, true);
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', 'QR code for your authenticator app. “Type it instead” has the same as text.');
  element('qr').replaceChildren(picture);
  element('secret').textContent = secret.replace(/.{4}(?=.)/g, '$& ');
  element('secret-account').textContent = decodeURIComponent(new URL(uri).pathname.split('/').at(-1)).replace(':', ', ');
  element('open-app').href = uri;
}

function refuseApp({code, message}) {
  if (code === 'INVALID_LABEL') complain(naming.label, 'A name is one line of at most 64 letters.');
  else element('naming-error').textContent = message;
}

onSubmit(naming, () => attempt(makeApp, refuseApp));
onSubmit(scanning, () => confirm(scanning.code, 'This code does not work. Enter the one your app shows now; if it goes on, see that your phone’s clock is right.',
  'Your authenticator app is added.'));

// ---------- a number ----------

async function makeNumber() {
  const phone = numbering.phone.value.replace(/[\s()./-]/g, '');
  factor = await mine('POST', '/factors', {type: 'sms', phone});
  element('receiving-where').textContent = `A text message with a code is on its way to ${phone}. It is good for ${duration(factor.ttl)}.`;
  numbering.hidden = true;
  receiving.hidden = false;
  expireIn(factor.ttl, numbering);
  receiving.code.focus();
}

function refuseNumber({code, message}) {
  if (code === 'INVALID_PHONE') complain(numbering.phone, 'Write the number with its country code, as in +33612345678.');
  else if (code === 'PHONE_NOT_SERVED') complain(numbering.phone, 'This is not a mobile number of a country that is served here.');
  else element('numbering-error').textContent = message;
}

onSubmit(numbering, () => {
  if (numbering.phone.value.trim()) return attempt(makeNumber, refuseNumber);
  complain(numbering.phone, 'Enter your number.');
});
onSubmit(receiving, () => confirm(receiving.code, 'This code does not work. Check it, or have another one sent.', 'Your number is added.'));
element('other-number').addEventListener('click', () => {
  const {value} = numbering.phone;
  forget();
  numbering.phone.value = value;
  numbering.phone.focus();
});
onLeave('add-app', forget);
onLeave('add-number', forget);
