// The login panel: a password and a code where the model has two doors, a password where it has one, or a token that one
// has already. What it is after is a session: session.js keeps it for the calls.

import {duration, post} from './call.js';
import {hasTwoDoors} from './logins.js';
import * as session from './session.js';

const element = id => document.getElementById(id);
const credentials = element('credentials');
const secondDoor = element('second-door');
const paste = element('paste');

let logins = [];
let challenge = null;  // what the first door answered
let resendTimer = 0;

const chosen = () => logins.find(({model}) => model === credentials.model.value) ?? logins[0];

// ---------- what is shown ----------

function show({title, text, form}) {
  element('panel-title').textContent = title;
  element('panel-text').textContent = text;
  for (const part of [credentials, secondDoor, element('signed-in')]) part.hidden = part !== form;
  element('token-box').hidden = form === element('signed-in') || form === secondDoor;
  for (const error of document.querySelectorAll('#panel .error')) error.textContent = '';
  for (const field of document.querySelectorAll('#panel [aria-invalid]')) field.removeAttribute('aria-invalid');
}

const say = text => { element('notice').textContent = text; };

function showFirstDoor(notice = '') {
  challenge = null;
  clearInterval(resendTimer);
  secondDoor.reset();
  credentials.reset();
  paste.reset();
  say(notice);
  if (logins.length === 0) {
    show({title: 'Authorize', text: 'Calls are made without a token.', form: null});
    element('token-box').open = true;
    return;
  }
  show({title: 'Sign in', text: 'Then every call you try out carries your token.', form: credentials});
  showModel();
}

function showModel() {
  const twoDoors = hasTwoDoors(chosen());
  element('account-label').textContent = twoDoors ? 'Email' : 'Email or user name';
  element('credentials-submit').textContent = twoDoors ? 'Continue' : 'Sign in';
}

function showSecondDoor(answer) {
  challenge = answer;
  show({title: 'Enter your code', text: credentials.account.value.trim(), form: secondDoor});
  element('where').textContent = whereTheCodeIs(answer);
  showChannels(answer.channels ?? []);
  waitToResend(answer.resendAfter ?? 0);
  secondDoor.code.value = '';
  secondDoor.code.focus();
}

function whereTheCodeIs({channel, hint, ttl}) {
  const life = ttl ? ` It is good for ${duration(ttl)}.` : '';
  if (channel === 'sms') return `A text message with your code is on its way to ${hint}.${life}`;
  if (channel === 'email') return `A mail with your code is on its way to ${hint}.${life}`;
  if (channel === 'console') return `Your code is on the server’s console.${life}`;
  if (channel === 'totp') return 'Your authenticator app shows your code.';
  return `Your code was sent by ${channel}.${life}`;
}

function showChannels(channels) {
  element('channel-field').hidden = channels.length < 2;
  secondDoor.channel.replaceChildren(...channels.map(name => new Option(name, name, false, name === challenge.channel)));
}

