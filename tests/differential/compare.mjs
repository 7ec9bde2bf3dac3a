// Where two answers differ, after what may not be equal is made equal.

const heeded = ['content-type', 'location', 'allow', 'vary', 'access-control-allow-origin', 'access-control-allow-credentials', 'access-control-allow-methods', 'www-authenticate', 'retry-after'];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const objectId = /^[0-9a-f]{24}$/;
const recently = 3600000;

/** `value` without what each server makes up: ids and the present. */
export function normalised(value) {
  if (typeof value === 'string') {
    if (uuid.test(value) || objectId.test(value)) return '<generated>';
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && Math.abs(Date.now() - Date.parse(value)) < recently) return '<now>';
    return value;
  }
  if (Array.isArray(value)) return value.map(normalised);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, normalised(item)]));
  return value;
}

function parsed({headers, text}) {
  if (!/json/.test(headers['content-type'] ?? '') || text === '') return text;
  try {
    return normalised(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The first place, "body.0.name", where two values differ; undefined if none does. */
function placeOf(left, right, at) {
  if (left === right) return undefined;
  const areBoth = left && right && typeof left === 'object' && typeof right === 'object' && Array.isArray(left) === Array.isArray(right);
  if (!areBoth) return at;
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  for (const name of names) {
    if (!(name in left) || !(name in right)) return `${at}.${name}`;
    const place = placeOf(left[name], right[name], `${at}.${name}`);
    if (place) return place;
  }
  return undefined;
}

/** Where LoopBack's answer and ours differ: "status", "header vary", "body.error.message"; undefined if nowhere. */
export function difference(theirs, ours) {
  if (theirs.status !== ours.status) return 'status';
  const place = placeOf(parsed(theirs), parsed(ours), 'body');
  if (place) return place;
  const isEmpty = theirs.status === 204;  // Nothing, which LoopBack gives a type at times.
  const header = heeded.find(name => !(isEmpty && name === 'content-type') && theirs.headers[name] !== ours.headers[name]);
  return header && `header ${header}`;
}
