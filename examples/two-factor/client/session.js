// The session of this tab: {token, userId, at, ends}, `ends` in milliseconds since the Unix epoch. The page /account takes it
// up as it is: `at` says whose accounts it is of.
//
// It lies in sessionStorage, so that a reload keeps it and closing the tab ends it here. A script of this origin could read it;
// the Content-Security-Policy lets no other script in. A cookie would travel by itself with every request to the
// server, also with those that another site caused; a header that only this page sets cannot be forged that way.

import {root} from './api.js';

const key = 'sallyport-session';

export function load() {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

export function save({id, ttl, created, userId}) {
  const session = {token: id, userId, at: root, ends: Date.parse(created) + ttl * 1000};
  sessionStorage.setItem(key, JSON.stringify(session));
  return session;
}

export const forget = () => sessionStorage.removeItem(key);
