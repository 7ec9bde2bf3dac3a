// A row of a list: what it is, what is known of it, and what can be done with it.

export function row({name, badge, facts, buttons}) {
  const item = document.createElement('li');
  const text = item.appendChild(document.createElement('div'));
  const title = text.appendChild(document.createElement('p'));
  title.className = 'name';
  title.append(name);
  if (badge) {
    const mark = document.createElement('span');
    mark.className = 'badge';
    mark.textContent = badge;
    title.append(' ', mark);
  }
  for (const fact of facts) {
    const line = text.appendChild(document.createElement('p'));
    line.className = 'soft';
    line.textContent = fact;
  }
  const actions = item.appendChild(document.createElement('div'));
  actions.className = 'row-actions';
  for (const {verb, work} of buttons) actions.append(button(verb, name, work));
  return item;
}

// Its whole name says what it is about, for whoever does not see the row around it.
function button(verb, about, work) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'link';
  made.textContent = verb;
  made.setAttribute('aria-label', `${verb}: ${about}`);
  made.addEventListener('click', () => work(made));
  return made;
}
