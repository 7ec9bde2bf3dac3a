// The session of this tab: {token, userId, at, email, ends}, `ends` in milliseconds since the Unix epoch.
//
// It lies in sessionStorage, so that a reload keeps it and closing the tab ends it here. A script of this origin could
// read it; the page's policy lets no other script in.

const key = 'sallyport-session';
const longest = 2 ** 31 - 1;  // of a timer, in milliseconds
let current = null;
let timer = 0;
const listeners = [];

// The stored session of the accounts at `at`; null for none that still lasts.
export function load(at) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    if (typeof kept?.token !== 'string' || kept.at !== at || kept.ends < Date.now()) return null;
    use(kept);
  } catch {
    return null;
  }
  return current;
}

// Of the answer to a login: the access token with the account's record.
export function save({id, ttl, userId}, at, email) {
  const kept = {token: id, userId, at, email, ends: Date.now() + ttl * 1000};
  sessionStorage.setItem(key, JSON.stringify(kept));
  use(kept);
}

function use(kept) {
  current = kept;
  clearTimeout(timer);
  timer = setTimeout(() => end('Your session has ended. Sign in again.'), Math.min(kept.ends - Date.now(), longest));
}

// A token that only adds a first factor: it is not worth keeping.
export function borrow({id, userId, ttl}, at, email) {
  use({token: id, userId, at, email, ends: Date.now() + ttl * 1000, isEnrolment: true});
}

export function end(why) {
  if (!current) return;
  current = null;
  clearTimeout(timer);
  sessionStorage.removeItem(key);
  for (const listener of listeners) listener(why);
}

export const now = () => current;
export const whenEnded = listener => listeners.push(listener);
