// What people read: names of channels, of browsers, and times.

const channels = {
  totp: {name: 'authenticator app', use: 'Use your authenticator app'},
  sms: {name: 'text message', use: 'Get a text message'},
  email: {name: 'mail', use: 'Get a mail'},
  console: {name: 'server’s console', use: 'Use the server’s console'},
  recovery: {name: 'recovery code', use: 'Use a recovery code'},
};

export const nameOf = channel => channels[channel]?.name ?? channel;
export const wayOf = channel => channels[channel]?.use ?? `Use ${channel}`;
export const isSent = channel => channel !== 'totp' && channel !== 'recovery';

export function whereTheCodeIs({channel, hint}, life) {
  if (channel === 'sms') return `A text message with your code is on its way to ${hint}. It is good for ${life}.`;
  if (channel === 'email') return `A mail with your code is on its way to you. It is good for ${life}.`;
  if (channel === 'console') return `Your code is on the server’s console. It is good for ${life}.`;
  if (channel === 'totp') return 'Your authenticator app shows it now.';
  if (channel === 'recovery') return 'One of those you kept, such as 3‑abcde‑fghjk‑mnpqr. It will not work a second time.';
  return `Your code was sent by ${channel}. It is good for ${life}.`;
}

const dates = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});
export const time = text => dates.format(new Date(text));

// "Firefox on Windows", of a User-Agent header (RFC 9110, 10.1.5); what it does not know stays as it is.
export function nameOfClient(agent) {
  if (!agent) return 'Unknown program';
  const named = pairs => pairs.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = named([[/Edg\w*\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\/|FxiOS\//, 'Firefox'], [/Chrom\w*\/|CriOS\//, 'Chrome'],
    [/Safari\//, 'Safari']]);
  const system = named([[/iPhone|iPad/, 'iOS'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'],
    [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']]);
  return browser ? `${browser}${system ? ` on ${system}` : ''}` : agent.slice(0, 60);
}
