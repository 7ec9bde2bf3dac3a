// The step that asks for a code: where it is, the field, another way to get one, and a new one. It stands in the form of
// the sign-in and in the dialog that asks who sits there.

import {duration} from './call.js';
import {busy, clearErrors, complain, element} from './page.js';
import {isSent, wayOf, whereTheCodeIs} from './words.js';

export class CodeStep {
  #form;
  #request;
  #answer = null;
  #isStale = false;  // Whether an app's or a recovery code needs a new challenge first.
  #expiry = 0;
  #resend;
  #resendTimer = 0;

  // `request(channel)` asks for a challenge, and shows it here.
  constructor(form, request) {
    this.#form = form;
    this.#request = request;
    element(`${form.id}-code`).append(element('code-step').content.cloneNode(true));
    const {input} = this;
    input.id = `${form.id}-input`;
    form.querySelector('.where').id = `${form.id}-where`;
    input.setAttribute('aria-describedby', `${form.id}-where ${input.id}-error`);
    input.parentElement.querySelector('label').htmlFor = input.id;
    input.parentElement.querySelector('.error').id = `${input.id}-error`;
  }

  get input() {
    return this.#form.querySelector('input.code');
  }

  get channel() {
    return this.#answer?.channel;
  }

  get channels() {
    return this.#answer?.channels ?? [];
  }

  // `answer` is what requestCode said.
  show(answer, without = []) {
    this.#answer = answer;
    this.#isStale = false;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#expire(), answer.ttl * 1000);
    this.#form.querySelector('.where').textContent = whereTheCodeIs(answer, duration(answer.ttl));
    clearErrors(this.#form);
    this.#shape(answer.channel);
    this.#offer(answer, without);
    this.input.value = '';
    this.input.focus();
  }

  #shape(channel) {
    const isRecovery = channel === 'recovery';
    this.input.inputMode = isRecovery ? 'text' : 'numeric';
    this.input.autocomplete = isRecovery ? 'off' : 'one-time-code';
    this.input.classList.toggle('long', isRecovery);
    this.input.parentElement.querySelector('label').textContent = isRecovery ? 'Recovery code' : 'Code';
  }

  #offer({channel, channels = [], resendAfter = 0}, without) {
    const others = channels.filter(name => name !== channel && !without.includes(name));
    const buttons = others.map(name => this.#button(`${wayOf(name)} instead`, name));
    clearInterval(this.#resendTimer);
    if (isSent(channel)) {
      this.#resend = this.#button('Send a new code', channel);
      buttons.unshift(this.#resend);
      this.#wait(resendAfter);
    }
    element(`${this.#form.id}-ways`).replaceChildren(...buttons);
  }

  #button(text, channel) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link way';
    button.textContent = text;
    button.addEventListener('click', () => busy(button, () => this.#switchTo(channel)));
    return button;
  }

  async #switchTo(channel) {
    clearErrors(this.#form);
    await this.#request(channel);
  }

  #wait(seconds) {
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      this.#resend.disabled = left > 0;
      this.#resend.textContent = left > 0 ? `Send a new code in ${left} s` : 'Send a new code';
      if (left <= 0) clearInterval(this.#resendTimer);
    };
    this.#resendTimer = setInterval(tick, 500);
    tick();
  }

  #expire() {
    this.#isStale = true;
    if (isSent(this.channel)) complain(this.input, 'This code is too old by now. Send a new one.');
  }

  // The code and its challenge; null where none was typed. A challenge that is used up is renewed first: an app or a
  // sheet of paper goes on having codes.
  async read() {
    const typed = this.input.value.trim();
    if (!typed) {
      complain(this.input, 'Enter your code.');
      return null;
    }
    if (this.#isStale && !isSent(this.channel)) {
      await this.#request(this.channel);
      this.input.value = typed;
      if (this.#isStale) return null;
    }
    return {twofactor: this.channel === 'recovery' ? typed : typed.replace(/[\s-]/g, ''), challenge: this.#answer.challenge};
  }

  refuse(message) {
    this.#isStale = !isSent(this.channel);  // Each challenge takes few tries.
    const next = {totp: 'Check it, or wait for the next one.', recovery: 'Each works once: check it, or take another.'};
    complain(this.input, `${message} ${next[this.channel] ?? 'Check it, or send a new one.'}`);
    this.input.select();
  }

  clear() {
    this.#answer = null;
    clearTimeout(this.#expiry);
    clearInterval(this.#resendTimer);
    this.input.value = '';
    element(`${this.#form.id}-ways`).replaceChildren();
    this.#form.querySelector('.where').textContent = '';
  }
}
