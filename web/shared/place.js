// Where this page is, and where the accounts are.

// A path of this origin, spelt as the browser would: null for anything that could lead elsewhere.
export function ownPath(text) {
  if (typeof text !== 'string' || !text.startsWith('/') || !URL.canParse(text, location.origin)) return null;
  const url = new URL(text, location.origin);
  return url.origin === location.origin && url.pathname === text ? text : null;
}

// Where a proxy serves the app below a path, that path stands before this page's own.
export const below = location.pathname.replace(/\/[^/]*$/, '');
