// What the link in a mail holds behind its "#", where no server and no referrer sees it: token=...&at=/api/Employees

// Takes it out of the address bar at once. The token stays in memory only, so a reload has lost it; where the account
// lives is no secret and stays with the entry of the history: the page can then still ask for a new link.
export function takeLink() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const token = parts.get('token') ?? '';
  const at = ownPath(parts.get('at')) ?? ownPath(history.state?.at);
  history.replaceState({at}, '', location.pathname);
  return {token, at};
}

// A path of this origin, spelt as the browser would: null for anything that could lead elsewhere.
function ownPath(text) {
  if (typeof text !== 'string' || !text.startsWith('/') || !URL.canParse(text, location.origin)) return null;
  const url = new URL(text, location.origin);
  return url.origin === location.origin && url.pathname === text ? text : null;
}

// Where a proxy serves the app below a path, that path stands before this page's own.
export const below = location.pathname.replace(/\/reset-password(\.html)?$/, '');
