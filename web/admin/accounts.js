// The list of accounts, and what can be done with one.

import {attempt, ours} from '../account/api.js';
import {busy, element, onSubmit} from '../account/page.js';
import {ask} from '../account/question.js';
import {row} from '../account/rows.js';
import {go, onLeave} from '../account/views.js';
import {nameOf, time} from '../account/words.js';

const form = element('finding');
const page = 50;
let shown = 0;
let own = {};  // {model, id} of whoever is here
let wantEvents = () => {};

export const setOwn = account => { own = account; };
export const whenEventsAreWanted = work => { wantEvents = work; };
export const open = () => attempt(() => list(), tell);

const tell = error => { element('accounts-error').textContent = error.message; };

async function list(skip = 0) {
  const wanted = new URLSearchParams({model: form.model.value, limit: page + 1, skip});
  if (form.find.value.trim()) wanted.set('find', form.find.value.trim());
  const found = await ours('GET', `/administration/accounts?${wanted}`);
  const rows = found.slice(0, page).map(rowOf);
  if (skip === 0) element('account-list').replaceChildren(...rows);
  else element('account-list').append(...rows);
  shown = skip + rows.length;
  element('more-accounts').hidden = found.length <= page;
  element('no-accounts').hidden = shown > 0;
  element('accounts-error').textContent = '';
}

function rowOf(account) {
  const name = account.email ?? account.username ?? `${account.id}`;
  const isOff = account.state === 'disabled';
  const isOwn = own.model === form.model.value && own.id === account.id;
  const factors = account.factors.map(({type, hint, label}) => label ?? (hint ? `${nameOf(type)} to ${hint}` : nameOf(type)));
  const made = row({
    name,
    badge: isOff ? 'disabled' : isOwn ? 'you' : '',
    facts: [
      factors.length > 0 ? `Opens with: ${factors.join(', ')}` : 'No second factor yet',
      `${account.sessions} session${account.sessions === 1 ? '' : 's'}${account.lastLogin ? `, last login ${time(account.lastLogin)}` : ', no login yet'}${account.verified ? '' : ', address not verified'}`,
    ],
    // To one's own account another administrator does the rest.
    buttons: [
      {verb: 'Events', work: () => wantEvents({model: form.model.value, id: account.id, who: name})},
      ...isOwn ? [] : [
        {verb: 'Sign out everywhere', work: () => signOut(account, name)},
        {verb: 'Lost factor', work: () => ticket(account, name)},
        isOff ? {verb: 'Enable', work: button => enable(account, name, button)} : {verb: 'Disable', work: () => disable(account, name)},
      ],
    ],
  });
  if (isOff) made.querySelector('.badge').classList.add('off');
  return made;
}

const change = (what, {id}) => ours('POST', `/administration/${what}`, {model: form.model.value, id});

async function reopen(notice) {
  await open();
  element('notice').textContent = notice;
}

const signOut = (account, name) => ask({
  title: `Sign ${name} out everywhere?`,
  text: 'Every session of the account ends at once.',
  yes: 'End them',
  work: () => change('sign-out', account),
  then: () => reopen(`Every session of ${name} has ended.`),
});

const disable = (account, name) => ask({
  title: `Disable ${name}?`,
  text: 'No password is right any more, and every session ends at once. You can enable it again.',
  yes: 'Disable it',
  work: () => change('disable', account),
  then: () => reopen(`${name} is disabled.`),
});

const enable = (account, name, button) => busy(button, () => attempt(async () => {
  await change('enable', account);
  await reopen(`${name} is enabled again.`);
}, tell));

function ticket(account, name) {
  let made;
  ask({
    title: `Has ${name} lost a factor?`,
    text: 'A ticket lets its owner, with the password, add another. You get its first half, and their mailbox the second.',
    yes: 'Make a ticket',
    work: async () => { made = await change('ticket', account); },
    then: () => {
      element('ticket-who').textContent = name;
      element('ticket-text').textContent = made.ticket;
      element('ticket-end').textContent = time(Date.now() + made.ttl * 1000);
      go('ticket');
    },
  });
}

onSubmit(form, () => open());
element('more-accounts').addEventListener('click', () => busy(element('more-accounts'), () => attempt(() => list(shown), tell)));
onLeave('ticket', () => { element('ticket-text').textContent = ''; });
onLeave('accounts', () => element('account-list').replaceChildren());
