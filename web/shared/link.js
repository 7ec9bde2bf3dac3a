// What the link in a mail holds behind its "#", where no server and no referrer sees it: token=...&at=/api/Employees, and
// whose mailbox it went to where there are two: side=old; or that it leads to a first password: first=yes. A page that
// leads here may say who asks: email=...

import {ownPath} from './place.js';

// Takes it out of the address bar at once. The token stays in memory only, so a reload has lost it; where the account
// lives is no secret and stays with the entry of the history: the page can then still ask for a new link.
export function takeLink() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const token = parts.get('token') ?? '';
  const at = ownPath(parts.get('at')) ?? ownPath(history.state?.at);
  history.replaceState({at}, '', location.pathname);
  return {token, at, side: parts.get('side') ?? '', isFirst: parts.has('first'), email: parts.get('email') ?? ''};
}
