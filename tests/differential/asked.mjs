// What a request asks for behind its question mark, to look at and to ask otherwise.
import qs from 'qs';
import {isRecord} from './answers.mjs';

/** A request's path, without what it asks for. */
export const routeOf = ({path}) => path.split('?')[0];

/** `?name=...` for a value, as JSON. */
export const jsonQuery = (name, value) => `?${name}=${encodeURIComponent(JSON.stringify(value))}`;

const named = /^([^?]*)[?](filter|where)(=|\[|%5B)/;

/** The value of `?filter=...` or `?where=...`, as JSON or in brackets; undefined where it is no object. */
export function askedOf({path}) {
  const found = named.exec(path);
  if (!found) return undefined;
  const [, base, name, sign] = found;
  const text = path.slice(base.length + 1);
  try {
    const value = sign === '=' ? JSON.parse(decodeURIComponent(text.slice(name.length + 1))) : qs.parse(text, {allowPrototypes: true})[name];
    return isRecord(value) ? {name, value} : undefined;
  } catch {
    return undefined;
  }
}

/** The same request with the value that `change` makes of the one it has. */
export function askedOtherwise(request, change) {
  const asked = askedOf(request);
  if (!asked) return request;
  return {...request, path: routeOf(request) + jsonQuery(asked.name, change(asked.value))};
}

/** `asked` with the condition that `change(name, clause)` makes of each of its conditions. */
export function withConditions({name, value}, change) {
  const changed = where => {
    if (Array.isArray(where)) return where.map(changed);
    if (where === null || typeof where !== 'object') return where;
    const parts = Object.entries(where).map(([word, clause]) => (['and', 'or', 'nor'].includes(word) ? [word, changed(clause)] : [word, change(word, clause)]));
    return Object.fromEntries(parts);
  };
  if (name === 'where') return changed(value);
  return value.where ? {...value, where: changed(value.where)} : value;
}

/** Each condition that a request asks for: {name, operator, operand}; "eq" for a bare value. */
export function conditionsOf(request) {
  const asked = askedOf(request);
  const conditions = [];
  if (!asked) return conditions;
  withConditions(asked, (name, clause) => {
    if (isRecord(clause)) for (const [operator, operand] of Object.entries(clause)) conditions.push({name, operator, operand, isNamed: true});
    else conditions.push({name, operator: 'eq', operand: clause});
    return clause;
  });
  return conditions;
}

/** `value` without one of its parts, at any depth: each in its turn. */
export function* withoutOne(value) {
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    yield Array.isArray(value) ? value.filter((_, at) => String(at) !== key) : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    for (const smaller of withoutOne(value[key])) yield Array.isArray(value) ? value.map((item, at) => (String(at) === key ? smaller : item)) : {...value, [key]: smaller};
  }
}
