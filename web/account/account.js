// The account page: where the accounts are, and which view leads to which.

import {openAddApp, openAddNumber, whenFactorIsAdded} from './add_factor.js';
import {attempt, mine} from './api.js';
import {call} from './call.js';
import {whenDevicesChange} from './devices.js';
import {whenEmailChanges} from './email.js';
import {whenFactorsChange} from './factors.js';
import * as overview from './overview.js';
import {element} from './page.js';
import {whenPasswordIsChanged} from './password.js';
import {below, ownPath} from './place.js';
import {close} from './question.js';
import {whenCodesAreKept} from './recovery.js';
import * as session from './session.js';
import {whenSessionsChange} from './sessions.js';
import * as signIn from './sign_in.js';
import {go} from './views.js';
import './your_data.js';

async function start() {
  element('host').textContent = location.host;
  const given = new URLSearchParams(location.hash.slice(1)).get('at');
  try {
    const all = await call('GET', `${below}/account/accounts.json`);
    const found = given === null ? all : all.filter(({at}) => at === ownPath(given));
    if (found.length === 0) nowhere('The address of this page names accounts that this server does not have. Open the page from the app again.');
    else await begin(found);
  } catch (error) {
    nowhere(error.message);
  }
}

function nowhere(why) {
  element('nowhere-why').textContent = why;
  go('nowhere');
}

async function begin(kinds) {
  signIn.offer(kinds);
  const kept = kinds.map(({at}) => session.load(at)).find(Boolean);
  if (!kept) {
    signIn.open();
    return;
  }
  overview.isOf(kinds.find(({at}) => at === kept.at));
  await attempt(async () => { kept.email ??= (await mine('GET', '')).email; }, () => {});
  if (session.now()) await overview.reopen();
}

const isEnrolling = () => session.now()?.isEnrolment;

function back() {
  if (isEnrolling()) signIn.openEnrol();
  else overview.reopen();
}

// Another page of this server that sent its reader here to sign in.
const onward = ownPath(new URLSearchParams(location.hash.slice(1)).get('then'));

signIn.whenSignedIn(() => {
  if (onward) {
    location.replace(onward);
    return;
  }
  overview.isOf(signIn.kindHere());
  overview.reopen();
});
whenFactorIsAdded((notice, answer) => {
  if (isEnrolling()) {
    const {at, email} = session.now();
    session.save(answer, at, email);
    overview.isOf(signIn.kindHere());
    notice += ' Make recovery codes too, for the day your phone is lost.';
  }
  overview.reopen({notice});
});
whenFactorsChange(notice => overview.reopen({notice, start: element('factors-title')}));
whenEmailChanges(notice => overview.reopen({notice, start: element('email-card-title')}));
whenSessionsChange(notice => overview.reopen({notice, start: element('sessions-title')}));
whenDevicesChange(notice => overview.reopen({notice, start: element('devices-title')}));
whenCodesAreKept(notice => overview.reopen({notice}));
whenPasswordIsChanged(notice => overview.reopen({notice}));
session.whenEnded(why => {
  close();
  signIn.open(why);
});
element('add-app-button').addEventListener('click', openAddApp);
element('add-number-button').addEventListener('click', openAddNumber);
for (const button of document.querySelectorAll('[data-back]')) button.addEventListener('click', back);
start();
