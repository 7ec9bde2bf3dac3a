// The card of second factors: the list, and what can be changed in it.

import {attempt, mine} from './api.js';
import {busy, element} from './page.js';
import {ask} from './question.js';
import {row} from './rows.js';
import {nameOf, time} from './words.js';

const kinds = {totp: 'Authenticator app', sms: 'Text messages', email: 'Codes by mail'};
let changed = () => {};

export const whenFactorsChange = work => { changed = work; };

// An app that was not confirmed opens nothing, nor does a number beside one that does.
const isReal = (factor, all) => factor.confirmed || (factor.type === 'sms' && !all.some(({type, confirmed}) => type === 'sms' && confirmed));

export function showFactors(all, adds) {
  const factors = all.filter(factor => isReal(factor, all));
  element('factors').replaceChildren(...factors.map(factor => rowOf(factor, factors)));
  element('factors-text').textContent = textOf(factors, adds);
  element('add-app-button').hidden = !adds.includes('totp');
  element('add-number-button').hidden = !adds.includes('sms');
  element('add-number-button').textContent = factors.some(({type}) => type === 'sms') ? 'Replace the number' : 'Add a number';
  element('adding').hidden = adds.length === 0;
}

function textOf(factors, adds) {
  if (factors.length > 0) return 'After your password, one of these opens your account.';
  return adds.length > 0 ? 'You have none of your own yet. Add one, so that your password alone opens nothing.'
    : 'You have none of your own. Codes reach you by the server.';
}

const calledOf = ({label, type}) => label || kinds[type] || nameOf(type);

// A mailed code: weaker than the others, so its owner may do without.
function mailRow({hint, enabled}) {
  return row({
    name: 'Codes by mail',
    badge: enabled ? 'weaker' : 'off',
    facts: [enabled ? `To ${hint}. Whoever reads your mail has them too` : 'Not used to open your account'],
    buttons: [enabled ? {verb: 'Switch off', work: closeMail} : {verb: 'Switch on', work: openMail}],
  });
}

const closeMail = () => ask({
  title: 'Switch codes by mail off?',
  text: 'They no longer open your account, and every other session ends. This one goes on.',
  yes: 'Switch them off',
  work: () => mine('DELETE', '/factors/0'),
  then: () => changed('Codes by mail are off, and every other session has ended.'),
});

const openMail = button => busy(button, () => attempt(async () => {
  await mine('POST', '/factors', {type: 'email'});
  changed('Codes by mail are on.');
}, error => { element('overview-error').textContent = error.message; }));

function rowOf(factor, all) {
  if (factor.type === 'email') return mailRow(factor);
  const name = calledOf(factor);
  const kind = factor.label || factor.type === 'sms' ? [factor.type === 'sms' ? factor.hint : kinds[factor.type]] : [];
  const used = factor.lastUsed ? `Last used ${time(factor.lastUsed)}` : `Added ${time(factor.created)}`;
  const buttons = [{verb: 'Rename', work: () => rename(factor)}];
  if (!factor.preferred && new Set(all.map(({type}) => type)).size > 1)
    buttons.push({verb: 'Ask for it first', work: button => prefer(factor, button)});
  buttons.push({verb: 'Remove', work: () => remove(factor)});
  return row({
    name,
    badge: factor.preferred ? 'asked for first' : '',
    facts: [...kind, factor.confirmed ? used : 'Not used yet: the first right code confirms it'],
    buttons,
  });
}

function rename(factor) {
  ask({
    title: 'What shall it be called?',
    yes: 'Save',
    name: factor.label ?? '',
    work: label => mine('PATCH', `/factors/${factor.id}`, {label}),
    then: () => changed('The name is saved.'),
  });
}

const prefer = (factor, button) => busy(button, () => attempt(async () => {
  await mine('PATCH', `/factors/${factor.id}`, {preferred: true});
  changed(`${calledOf(factor)} is asked for first from now on.`);
}, error => { element('overview-error').textContent = error.message; }));

function remove(factor) {
  ask({
    title: `Remove ${calledOf(factor)}?`,
    text: 'It no longer opens your account, and every other session ends. This one goes on.',
    yes: 'Remove it',
    work: () => mine('DELETE', `/factors/${factor.id}`),
    then: () => changed(`${calledOf(factor)} is removed, and every other session has ended.`),
  });
}
