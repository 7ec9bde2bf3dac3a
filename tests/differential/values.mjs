// Values of every property type: good ones, and odd ones that a careless client sends.
import {isRecord} from './answers.mjs';

const words = ['', 'a', 'alpha', 'Alpha', 'beta', 'gamma ray', 'a%b', 'a_b', 'x.y', 'ünïcode', 'O\'Brien', '10', '2', 'true', 'null', 'new\nline', 'back\\slash'];
const numbers = [0, 1, 2, 3, 10, -1, 1.5, 100, 1e21, 0.1, -0.5, 4294967296];
const dates = ['2020-01-01T00:00:00.000Z', '2020-06-15T12:30:00.000Z', '2021-12-31T23:59:59.000Z', '1999-02-28T00:00:00.000Z', '2020-01-01'];
const points = [{lat: 0, lng: 0}, {lat: 10, lng: 20}, {lat: -33.86, lng: 151.2}, {lat: 48.1, lng: 11.5}, {lat: 48.2, lng: 11.6}];
const objects = [{}, {a: 1}, {a: 'x', b: 2}, {a: {b: 3}}, {b: [1, 2]}, {a: null}];

const scalars = {string: words, number: numbers, boolean: [true, false], date: dates, object: objects};
const pickedFrom = {...scalars, geopoint: points, buffer: words.filter(word => word !== ''), part: [{a: 'x', b: 1}, {a: 'y'}, {b: 2}, {}]};

const makers = {
  ...Object.fromEntries(Object.entries(pickedFrom).map(([type, values]) => [type, random => random.pick(values)])),
  any: random => random.pick([random.pick(words), random.pick(numbers), true, false, random.pick(objects), [1, 'a']]),
  array: random => random.some([1, 2, 'a', 'b', true, {a: 1}], random.below(4)),
  strings: random => random.some(words, random.below(4)),
  numbers: random => random.some(numbers, random.below(4)),
  booleans: random => random.some([true, false], random.below(3)),
  dates: random => random.some(dates, random.below(3)),
  objects: random => random.some(objects, random.below(3)),
};

/** The types, by the name that counts are kept under; what each is in a model's JSON. */
export const types = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  object: 'object',
  geopoint: 'geopoint',
  any: 'any',
  buffer: 'buffer',
  array: 'array',
  strings: ['string'],
  numbers: ['number'],
  booleans: ['boolean'],
  dates: ['date'],
  objects: ['object'],
  part: {a: 'string', b: 'number'},
};

export const oddities = [null, '', 0, -1, 1.5, 1e21, 'abc', '12', '1e3', ' 7 ', true, false, [], [1], ['a', 'b'], [null], [[1], [2]], {}, {a: 1}, {length: 2}, 'null', 'true', 'false', '0', 'undefined', 'NaN',
  '2020-13-45', '2020-02-30', 'Tue Mar 01 2022', 1577836800000, -1e15, 9e15, '12.5,13.5', '[1,2]', '{"a":1}', {lat: 1}, {lat: '1', lng: '2'}, {lat: 100, lng: 0}, '91,0', [1, 2], [1, 2, 3], {type: 'Buffer', data: [1, 2]}, '\u0000', '\ud83d\ude00'];

// What is no point, no date and no bytes LoopBack mostly answers with 500, and of a text for an object or bytes it makes
// an object of letters: drawn less often, or not at all.
const milder = {
  geopoint: [null, '12.5,13.5', '10, 20', {lat: '1', lng: '2'}, [1, 2]],
  date: [null, '2020-06-15T14:30:00+02:00', '2020-01-01', '1999-02-28T01:00:00+01:00', '2020-06'],
  buffer: [null, '', 'a', [1, 2], {type: 'Buffer', data: [1, 2]}],
  part: [null, {}, {a: 1}, {c: {d: 1}}, [], [1], 7, true],
};
const rare = [{toString: 1}, {constructor: 'x'}, {'a.b': 1}];

export const goodValue = (random, type) => makers[type](random);

const mildOf = type => milder[type === 'dates' ? 'date' : type];
const isAlwaysMild = type => type === 'buffer' || type === 'part';

export function oddValue(random, type) {
  const mild = mildOf(type);
  if (mild && (isAlwaysMild(type) || random.chance(0.94))) return random.pick(mild);
  // As a text, LoopBack's memory connector keeps an object and shows "[object Object]".
  const value = random.pick(random.chance(0.01) ? rare : oddities);
  return type === 'string' && isRecord(value) ? 12 : value;
}

const eachAsList = values => [[], ...values.map(value => [value]), values.slice(0, 2)];
const good = {
  ...pickedFrom,
  any: [...words, ...numbers, true, false, ...objects, [1, 'a']],
  array: eachAsList([1, 'a', true, {a: 1}]),
  ...Object.fromEntries(Object.entries(scalars).map(([type, values]) => [`${type}s`, eachAsList(values)])),
};

/** What `goodValue` and `oddValue` may give for a type: of lists, those of one item and one of two. */
export function valuesOf(type) {
  const odd = [...(mildOf(type) ?? []), ...(isAlwaysMild(type) ? [] : [...oddities, ...rare].filter(value => !(type === 'string' && isRecord(value))))];
  return [...new Map([...good[type], ...odd].map(value => [JSON.stringify(value), value])).values()];
}
