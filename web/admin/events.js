// The audit trail, newest first.

import {attempt, ours} from '../account/api.js';
import {element, onSubmit} from '../account/page.js';
import {row} from '../account/rows.js';
import {onLeave} from '../account/views.js';
import {nameOf, nameOfClient, time} from '../account/words.js';

const form = element('recalling');
let picked = null;  // The account that was picked from the list, until another name is written.

// `about` says whose events; without it, as the form says.
export async function open(about) {
  if (about) {
    picked = about;
    form.model.value = about.model;
    form.who.value = about.who;
    form.event.value = '';
  }
  await attempt(async () => {
    const wanted = new URLSearchParams({model: form.model.value, limit: 200});
    for (const name of ['who', 'event']) if (form[name].value.trim()) wanted.set(name, form[name].value.trim());
    // What somebody is called may be another's name, too.
    if (picked && picked.model === form.model.value && picked.who === wanted.get('who')) wanted.set('id', picked.id);
    const found = await ours('GET', `/administration/events?${wanted}`);
    element('event-list').replaceChildren(...found.map(rowOf));
    element('no-events').hidden = found.length > 0;
    element('events-error').textContent = '';
  }, error => { element('events-error').textContent = error.message; });
}

function rowOf({at, event, outcome, model, userId, factor, about, actor, network, agent}) {
  const whose = userId === undefined ? 'an account that is not there' : `${model} ${userId}`;
  const made = row({
    name: event,
    badge: outcome === 'refused' ? 'refused' : '',
    facts: [
      [time(at), whose, factor && nameOf(factor), about].filter(Boolean).join(' · '),
      [network && `from ${network}`, agent && nameOfClient(agent), actor && `by ${actor}`].filter(Boolean).join(' · '),
    ].filter(Boolean),
    buttons: [],
  });
  if (outcome === 'refused') made.querySelector('.badge').classList.add('off');
  return made;
}

onSubmit(form, () => open());
onLeave('events', () => element('event-list').replaceChildren());
