// The login in two steps: a password, then the code that was sent; then the employee.

import * as api from './api.js';
import {Countdown, clock} from './countdown.js';
import {announce, busy, clearErrors, complain, element, note, show} from './page.js';
import * as session from './session.js';

const login = element('login');
const create = element('create');
const codeLife = new Countdown();
const resendWait = new Countdown();
const sessionLife = new Countdown();
let challenge = null;  // what step one answered; null while the password is still to be given
let channel = '';      // where its code is
let current = null;    // the session, once both doors are passed

// ---------- step one: the password ----------

function showPassword() {
  challenge = null;
  codeLife.stop();
  resendWait.stop();
  login.reset();
  login.classList.remove('expired');
  element('ways').replaceChildren();
  clearErrors(login);
  showStep('password');
  login.email.focus();
}

function showStep(step) {
  element('step-password').hidden = step !== 'password';
  element('step-code').hidden = step !== 'code';
  element('to-sign-up').hidden = step !== 'password';
  element('to-reset').hidden = step !== 'password';
  element('resend').hidden = step !== 'code' || !isSent();
  element('login-submit').textContent = step === 'code' ? 'Sign in' : 'Continue';
  show('sign-in', step === 'code' ? 1 : 0);
}

async function submitPassword() {
  if (!filled(login.email, 'Enter your email.') || !filled(login.password, 'Enter your password.')) return;
  try {
    const answer = await api.requestCode(login.email.value.trim(), login.password.value);
    if (answer.token) enter(session.save(answer.token), answer.token.user);  // A device that is trusted.
    else if (answer.challenge) showCode(answer);
    else element('login-error').textContent = 'This account has no second factor yet. Sign in at /account, and add one.';
  } catch (error) {
    if (error.status === 401) complain(login.password, error.message);
    else element('login-error').textContent = error.message;
  }
}

// ---------- step two: the code ----------

const isSent = () => !['totp', 'recovery'].includes(channel);

function showCode(answer) {
  challenge = answer.challenge;
  channel = answer.channel;
  note('');
  element('who').textContent = login.email.value.trim();
  element('where').textContent = whereTheCodeIs(answer, login.email.value.trim());
  showStep('code');
  shapeCode();
  showWays(answer.channels ?? []);
  offerTrust(answer);
  login.code.value = '';
  codeLife.start(answer.ttl, showCodeLife(answer.ttl));
  if (isSent()) waitToResend(answer.resendAfter);
  login.code.focus();
}

// Where the server lets devices skip the code; a mailed code is too little for that.
function offerTrust({trustDays = 0}) {
  element('trusting').hidden = trustDays === 0 || channel === 'email';
  const time = trustDays === 1 ? 'a day' : `${trustDays} days`;
  element('trust-hint').textContent = `For ${time} your password alone opens your account here. Not for a device that others use, too.`;
}

function shapeCode() {
  const isRecovery = channel === 'recovery';
  login.code.inputMode = isRecovery ? 'text' : 'numeric';
  login.code.classList.toggle('long', isRecovery);
  element('life').parentElement.hidden = !isSent();
}

// The other channels on which this account can have a code.
function showWays(channels) {
  const names = {sms: 'Get a text message', email: 'Get a mail', totp: 'Use your authenticator app', console: 'Use the server’s console',
    recovery: 'Use a recovery code'};
  element('ways').replaceChildren(...channels.filter(name => name !== channel).map(name => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = `${names[name] ?? `Use ${name}`} instead`;
    button.addEventListener('click', () => busy(button, () => askAnew(name)));
    return button;
  }));
}

function whereTheCodeIs({channel, hint}, email) {
  if (channel === 'sms') return `A text message with your code is on its way to ${hint}.`;
  if (channel === 'email') return `A mail with your code is on its way to ${hint}.`;
  if (channel === 'totp') return 'Your authenticator app shows your code.';
  if (channel === 'recovery') return 'Enter one of the codes you kept. It will not work a second time.';
  return `Your code is on the server’s console, in the line “Two factor code for ${email}”.`;
}

const showCodeLife = ttl => left => {
  element('life-bar').value = left / ttl;
  if (!isSent()) {
    if (left === 0) leave('That took too long. Sign in again.');
    return;
  }
  element('life').textContent = left ? `Good for ${clock(left)}` : 'This code has expired. Send a new one.';
  login.classList.toggle('expired', left === 0);
  if (left === 60) announce('Your code is good for one more minute.');
  if (left === 0) announce('Your code has expired. Send a new one.');
};

function waitToResend(seconds) {
  const button = element('resend');
  resendWait.start(seconds, left => {
    button.disabled = left > 0;
    button.textContent = left ? `Send a new code in ${clock(left)}` : 'Send a new code';
  });
}

async function submitCode() {
  if (!filled(login.code, 'Enter your code.')) return;
  try {
    const token = await api.loginWithCode(element('who').textContent, login.code.value.replace(/[\s-]/g, ''), challenge,
      login.trust.checked && !element('trusting').hidden || undefined);
    enter(session.save(token), token.user);
  } catch (error) {
    if (error.status === 401) complain(login.code, `${error.message} ${isSent() ? 'Check it, or send a new one.' : 'Check it, or take another.'}`);
    else element('login-error').textContent = error.message;
  }
}