function waitToResend(seconds) {
  const button = element('resend');
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Send a new code in ${left} s` : 'Send a new code';
    if (left <= 0) clearInterval(resendTimer);
  };
  clearInterval(resendTimer);
  resendTimer = setInterval(tick, 500);
  tick();
}

function showSession({who, ends}) {
  clearInterval(resendTimer);
  const until = ends ? `, until ${new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'}).format(ends)}` : '';
  show({title: `Signed in as ${who}`, text: `Every call you try out carries this token${until}.`, form: element('signed-in')});
}

// ---------- what is done ----------

function complain(field, text) {
  field.setAttribute('aria-invalid', 'true');
  element(field.getAttribute('aria-describedby').split(' ').at(-1)).textContent = text;
  field.focus();
}

function isFilled(field, otherwise) {
  if (field.value.trim()) return true;
  complain(field, otherwise);
  return false;
}

async function enter(token, who) {
  const ends = Date.parse(token.created) + token.ttl * 1000;
  const kept = {token: token.id, who, logout: chosen().logout, ends: Number.isFinite(ends) ? ends : 0};
  session.save(kept);
  credentials.reset();
  secondDoor.reset();
  say('');
  showSession(kept);
  element('panel-title').focus();
}

const whoIs = token => `${credentials.account.value.trim()} (${chosen().model} ${token.userId})`;

async function passFirstDoor() {
  if (!isFilled(credentials.account, 'Enter your email.') || !isFilled(credentials.password, 'Enter your password.')) return;
  const account = credentials.account.value.trim();
  const password = credentials.password.value;
  say('');
  if (hasTwoDoors(chosen())) {
    await askForCode({email: account, password});
    return;
  }
  const name = account.includes('@') ? 'email' : 'username';
  const token = await post(chosen().login, {body: {[name]: account, password}});
  await enter(token, whoIs(token));
}

async function askForCode(body) {
  const answer = await post(chosen().requestCode, {body});
  if (answer.token) await enter(answer.token, whoIs(answer.token));
  else if (answer.challenge) showSecondDoor(answer);
  else complain(credentials.account, 'No code can be sent to this account: it has no second factor yet.');
}

async function passSecondDoor() {
  if (!isFilled(secondDoor.code, 'Enter your code.')) return;
  const body = {
    email: credentials.account.value.trim(),
    twofactor: secondDoor.code.value.replace(/[\s-]/g, ''),
    challenge: challenge.challenge,
  };
  const token = await post(chosen().loginWithCode, {body});
  await enter(token, whoIs(token));
}

async function resend() {
  const channel = secondDoor.channel.value;
  const body = {email: credentials.account.value.trim(), password: credentials.password.value};
  await askForCode(channel ? {...body, channel} : body);
  say('A new code was sent. The one before no longer works.');
}

async function useToken() {
  if (!isFilled(paste.token, 'Paste a token.')) return;
  const kept = {token: paste.token.value.trim(), who: 'the owner of your token', logout: '', ends: 0};
  session.save(kept);
  paste.reset();
  say('');
  showSession(kept);
  element('panel-title').focus();
}

async function signOut() {
  const {token, logout} = session.load() ?? {};
  try {
    if (logout) await post(logout, {token});
  } catch (error) {
    if (error.status !== 401) throw error;  // 401: it had ended already.
  }
  session.forget();
  showFirstDoor(logout ? 'You are signed out.' : 'The token is forgotten here; it is still good.');
  (logins.length ? credentials.account : paste.token).focus();
}

// ---------- the wiring ----------

// Runs `work` once at a time; what goes wrong is told beside `field`.
async function attempt(button, field, work) {
  if (button.getAttribute('aria-busy')) return;
  button.setAttribute('aria-busy', 'true');
  for (const invalid of button.closest('form, div').querySelectorAll('[aria-invalid]')) invalid.removeAttribute('aria-invalid');
  try {
    await work();
  } catch (error) {
    if (field instanceof HTMLInputElement) complain(field, error.message);
    else field.textContent = error.message;
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function onSubmit(form, field, work) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    attempt(form.querySelector('[type=submit]'), field, async () => {
      for (const error of form.querySelectorAll('.error')) error.textContent = '';
      await work();
    });
  });
}

export function start(found) {
  logins = found;
  credentials.model.replaceChildren(...logins.map(({model}) => new Option(model)));
  element('model-field').hidden = logins.length < 2;
  credentials.model.addEventListener('change', showModel);
  onSubmit(credentials, credentials.password, passFirstDoor);
  onSubmit(secondDoor, secondDoor.code, passSecondDoor);
  onSubmit(paste, paste.token, useToken);
  element('resend').addEventListener('click', () => attempt(element('resend'), element('code-error'), resend));
  element('start-again').addEventListener('click', () => { showFirstDoor(); credentials.account.focus(); });
  element('sign-out').addEventListener('click', () => attempt(element('sign-out'), element('sign-out-error'), signOut));
  const kept = session.load();
  if (kept) showSession(kept);
  else showFirstDoor();
  element('panel').hidden = false;
}
