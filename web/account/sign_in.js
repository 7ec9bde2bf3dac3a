// The way in: a password, then a code; or, where the account has none yet, its first second factor.

import {at} from './api.js';
import {openAddApp, openAddNumber} from './add_factor.js';
import {call} from './call.js';
import {CodeStep} from './code_step.js';
import {clearErrors, complain, element, onSubmit, reveals} from './page.js';
import * as session from './session.js';
import {go, onLeave} from './views.js';

const credentials = element('credentials');
const secondDoor = element('second-door');
const ticketing = element('ticketing');
const hide = reveals(element('password-reveal'), credentials.password);
let kinds = [];  // [{name, at, adds, trusts}]
let done = () => {};

const step = new CodeStep(secondDoor, channel => askForCode(channel).catch(tell));
const kind = () => kinds.find(({name}) => name === credentials.kind.value) ?? kinds[0];
const email = () => credentials.email.value.trim();

export const kindHere = () => kind();
export const whenSignedIn = work => { done = work; };

export function offer(found) {
  kinds = found;
  credentials.kind.replaceChildren(...kinds.map(({name}) => new Option(name)));
  element('kind-field').hidden = kinds.length < 2;
  showForgot();
}

// Who forgot a password need not type the address again.
const showForgot = () => { element('forgot').href = `reset-password#at=${kind().at}${email() && `&email=${encodeURIComponent(email())}`}`; };

export function open(notice = '') {
  forget();
  go('sign-in', {start: kinds.length > 1 ? credentials.kind : credentials.email, notice});
}

function forget() {
  const {value} = credentials.kind;
  credentials.reset();
  secondDoor.trust.checked = false;
  credentials.kind.value = value;
  hide();
  step.clear();
  element('who').textContent = '';
  for (const form of [credentials, secondDoor]) clearErrors(form);
}

async function submitPassword() {
  if (!email()) complain(credentials.email, 'Enter your email.');
  else if (!credentials.password.value) complain(credentials.password, 'Enter your password.');
  else {
    hide();
    await askForCode().catch(tell);
  }
}

const stepOne = more => call('POST', at('/requestCode', kind().at), {body: {email: email(), password: credentials.password.value, ...more}});

async function askForCode(channel) {
  const answer = await stepOne(channel ? {channel} : {});
  if (answer.enrol) enrol(answer.enrol);
  else if (answer.token) enter(answer.token);
  else showCode(answer);
}

function showCode(answer) {
  element('who').textContent = email();
  if (element('code').hidden) go('code');
  step.show(answer);
  offerTrust(answer);
}

// Where devices may skip the code; a mailed one is too little for that.
function offerTrust({trustDays = 0, channel}) {
  element('trusting').hidden = trustDays === 0 || channel === 'email';
  const time = trustDays === 1 ? 'a day' : `${trustDays} days`;
  element('trust-hint').textContent = `For ${time} your password alone opens your account here. Not for a device that others use, too.`;
}

async function submitCode() {
  const shown = await step.read();
  if (!shown) return;
  const trustDevice = secondDoor.trust.checked && !element('trusting').hidden || undefined;
  const token = await call('POST', at('/loginWithCode', kind().at), {body: {email: email(), ...shown, trustDevice}});
  if (step.channel === 'email' && !await isWhole(token)) enrol(token);
  else enter(token);
}

// A code that was mailed may lead to a token that only adds a first factor.
async function isWhole({id, userId}) {
  try {
    await call('GET', at(`/${encodeURIComponent(userId)}/factors`, kind().at), {token: id});
    return true;
  } catch {
    return false;
  }
}

function enter(token) {
  session.save(token, kind().at, email());
  forget();
  done();
}

function tell(error) {
  if (error.code === 'NO_FACTOR_AVAILABLE') {
    openTicket(error.message);
    return;
  }
  const isCode = !element('code').hidden;
  if (error.status === 401 && error.code === 'LOGIN_FAILED' && isCode) step.refuse(error.message);
  else if (error.status === 401) complain(isCode ? step.input : credentials.password, error.message);
  else element(isCode ? 'second-door-error' : 'credentials-error').textContent = error.message;
}

// ---------- a ticket, for whoever lost their factor ----------

function openTicket(why) {
  element('ticket-why').textContent = why;
  clearErrors(ticketing);
  go('use-ticket', {start: ticketing.ticket});
}

async function submitTicket() {
  const ticket = ticketing.ticket.value.trim();
  if (!ticket) {
    complain(ticketing.ticket, 'Enter your ticket.');
    return;
  }
  try {
    enrol((await stepOne({ticket})).enrol);
  } catch (error) {
    if (error.status === 401) complain(ticketing.ticket, 'This is not a ticket of your account, or it was used, or is too old.');
    else element('ticketing-error').textContent = error.message;
  }
}

// ---------- the first second factor ----------

// The safest first.
const ways = {
  totp: {name: 'An authenticator app', text: 'On your phone. Works without a network, and is safer than text messages.', open: openAddApp},
  sms: {name: 'Text messages', text: 'To your mobile number.', open: openAddNumber},
};

function enrol(token) {
  session.borrow(token, kind().at, email());
  forget();
  openEnrol();
}

export function openEnrol() {
  const {adds} = kind();
  element('enrol-choices').replaceChildren(...Object.keys(ways).filter(type => adds.includes(type)).map(choice));
  go('enrol');
}

function choice(type) {
  const item = document.createElement('li');
  const button = item.appendChild(document.createElement('button'));
  button.type = 'button';
  button.className = 'choice';
  button.append(document.createElement('strong'), document.createElement('span'));
  button.firstChild.textContent = ways[type].name;
  button.lastChild.textContent = ways[type].text;
  button.addEventListener('click', ways[type].open);
  return item;
}

// ---------- the wiring ----------

onSubmit(credentials, submitPassword);
onSubmit(secondDoor, () => submitCode().catch(tell));
credentials.addEventListener('input', showForgot);
element('forgot').addEventListener('click', showForgot);  // What a browser filled in is no input to every browser.
element('someone-else').addEventListener('click', () => open());
element('enrol-cancel').addEventListener('click', () => session.end(''));
onSubmit(ticketing, submitTicket);
element('have-ticket').addEventListener('click', () => openTicket(''));
element('ticket-cancel').addEventListener('click', () => open());
onLeave('code', () => step.clear());
onLeave('use-ticket', () => ticketing.reset());
