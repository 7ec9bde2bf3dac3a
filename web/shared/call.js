// One call of the API. Everything that goes wrong comes out as an ApiError.

export class ApiError extends Error {
  constructor(status, message, {code = '', details = {}, retryAfter = 0} = {}) {
    super(message);
    this.status = status;          // 0: no answer at all
    this.code = code;              // "STEP_UP_REQUIRED"; "": not said
    this.details = details;
    this.retryAfter = retryAfter;  // seconds; 0: not said
  }
}

export async function call(method, path, {body, token} = {}) {
  const headers = {Accept: 'application/json'};
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = token;
  let response;
  try {
    response = await fetch(path, {method, headers, body: body && JSON.stringify(body)});
  } catch {
    throw new ApiError(0, 'The server does not answer. Check that it is running, then try again.');
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw errorOf(response, answer.error ?? {});
  return answer;
}

export const post = (path, what) => call('POST', path, what);

function errorOf(response, {message, code, details}) {
  const retryAfter = Number(response.headers.get('Retry-After')) || 0;
  if (response.status === 429) message = `Too many tries. You can try again in ${duration(retryAfter || 60)}.`;
  if (response.status === 503) message = 'The server is busy. Try again in a moment.';
  return new ApiError(response.status, message ?? `The server answered ${response.status}.`, {code, details, retryAfter});
}

// "40 seconds", "5 minutes": rounded up, so that nobody comes too early.
export function duration(seconds) {
  const [size, unit] = seconds < 100 ? [1, 'second'] : seconds < 5400 ? [60, 'minute'] : [3600, 'hour'];
  const count = Math.ceil(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
