// Whether a list stands in the order that was asked for, where LoopBack's own depends on how its records lie.
import {isRecord} from './answers.mjs';

// Null among these is 0; among all else that is defined it is as absent.
const hasZero = type => type === undefined || ['number', 'boolean', 'date'].includes(type);

/** [{name, sign, hasZero}] of a filter's `order`; none where there is none. */
export function termsOf(filter, properties) {
  const terms = [filter?.order ?? []].flat().flatMap(term => String(term).split(','));
  const words = terms.map(term => term.trim().split(/\s+/)).filter(([name]) => name);
  return words.map(([name, direction]) => ({name, sign: /^desc$/i.test(direction ?? '') ? -1 : 1, hasZero: hasZero(properties[name]?.type ?? properties[name])}));
}

function keyOf(record, {name, hasZero}) {
  const found = name.split('.').reduce((value, part) => (isRecord(value) ? value[part] : undefined), record);
  return found === null && !hasZero ? undefined : found;
}

const isNumeric = value => value === null || ['number', 'boolean'].includes(typeof value);

/** Below 0 where `left` comes first: what is absent, then null as 0 among numbers. NaN where nothing says. */
function compare(left, right) {
  if (left === undefined || right === undefined) return Number(right === undefined) - Number(left === undefined);
  if (isNumeric(left) && isNumeric(right)) return Number(left) - Number(right);
  if (typeof left !== 'string' || typeof right !== 'string') return NaN;
  return left < right ? -1 : Number(left > right);
}

function comparedBy(terms, left, right) {
  for (const term of terms) {
    const found = term.sign * compare(keyOf(left, term), keyOf(right, term));
    if (found !== 0) return found;
  }
  return 0;
}

/** Whether no record of `list` should come before the one in front of it; of equals the smaller id comes first. */
export function isOrdered(list, terms) {
  const all = terms.some(({name}) => name === 'id') ? terms : [...terms, {name: 'id', sign: 1}];
  return list.every((record, at) => at === 0 || !(comparedBy(all, list[at - 1], record) > 0));
}
