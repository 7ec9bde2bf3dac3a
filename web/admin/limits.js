// The limits that are full, or those of somebody, which may be lifted.

import {attempt, ours} from '../account/api.js';
import {duration} from '../account/call.js';
import {element, onSubmit} from '../account/page.js';
import {ask} from '../account/question.js';
import {row} from '../account/rows.js';
import {onLeave} from '../account/views.js';
import {time} from '../account/words.js';

const form = element('limiting');

const isAddress = text => /^[\d.]+$/.test(text) ? text.split('.').length === 4 : text.includes(':');

function wanted() {
  const who = form.who.value.trim();
  const subject = {model: form.model.value};
  if (who) subject[isAddress(who) ? 'address' : 'who'] = who;
  return subject;
}

export const open = () => attempt(async () => {
  const found = await ours('GET', `/administration/limits?${new URLSearchParams(wanted())}`);
  const who = form.who.value.trim();
  element('limit-list').replaceChildren(...found.map(rowOf));
  element('no-limits').hidden = found.length > 0;
  element('no-limits').textContent = who ? `Nothing is counted against ${who}.` : 'No limit is full.';
  element('lift').hidden = !who || found.length === 0;
  element('lift').textContent = `Lift the limits of ${who}`;
  element('limits-error').textContent = '';
}, error => { element('limits-error').textContent = error.message; });

const rowOf = ({limit, count, most, seconds, until}) => row({
  name: limit,
  facts: [
    `${count}${most ? ` of ${most}` : ''}${seconds ? ` within ${duration(seconds)}` : ''}`,
    ...(until ? [`Until ${time(until)}`] : []),
  ],
  buttons: [],
});

element('lift').addEventListener('click', () => ask({
  title: `${element('lift').textContent}?`,
  text: 'What was counted is forgotten: they may try again at once, and so may whoever guesses at their account.',
  yes: 'Lift them',
  work: () => ours('POST', '/administration/lift', wanted()),
  then: async () => {
    await open();
    element('notice').textContent = 'The limits are lifted.';
  },
}));
onSubmit(form, () => open());
onLeave('limits', () => element('limit-list').replaceChildren());
