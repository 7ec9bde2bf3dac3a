// Whose token goes with every call: {token, who, logout, ends}, `ends` in milliseconds since the Unix epoch or 0.
//
// It lies in sessionStorage, since an explorer is reloaded after each change of the API and two doors each time would be
// two too many. Closing the tab ends it here, and no link ever carries it. A script of this origin could read it; the
// page's policy lets no other script in.

const key = 'sallyport-explorer';
let current = null;

export function load() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    current = kept && typeof kept.token === 'string' && !(kept.ends && kept.ends < Date.now()) ? kept : null;
  } catch {
    current = null;
  }
  return current;
}

export function save(session) {
  current = session;
  sessionStorage.setItem(key, JSON.stringify(session));
}

export function forget() {
  current = null;
  sessionStorage.removeItem(key);
}

export const token = () => current?.token;
