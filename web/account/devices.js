// The card of trusted devices: where the password alone opens the account, and ending that.

import {attempt, mine} from './api.js';
import {busy, element} from './page.js';
import {ask} from './question.js';
import {row} from './rows.js';
import {nameOfClient, time} from './words.js';

let changed = () => {};

export const whenDevicesChange = work => { changed = work; };

// `days` is how long one may be trusted here; 0 where none may.
export function showDevices(devices, days) {
  element('devices-card').hidden = days === 0;
  element('devices-text').textContent = devices.length > 0
    ? 'From these your password alone opens the account, without a code.'
    : 'You trust none: a code is asked for everywhere. When you sign in, you may trust the device you sit at.';
  element('devices').replaceChildren(...devices.map(rowOf));
  element('distrust-all').hidden = devices.length < 2;
  element('devices-error').textContent = '';
}

function rowOf(device) {
  return row({
    name: nameOfClient(device.client),
    badge: device.current ? 'this one' : '',
    facts: [
      `${device.network ? `From ${device.network}, t` : 'T'}rusted until ${time(device.trustedUntil)}`,
      `Last used ${time(device.lastUsed)}`,
    ],
    buttons: [{verb: 'Trust no more', work: button => distrust(device, button)}],
  });
}

const distrust = (device, button) => busy(button, () => attempt(async () => {
  await mine('DELETE', `/devices/${device.id}`).catch(error => {
    if (error.status !== 404) throw error;  // It was trusted no more already.
  });
  changed('That device is asked for a code from now on.');
}, error => { element('devices-error').textContent = error.message; }));

element('distrust-all').addEventListener('click', () => ask({
  title: 'Trust none of them any more?',
  text: 'Each is asked for a code when it signs in the next time. Open sessions go on.',
  yes: 'Trust none',
  work: () => mine('DELETE', '/devices'),
  then: () => changed('Every device is asked for a code from now on.'),
}));
