// Going from one view to another: what a view must not leave behind is cleared on the way out.

import {element, show} from './page.js';

const leaving = new Map();
let current = '';

export function go(view, {start, notice = ''} = {}) {
  leaving.get(current)?.();
  current = view;
  show(view, start);
  scrollTo(0, 0);
  element('notice').textContent = notice;
}

export const onLeave = (view, work) => leaving.set(view, work);
export const isShown = view => view === current;

// A browser keeps pages as they were, for its back button.
addEventListener('pagehide', () => leaving.get(current)?.());
addEventListener('pageshow', ({persisted}) => { if (persisted) location.reload(); });
