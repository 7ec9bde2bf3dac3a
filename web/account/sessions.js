// The card of sessions: where the account is open, and ending that.

import {attempt, mine} from './api.js';
import {busy, element} from './page.js';
import {ask} from './question.js';
import {row} from './rows.js';
import {nameOf, nameOfClient, time} from './words.js';

let changed = () => {};

export const whenSessionsChange = work => { changed = work; };

export function showSessions(sessions) {
  const mineFirst = [...sessions].sort((one, other) => other.current - one.current);
  element('sessions').replaceChildren(...mineFirst.map(rowOf));
  element('end-others').hidden = sessions.length < 2;
  element('sessions-error').textContent = '';
}

function rowOf(session) {
  const proofs = session.factors.map(nameOf);
  return row({
    name: nameOfClient(session.client),
    badge: session.current ? 'this one' : '',
    facts: [
      `${session.network ? `From ${session.network}, s` : 'S'}ince ${time(session.created)}, by ${proofs.join(' and ')}`,
      `Last used ${time(session.lastUsed)}`,
    ],
    buttons: session.current ? [] : [{verb: 'End', work: button => end(session, button)}],
  });
}

const end = (session, button) => busy(button, () => attempt(async () => {
  await mine('DELETE', `/sessions/${session.id}`).catch(error => {
    if (error.status !== 404) throw error;  // It had ended already.
  });
  changed('That session has ended.');
}, error => { element('sessions-error').textContent = error.message; }));

element('end-others').addEventListener('click', () => ask({
  title: 'Sign out everywhere else?',
  text: 'Every session but this one ends at once.',
  yes: 'End them',
  work: () => mine('DELETE', '/sessions'),
  then: () => changed('Every other session has ended.'),
}));
