// The five calls this page makes. Everything that goes wrong comes out as an ApiError.

export const root = '/api/Employees';

export class ApiError extends Error {
  constructor(status, message, { code = '', fields = {}, retryAfter = 0 } = {}) {
    super(message);
    this.status = status;          // 0: no answer at all
    this.code = code;
    this.fields = fields;          // {property: first complaint}
    this.retryAfter = retryAfter;  // seconds; 0: not said
  }
}

async function call(verb, path, {body, token} = {}) {
  const headers = {Accept: 'application/json'};
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = token;
  let response;
  try {
    response = await fetch(root + path, {method: verb, headers, body: body && JSON.stringify(body)});
  } catch {
    throw new ApiError(0, 'The server does not answer. Check that it is running, then try again.');
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw errorFrom(response, answer.error ?? {});
  return answer;
}

function errorFrom(response, {message, code, details}) {
  const retryAfter = Number(response.headers.get('Retry-After')) || 0;
  const fields = {};
  for (const [name, texts] of Object.entries(details?.messages ?? {})) fields[name] = texts[0];
  if (response.status === 429) message = `Please wait: you can try again in ${duration(retryAfter || 60)}.`;
  if (response.status === 503) message = 'The server is busy. Try again in a moment.';
  return new ApiError(response.status, message ?? `The server answered ${response.status}.`, {code, fields, retryAfter});
}

export const signUp = account => call('POST', '', {body: account});
// `channel` is one of the `channels` that an answer before named; without it the code comes on the usual one.
export const requestCode = (email, password, channel) => call('POST', '/requestCode', {body: {email, password, channel}});
// With `trustDevice`, the next requestCode of this browser answers a token at once.
export const loginWithCode = (email, twofactor, challenge, trustDevice) =>
  call('POST', '/loginWithCode', {body: {email, twofactor, challenge, trustDevice}});
export const findEmployee = (id, token) => call('GET', `/${encodeURIComponent(id)}`, {token});
export const logout = token => call('POST', '/logout', {token});

// "40 seconds", "5 minutes", "23 hours": rounded up, so that nobody comes too early.
export function duration(seconds) {
  const [size, unit] = seconds < 100 ? [1, 'second'] : seconds < 5400 ? [60, 'minute'] : [3600, 'hour'];
  const count = Math.ceil(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
