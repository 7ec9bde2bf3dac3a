// What a request asks for behind its question mark, to look at and to ask otherwise.
import qs from 'qs';
import {isRecord} from './answers.mjs';

/** Whether a request sends a list of records to be made. */
export const sendsList = ({method, body = ''}) => method === 'POST' && body.startsWith('[');

/** A request's path, without what it asks for. */
export const routeOf = ({path}) => path.split('?')[0];

/** What stands behind the question mark, as it is meant. */
export function queryTextOf({path}) {
  const text = path.slice(path.indexOf('?') + 1);
  try {
    return path.includes('?') ? decodeURIComponent(text) : '';
  } catch {
    return text;
  }
}

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

/** What asks for one condition and nothing else. */
const aloneOf = (name, property, clause) => (name === 'where' ? {[property]: clause} : {where: {[property]: clause}});

/** Each condition of what was asked for, and each other part of a filter, as what asks for it and nothing else. */
export function partsOf({name, value}) {
  const parts = [];
  withConditions({name, value}, (property, clause) => (parts.push(aloneOf(name, property, clause)), clause));
  for (const [member, item] of Object.entries(value)) if (name === 'filter' && member !== 'where') parts.push({[member]: item});
  return parts;
}

/** What was asked for without those of its parts that are among `parts`. */
export function withoutParts({name, value}, parts) {
  const texts = parts.map(part => JSON.stringify(part));
  const isLeft = part => !texts.includes(JSON.stringify(part));
  const left = withConditions({name, value}, (property, clause) => (isLeft(aloneOf(name, property, clause)) ? clause : undefined));
  return name === 'where' ? left : Object.fromEntries(Object.entries(left).filter(([member, item]) => member === 'where' || isLeft({[member]: item})));
}

/** `value` without one of its parts, at any depth: each in its turn. */
export function* withoutOne(value) {
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    yield Array.isArray(value) ? value.filter((_, at) => String(at) !== key) : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    for (const smaller of withoutOne(value[key])) yield Array.isArray(value) ? value.map((item, at) => (String(at) === key ? smaller : item)) : {...value, [key]: smaller};
  }
}
