// What is on the page: which view shows, what is wrong with which field. A view is a section of <main>; its data-doors
// says how many doors stand open behind who sees it.

export const element = id => document.getElementById(id);

// Shows one view and puts the reader at `start`, its heading unless told.
export function show(view, start = element(`${view}-title`)) {
  for (const section of document.querySelectorAll('main > section')) section.hidden = section.id !== view;
  document.title = `${element(`${view}-title`).textContent} · ${location.host}`;
  document.body.dataset.doors = element(view).dataset.doors ?? 0;
  start.focus();
}

export function clearErrors(form) {
  for (const error of form.querySelectorAll('.error')) error.textContent = '';
  for (const input of form.querySelectorAll('input')) input.removeAttribute('aria-invalid');
}

// Marks a field and puts the reader there; its error is part of its description, so it is read out.
export function complain(input, text) {
  element(`${input.id}-error`).textContent = text;
  input.setAttribute('aria-invalid', 'true');
  input.focus();
}

// Runs `work` once at a time, however often the button is pressed meanwhile.
export async function busy(button, work) {
  if (button.getAttribute('aria-busy')) return;
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-busy');
  }
}

export function onSubmit(form, work) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(form.querySelector('[type=submit]'), () => {
      clearErrors(form);
      return work();
    });
  });
}

// A button beside a password that shows what is typed, and says what it does. Gives the way to hide it again: a browser
// would offer to remember what it sees as a text.
export function reveals(button, input) {
  const reveal = shown => {
    input.type = shown ? 'text' : 'password';
    button.firstElementChild.textContent = shown ? 'Hide' : 'Show';
  };
  button.addEventListener('click', () => reveal(input.type === 'password'));
  return () => reveal(false);
}
