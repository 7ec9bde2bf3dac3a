// The card of what happened to the account, newest first.

import {attempt, mine} from './api.js';
import {busy, element} from './page.js';
import {row} from './rows.js';
import {nameOf, nameOfClient, time} from './words.js';

const first = 5;
const more = 20;
let oldest = 0;

const names = {
  'password': ['Password accepted', 'Wrong password'],
  'limit': ['A limit was reached', 'Too many tries'],
  'code.sent': ['Code sent', 'Code not sent'],
  'code': ['Code accepted', 'Wrong code'],
  'factor.off': ['Codes switched off for unknown devices', 'Codes switched off for unknown devices'],
  'session.begun': ['Signed in'],
  'session.ended': ['Session ended'],
  'session.renewed': ['Confirmed that it was you'],
  'enrolment.begun': ['Began to add a first second factor'],
  'password.link': ['Link to a new password made'],
  'password.changed': ['Password changed'],
  'email.asked': ['Another email address asked for'],
  'email.changed': ['Email address changed'],
  'email.refused': ['Change of the email address refused'],
  'username.changed': ['Username changed'],
  'factor.added': ['Second factor named'],
  'factor.confirmed': ['Second factor added'],
  'factor.removed': ['Second factor removed'],
  'recovery.made': ['Recovery codes made'],
  'factors.ticket': ['Ticket for a lost factor made'],
  'account.created': ['Account made'],
  'account.disabled': ['Account disabled'],
  'account.enabled': ['Account enabled'],
  'limits.lifted': ['Limits lifted'],
  'role.given': ['Role given'],
  'role.taken': ['Role taken'],
};

export async function readActivity() {
  element('events').replaceChildren();
  element('activity-error').textContent = '';
  oldest = 0;
  await read(first);
}

async function read(count) {
  // One more than is shown tells whether there are older ones.
  const events = await mine('GET', `/events?limit=${count + 1}${oldest ? `&before=${oldest}` : ''}`);
  const shown = events.slice(0, count);
  element('events').append(...shown.map(rowOf));
  if (shown.length > 0) oldest = shown.at(-1).id;
  element('older-events').hidden = events.length <= count;
  return element('events').children[element('events').children.length - shown.length];
}

function rowOf({event, outcome, at, factor, network, client, by}) {
  const [done, refused] = names[event] ?? [event];
  const where = [network && `from ${network}`, client && nameOfClient(client)].filter(Boolean).join(', ');
  return row({
    name: outcome === 'refused' ? refused ?? `${done}: refused` : done,
    facts: [
      [time(at), factor && `by ${factor.split('+').map(nameOf).join(' and ')}`, by && 'by those who run this service'].filter(Boolean).join(', '),
      ...(where ? [where[0].toUpperCase() + where.slice(1)] : []),
    ],
    buttons: [],
  });
}

element('older-events').addEventListener('click', () => busy(element('older-events'), () => attempt(async () => {
  const added = await read(more);
  if (!added) return;
  added.tabIndex = -1;
  added.focus();
}, error => { element('activity-error').textContent = error.message; })));
