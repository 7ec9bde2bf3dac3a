// A mailbox's word on the change of an account's email address. Opening the link does nothing by itself: programs that
// look into mails open links too.

import {post} from './call.js';
import {takeLink} from './link.js';
import {busy, element, show} from './page.js';
import {below} from './place.js';

let link;

function start() {
  link = takeLink();
  if (!link.at || !link.token || !['new', 'old'].includes(link.side)) show('incomplete');
  else show(link.side);
}

async function say(word) {
  const {at, token, side} = link;
  try {
    const answer = await post(`${below}${at}/email-change/${word}`, {body: {token}});
    if (word === 'refuse') refused();
    else if (answer.changed) show('changed');
    else waitFor(answer.waitingFor);
  } catch (error) {
    if (error.status === 400 || error.status === 404 || error.status === 409) over(error);
    else element(`${side}-error`).textContent = error.message;
  }
}

function waitFor(side) {
  element('waiting-text').textContent = side === 'new'
    ? 'You have agreed. The link in the mail to the new address has to be opened too.'
    : 'You have agreed. The link in the mail to the old address has to be opened too.';
  show('waiting');
}

function refused() {
  const isOld = link.side === 'old';
  element('refused-text').textContent = isOld
    ? 'Your address stays as it is, and every session of your account has ended. Whoever asked knew your password: choose a new one now.'
    : 'The address that this mail came to is not used.';
  element('refused-next').hidden = !isOld;
  element('refused-next').href = `reset-password#at=${encodeURIComponent(link.at)}`;
  show('refused');
}

function over({status, message}) {
  element('over-text').textContent = status === 409 ? message : 'It was used, it was refused, or it is more than a day old. The change can be asked for again.';
  show('over');
}

element('host').textContent = location.host;
for (const side of ['new', 'old']) {
  for (const word of ['agree', 'refuse']) {
    const button = element(`${side}-${word}`);
    button.addEventListener('click', () => busy(button, () => say(word)));
  }
}
// Another link that is opened in this tab changes only what is behind the "#".
addEventListener('hashchange', () => { if (location.hash) start(); });
start();
