// What is on the page: which view shows, what is wrong with which field.

export const element = id => document.getElementById(id);

const views = ['choose', 'ask', 'asked', 'done', 'incomplete'];

// Shows one view and puts the reader at `start`, its heading unless told.
export function show(view, start = element(`${view}-title`)) {
  for (const name of views) element(name).hidden = name !== view;
  document.title = `${element(`${view}-title`).textContent} · ${location.host}`;
  document.body.dataset.doors = view === 'done' ? 1 : 0;
  start.focus();
}

function clearErrors(form) {
  for (const error of form.querySelectorAll('.error')) error.textContent = '';
  for (const input of form.querySelectorAll('input')) input.removeAttribute('aria-invalid');
}

// Marks a field and puts the reader there; its error is part of its description, so it is read out.
export function complain(input, text) {
  element(`${input.id}-error`).textContent = text;
  input.setAttribute('aria-invalid', 'true');
  input.focus();
}

// Runs `work` once at a time, however often the form is sent meanwhile.
export function onSubmit(form, work) {
  const button = form.querySelector('[type=submit]');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (button.getAttribute('aria-busy')) return;
    button.setAttribute('aria-busy', 'true');
    clearErrors(form);
    try {
      await work();
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
}
