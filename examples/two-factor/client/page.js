// What is on the page: which view shows, what is wrong with which field, what a screen reader is told.

export const element = id => document.getElementById(id);

const titles = {'sign-in': 'Sign in', 'sign-up': 'Create an account', account: 'You are in'};

// Shows one view and hides the others. `doors` is how many stand open behind you: 0, 1 or 2.
export function show(view, doors) {
  for (const name of Object.keys(titles)) element(name).hidden = name !== view;
  document.title = `${titles[view]} · Sallyport`;
  document.body.dataset.doors = doors;
}

// A sentence above the view that says why you see it; "" takes it away.
export function note(text) {
  element('notice').textContent = text;
  element('notice').hidden = !text;
  announce(text);
}

// Has a screen reader read `text` out, wherever the reader is.
export function announce(text) {
  element('announcer').textContent = text;
}

export function clearErrors(form) {
  for (const error of form.querySelectorAll('.error')) error.textContent = '';
  for (const input of form.querySelectorAll('input')) input.removeAttribute('aria-invalid');
}

// Marks a field and puts the reader there; its error is part of its description, so it is read out.
export function complain(input, text) {
  element(`${input.id}-error`).textContent = text;
  input.setAttribute('aria-invalid', 'true');
  const first = input.form.querySelector('[aria-invalid]');
  first.focus();
  first.select();
}

// Runs `work` once, however often the button is pressed meanwhile.
export async function busy(button, work) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-busy');
  }
}
