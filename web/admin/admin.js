// The administrators' page: who is here, and the way between its lists. Signing in is done at the account page.

import {attempt, at, ours} from '../account/api.js';
import {call} from '../account/call.js';
import {busy, element} from '../account/page.js';
import {below} from '../account/place.js';
import {close} from '../account/question.js';
import * as session from '../account/session.js';
import {go} from '../account/views.js';
import * as accounts from './accounts.js';
import * as events from './events.js';
import * as limits from './limits.js';

const tabs = {accounts, limits, events};

const signInAt = accounts => location.replace(`${below}/account#at=${accounts}&then=${location.pathname}`);

async function start() {
  element('host').textContent = location.host;
  try {
    const offices = (await call('GET', `${below}/account/accounts.json`)).filter(({administers}) => administers);
    const office = offices.find(({at}) => session.load(at)) ?? offices[0];
    if (!office) turnAway('Nobody administers accounts here: the models of this app do not say who would.');
    else if (!session.now()) signInAt(office.at);
    else await enter(office);
  } catch (error) {
    turnAway(error.message);
  }
}

function turnAway(why, {canChange = false} = {}) {
  element('closed-why').textContent = why;
  element('someone-else').hidden = !canChange;
  go('closed');
}

async function enter(office) {
  const {token, email} = session.now();
  session.whenEnded(() => {
    close();
    signInAt(office.at);
  });
  try {
    await call('GET', at('/administration/accounts?limit=1', office.at), {token});
  } catch (error) {
    const mayNot = error.status === 403 || (error.status === 401 && error.code === 'AUTHORIZATION_REQUIRED');
    if (mayNot) {
      turnAway(`${email ?? 'Your account'} is not one of them.`, {canChange: true});
      return;
    }
    if (error.code !== 'STEP_UP_REQUIRED') {
      session.end('');
      return;
    }
  }
  element('who').textContent = email ?? '';
  accounts.setOwn({model: office.name, id: session.now().userId});
  element('top').hidden = false;
  for (const field of document.querySelectorAll('[data-kinds]')) {
    field.querySelector('select').replaceChildren(...office.administers.map(name => new Option(name)));
    field.hidden = office.administers.length < 2;
  }
  await open('accounts');
}

async function open(name, about) {
  for (const button of document.querySelectorAll('[data-tab]')) {
    if (button.dataset.tab === name) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
  }
  go(name);
  await tabs[name].open(about);
}

accounts.whenEventsAreWanted(about => open('events', about));
element('ticket-done').addEventListener('click', () => open('accounts'));
for (const button of document.querySelectorAll('[data-tab]')) button.addEventListener('click', () => busy(button, () => open(button.dataset.tab)));
const signOut = () => attempt(() => ours('POST', '/logout'), () => {}).then(() => session.end(''));
for (const id of ['sign-out', 'someone-else']) element(id).addEventListener('click', () => busy(element(id), signOut));
start();
