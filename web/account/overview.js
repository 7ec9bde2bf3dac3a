// The account once it is open: its cards, always as the server has them now.

import {readActivity} from './activity.js';
import {attempt, mine, ours} from './api.js';
import {showDevices} from './devices.js';
import {readEmail} from './email.js';
import {showFactors} from './factors.js';
import {busy, element} from './page.js';
import {showRecovery} from './recovery.js';
import * as session from './session.js';
import {showSessions} from './sessions.js';
import {go, isShown, onLeave} from './views.js';

let kind = {adds: []};

// `found` says what accounts of this kind can: which factors are added, and for how many days a device is trusted.
export const isOf = found => { kind = found; };

// Reads all anew, then shows it. The reader stands at `start`, the heading unless told.
export async function open({notice = '', start} = {}) {
  const [factors, {left}, sessions, devices] =
    await Promise.all(['/factors', '/recovery-codes', '/sessions', '/devices'].map(path => mine('GET', path)));
  showFactors(factors, kind.adds);
  showRecovery(left);
  showSessions(sessions);
  showDevices(devices, kind.trusts ?? 0);
  await Promise.all([readEmail(), readActivity()]);
  element('overview-who').textContent = session.now().email;
  element('overview-error').textContent = '';
  if (!isShown('overview') || !start) go('overview', {start, notice});
  else {
    start.focus();
    element('notice').textContent = notice;
  }
}

// After a change: what cannot be read anew is told, and the rest stays as it was.
export const reopen = how => attempt(() => open(how), error => {
  if (!isShown('overview')) go('overview');
  element('overview-error').textContent = error.message;
});

async function signOut() {
  await ours('POST', '/logout');
  session.end('You are signed out.');
}

onLeave('overview', () => {
  for (const name of ['factors', 'sessions', 'devices', 'events', 'email-now', 'email-pending']) element(name).replaceChildren();
  element('overview-who').textContent = '';
});
element('sign-out').addEventListener('click', () => busy(element('sign-out'), () =>
  attempt(signOut, error => { element('overview-error').textContent = error.message; })));