async function askAnew(wanted) {
  clearErrors(login);
  try {
    showCode(await api.requestCode(element('who').textContent, login.password.value, wanted));
    announce(isSent() ? 'A new code was sent. The one before no longer works.' : element('where').textContent);
  } catch (error) {
    element('login-error').textContent = error.message;
    if (error.retryAfter) waitToResend(error.retryAfter);
  }
}

// ---------- a new account ----------

function showSignUp() {
  note('');
  create.reset();
  clearErrors(create);
  show('sign-up', 0);
  create.email.focus();
}

async function submitSignUp() {
  if (!filled(create.email, 'Enter your email.') || !filled(create.password, 'Choose a password.')) return;
  const account = {email: create.email.value.trim(), password: create.password.value};
  if (create.mobile.value.trim()) account.mobile = create.mobile.value.replace(/[\s()-]/g, '');
  try {
    await api.signUp(account);
  } catch (error) {
    showSignUpError(error);
    return;
  }
  create.reset();
  showPassword();
  note('Your account is ready. Sign in with it.');
  login.email.value = account.email;
  login.password.value = account.password;
  await submitPassword();
}

function showSignUpError(error) {
  const named = Object.entries(error.fields).filter(([name]) => create.elements[name]);
  if (error.code.includes('PASSWORD')) named.push(['password', error.message]);
  for (const [name, text] of named) complain(create.elements[name], sentence(name, text));
  if (named.length === 0) element('create-error').textContent = error.message;
}

// The server's "is invalid" about "mobile" becomes "Mobile number is invalid."; a whole sentence stays one.
function sentence(name, text) {
  const subject = {email: 'Email', password: 'Password', mobile: 'Mobile number'}[name];
  const whole = /^[A-Z]/.test(text) ? text : `${subject} ${text}`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

// ---------- behind both doors ----------

function enter(newSession, employee) {
  current = newSession;
  codeLife.stop();
  resendWait.stop();
  login.reset();
  note('');
  showEmployee(employee);
  showSessionEnd();
  show('account', 2);
  element('account-title').focus();
}

function showEmployee(employee) {
  const labels = {email: 'Email', mobile: 'Mobile number', username: 'User name', id: 'Employee number'};
  const names = new Set([...Object.keys(labels), ...Object.keys(employee)]);
  const rows = [...names].filter(name => employee[name] != null).map(name => {
    const row = document.createElement('div');
    row.append(document.createElement('dt'), document.createElement('dd'));
    row.firstChild.textContent = labels[name] ?? name;
    row.lastChild.textContent = String(employee[name]);
    return row;
  });
  element('employee').replaceChildren(...rows);
}

function showSessionEnd() {
  const time = element('session-end');
  time.dateTime = new Date(current.ends).toISOString();
  time.textContent = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'}).format(current.ends);
  sessionLife.start((current.ends - Date.now()) / 1000, left => {
    element('session-left').textContent = `in ${api.duration(left)}`;
    if (left === 0) leave('Your session has ended. Sign in again.');
  });
}

function leave(why) {
  current = null;
  session.forget();
  sessionLife.stop();
  showPassword();
  note(why);
}

async function submitLogout() {
  try {
    await api.logout(current.token);
  } catch (error) {
    if (error.status !== 401) {
      element('account-error').textContent = error.message;
      return;
    }
  }
  leave('You are signed out.');
}

// Asks the server whether the stored session still holds: after a reload, and when the tab is looked at again.
async function resume(stored) {
  try {
    const employee = await api.findEmployee(stored.userId, stored.token);
    if (current) showEmployee(employee);
    else enter(stored, employee);
  } catch (error) {
    if (error.status === 401) leave('Your session has ended. Sign in again.');
    else if (current) element('account-error').textContent = error.message;
    else {
      showPassword();
      note(error.message);
    }
  }
}

// ---------- the wiring ----------

function filled(input, otherwise) {
  if (input.value.trim()) return true;
  complain(input, otherwise);
  return false;
}

function onSubmit(form, work) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(form.querySelector('[type=submit]'), () => {
      clearErrors(form);
      return work();
    });
  });
}

onSubmit(login, () => (challenge ? submitCode() : submitPassword()));
onSubmit(create, submitSignUp);
element('resend').addEventListener('click', () => busy(element('resend'), () => askAnew(channel)));
element('someone-else').addEventListener('click', showPassword);
element('show-sign-up').addEventListener('click', showSignUp);
element('show-sign-in').addEventListener('click', () => { note(''); showPassword(); });
// The page behind the link need not ask for the address again.
element('to-reset').querySelector('a').addEventListener('click', ({currentTarget}) => {
  currentTarget.hash = new URLSearchParams({at: api.root, email: login.email.value.trim()});
});
element('logout').addEventListener('click', () => busy(element('logout'), submitLogout));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && current) resume(current);
});

const stored = session.load();
if (stored) resume(stored);
else showPassword();
