// Where Sallyport answers otherwise than LoopBack 3.28 on purpose: LoopBack's answer there is a fault of its own, or of
// its memory connector alone. `covers` is given {request, query, model, theirs, ours, place}; the first that says yes
// explains the difference. At most 40.

const crash = 500;
const isRefusal = ({status}) => status >= 400 && status < crash;
const isAnswer = ({status}) => status >= 200 && status < 300;
const message = ({text}) => /"message":"((?:[^"\\]|\\.)*)/.exec(text)?.[1] ?? '';
const json = ({text}) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const dates = '(dateValue|printed|when)"?\\]?"?:?[{[]"?';
const route = ({path}) => path.split('?')[0];

/** Whether `ours` is `theirs` and more. */
const isMore = (theirs, ours) => [theirs, ours].every(item => item && typeof item === 'object') && Object.entries(theirs).every(([name, value]) => JSON.stringify(ours[name]) === JSON.stringify(value));

const idsOf = answer => JSON.stringify([...(json(answer) ?? [])].map(({id}) => JSON.stringify(id)).sort());

const list = [
  {name: 'crash, refused here', reason: 'LoopBack throws an error without a status on what it did not expect, 500; here a 4xx says what is wrong',
    covers: ({theirs, ours}) => theirs.status === crash && isRefusal(ours)},
  {name: 'crash of a read, answered here', reason: 'regexp on what is no text, `where` null, an object without toString, a polymorphic relation to no model: LoopBack throws, 500',
    covers: ({request, theirs, ours}) => theirs.status === crash && isAnswer(ours) && (/GET|HEAD/.test(request.method) || /\/update$/.test(route(request)))},
  {name: 'crash of a write, answered here', reason: 'a property called constructor, __proto__ or with a dot, or null for a record, breaks LoopBack, 500',
    covers: ({request, theirs, ours}) => theirs.status === crash && isAnswer(ours) && /__proto__|constructor|a\.b|^null$/.test(request.body ?? '')},
  {name: 'an id that is a name of JavaScript', reason: 'LoopBack looks records up in an object, where __proto__ and constructor are always found', parts: true,
    covers: ({request}) => /\/(__proto__|constructor)(\/|$)/.test(route(request))},
  {name: 'crash within a list of records', reason: 'POST of several: one of them crashes LoopBack; here its own error is listed',
    covers: ({theirs, ours, place}) => theirs.status === crash && ours.status === crash && /details/.test(place)},
  {name: 'words for text that is no JSON', reason: 'LoopBack hands out the words of its JavaScript engine, which change with Node; here a method that is not there comes first',
    covers: ({theirs, ours}) => theirs.status === 400 && /SyntaxError/.test(theirs.text) && (/SyntaxError/.test(ours.text) || /has no method handling/.test(message(ours)))},
  {name: 'include of no relation, without records', reason: 'LoopBack notices an include that is none only where there are records to include into',
    covers: ({theirs, ours}) => (isAnswer(theirs) || theirs.status === 404) && ours.status === 400 && /^Relation .* is not defined/.test(message(ours))},
  {name: 'nor', reason: 'LoopBack\'s memory connector takes nor for a property and finds nothing; here it is refused',
    covers: ({query, ours}) => /nor/.test(query) && /nor operator is not supported/.test(message(ours))},
  {name: 'near on what holds no points', reason: 'LoopBack finds nothing, everything, or crashes; here it is refused',
    covers: ({query, ours}) => /near/.test(query) && (!/geopointValue/.test(query) || (ours.status === 400 && /holds no points|geopoint|near needs|unit is/.test(message(ours))))},
  {name: 'near in count and in a change', reason: 'LoopBack heeds near in lists alone: a count counts and an update changes what is far away',
    covers: ({request, query}) => /near/.test(query) && /(count|update|upsertWithWhere)$/.test(route(request))},
  {name: 'near within or', reason: 'LoopBack applies near to the whole list even inside of an alternative',
    covers: ({query}) => /near/.test(query) && /\bor\b/.test(query)},
  {name: 'inq and nin of dates', reason: 'LoopBack\'s memory connector compares two dates as objects, which are never the same',
    covers: ({query}) => new RegExp(`${dates}(inq|nin)`).test(query)},
  {name: 'lists of dates', reason: 'LoopBack\'s memory connector keeps texts and compares them with dates: nothing matches',
    covers: ({query}) => /datesValue/.test(query)},
  {name: 'created without defaults', parts: true, reason: 'patchOrCreate and upsertWithWhere that create leave defaults out of LoopBack\'s answer, although each later read shows them',
    covers: ({request, theirs, ours, place}) => place.startsWith('body') && (/upsertWithWhere$/.test(route(request)) || request.method === 'PATCH') && isMore(json(theirs), json(ours))},
  {name: 'persistUndefinedAsNull, in part', reason: 'LoopBack also gives null for what `fields` leaves out, and a PATCH on the collection erases what it does not name',
    covers: ({request, model, query}) => model?.definition.persistUndefinedAsNull && (/fields/.test(query) || (request.method === 'PATCH' && request.path === model.path) || /upsertWithWhere$/.test(route(request)))},
  {name: 'an id that is spelled otherwise', reason: 'LoopBack\'s memory connector keeps records under the text of their ids: a PUT to /01 does not find record 1',
    covers: ({request, theirs}) => theirs.status === 404 && /\/(01|0x1|1e0|%201)(\/|$)/.test(route(request))},
  {name: 'link to an id that cannot be one', parts: true, reason: 'LoopBack makes a row that links to null',
    covers: ({request, ours}) => /\/rel\//.test(route(request)) && ours.status === 404},
  {name: 'several records into a list', reason: 'POST of an array to an embedsMany or a referencesMany: LoopBack takes it for one record',
    covers: ({request}) => ['embedsMany', 'referencesMany'].includes(request.kind) && request.method === 'POST' && /^\[/.test(request.body ?? '')},
  {name: 'names with a dot', reason: 'LoopBack refuses them at creation, 500, and keeps them in a PATCH',
    covers: ({request, ours}) => /a\.b/.test(request.body ?? '') && /containing dot/.test(message(ours))},
  {name: 'include without the id', reason: 'LoopBack refuses an include where `fields` leaves out the id',
    covers: ({theirs, ours}) => theirs.status === 400 && isAnswer(ours) && /is missing for included item/.test(message(theirs))},
  {name: 'a record without an id, where clients choose them', reason: 'LoopBack\'s memory connector numbers by how many were made, not by the largest',
    covers: ({request, model, place}) => model?.definition.forceId === false && request.method !== 'GET' && !/"id":/.test(request.body ?? '')},
  {name: 'odd operand on what has no type', reason: 'LoopBack checks operands of typed properties alone; it takes what is there for a pattern, or a list letter by letter',
    covers: ({ours, query}) => /like|inq|nin|between/.test(query) && ours.status === 400 && /Expected (a string or RegExp|precisely 2)|is not an array or object/.test(message(ours)) && /(geopoint|object|array|any|unknown)/i.test(message(ours))},
  {name: 'an operator that is not known', reason: 'LoopBack finds nothing, or everything for a boolean; here the slip is seen',
    covers: ({ours}) => ours.status === 400 && /has invalid clause .*: (none of its names is an operator|unknown operator)/.test(message(ours))},
  {name: 'a regexp that is none', reason: 'LoopBack finds nothing; here the slip is seen',
    covers: ({ours}) => ours.status === 400 && /(regexp that cannot be used|Invalid regex flags|must be a string, regex literal)/.test(message(ours))},
  {name: 'Buffers by their bytes', reason: 'LoopBack\'s memory connector compares objects, which are never the same',
    covers: ({query}) => /bufferValue/.test(query)},
  {name: 'Buffer of what is neither text nor bytes', reason: 'LoopBack makes zeros of a number and crashes on the rest, but only after it has looked for other mistakes',
    covers: ({ours}) => ours.status === 400 && /^A Buffer is/.test(message(ours))},
  {name: 'include of what fields leave out', reason: 'LoopBack needs the key in `fields` to include by it, or leaves the relation out',
    covers: ({query, theirs, ours}) => /include/.test(query) && /fields/.test(query) && isAnswer(theirs) && isAnswer(ours)},
  {name: 'text for an object', reason: 'LoopBack answers a create with the text as sent, and each later read with the JSON that it is',
    covers: ({request}) => /"(objectValue|partValue|objectsValue)":"/.test(request.body ?? '') || (request.method !== 'POST' && /"anyValue":"/.test(request.body ?? ''))},
  {name: 'NaN in a list', reason: 'LoopBack answers a create with null and each later read with 0',
    covers: ({place}) => /numbersValue\.\d+$/.test(place)},
  {name: 'dates that V8 alone reads', reason: 'a text such as "0" or "7" is a date to V8 and no date by any standard',
    covers: ({theirs, ours}) => isAnswer(theirs) && /^Invalid date: /.test(message(ours))},
  {name: 'where that is none, in a relation', reason: 'LoopBack does not look at it in embedded lists and through another model',
    covers: ({request, theirs, ours}) => request.kind && isAnswer(theirs) && /^The where clause .* is not an object/.test(message(ours))},
  {name: 'ids of embedded records', reason: 'LoopBack refuses a write to their owner: id cannot be set',
    covers: ({theirs, ours}) => theirs.status === 422 && isAnswer(ours) && /(address|phones?|phoneList)` .*can't be set/.test(message(theirs))},
  {name: 'order of what JavaScript cannot order', reason: 'null and text are neither less nor more than each other, so that LoopBack\'s order depends on the sort',
    covers: ({query, theirs, ours}) => /order/.test(query) && isAnswer(theirs) && isAnswer(ours) && idsOf(theirs) === idsOf(ours) && /null/.test(theirs.text)},
];

/** A fresh list with its counts at zero. */
export const exceptions = () => list.map(exception => ({...exception, hits: 0}));
