// Where Sallyport answers otherwise than LoopBack 3.28 on purpose: LoopBack's answer there is a fault of its own, or of
// its memory connector alone. `covers` is given {request, query, model, theirs, ours, place} and looks at what was asked
// and at both answers; the first that says yes explains the difference. `parts`: both hold other records from there on.

const isCrash = ({status}) => status === 500 || status === 0;  // 0: LoopBack threw where nobody answers any more.
const findsNothing = ({status, text}) => status === 404 && text.includes('id \\"undefined\\"');  // findOne
const isAnswer = answer => (answer.status >= 200 && answer.status < 300) || findsNothing(answer);
const isRefusal = answer => answer.status >= 400 && answer.status < 500 && !findsNothing(answer);
const json = ({text}) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const message = answer => String(json(answer)?.error?.message ?? '');
const route = ({path}) => path.split('?')[0];
const bodyOf = ({body = ''}) => body;

/** Whether both refuse, or both answer, in words that are the same but for `parts`. */
const sameBut = (parts, theirs, ours) => theirs.status === ours.status && theirs.text.replace(parts, '') === ours.text.replace(parts, '');

/** Whether `ours` is `theirs` and more. */
const isMore = (theirs, ours) => [theirs, ours].every(item => item && typeof item === 'object') && Object.entries(theirs).every(([name, value]) => JSON.stringify(ours[name]) === JSON.stringify(value));

const listOf = answer => (isAnswer(answer) && Array.isArray(json(answer)) ? json(answer) : undefined);
const idsOf = (answer, count) => JSON.stringify((listOf(answer) ?? []).slice(0, count).map(({id}) => JSON.stringify(id)).sort());
const isEmpty = answer => isAnswer(answer) && ['[]', '{"count":0}'].includes(answer.text);
const haveSameRecords = (theirs, ours) => listOf(theirs) && listOf(ours) && idsOf(theirs) === idsOf(ours);

const nameOf = '(?:dateValue|printed|when)';
const after = '["\\]]*:?[{[]*"?';  // Between a name and its operator, in JSON and in brackets.
const asks = (query, name, operators) => new RegExp(`${name}${after}(?:${operators})\\b`).test(query);

const badValue = /^(Invalid date|A geopoint is|A Buffer is)|holds no points|near needs|unit is|^The (limit|offset\/skip) parameter .* is not valid/;
const faults = [badValue, /^Items must be an array/, /^The .* (property|operator) has invalid clause/, /^The where clause .* is not an object/, /does not exist!$/, /cannot be updated from/, /^data object cannot be empty/, /^HasOne relation/, /^where is a required/, /^The nor operator/, /^Invalid (argument|regex flags)/, /has invalid direction$/, /^The `\w+` instance is not valid/, /^could not create List/, /^Could not find|^could not find/i];

const list = [
  // LoopBack crashes.
  {name: 'a hasOne that is there, or is not, and another key', reason: 'a second POST, PUT or DELETE of what is not there, and a PUT with another foreign key: LoopBack throws, 500; here 409, 404 and 400',
    covers: ({request, theirs, ours}) => isCrash(theirs) && request.kind && /^(HasOne relation cannot create more|No "\w+" instance\(s\) found|Cannot override foreign key)/.test(message(ours))},
  {name: 'a value that its type cannot hold', reason: 'no date, point, Buffer or number where one is needed: LoopBack throws, 500, or makes zeros; here 400 says what is wrong',
    covers: ({theirs, ours}) => (ours.status === 400 && badValue.test(message(ours)) && (isCrash(theirs) || /^A Buffer is/.test(message(ours)))) || (/"details":.*"message":"Internal Server Error"/.test(theirs.text) && /"details":/.test(ours.text))},
  {name: 'a date that is none', reason: 'an operand out of range, or a list: LoopBack throws as it writes the date of its condition, 500; here no record has it',
    covers: ({query, theirs, ours}) => isCrash(theirs) && isAnswer(ours) && /dateValue|printed|when|datesValue/.test(query)},
  {name: 'names that mean something to JavaScript', reason: 'a record or operand with __proto__, constructor, toString or a dot in a name: LoopBack throws, 500, or loses the name',
    covers: ({request, query, theirs, ours, place}) => !isCrash(ours) && /__proto__|"constructor"|"toString"|"a\.b"|\[(toString|constructor)\]|fields.*(12\.5,13\.5|x\.y)/.test(bodyOf(request) + query) && (isCrash(theirs) || /__proto__|"a\.b"/.test(bodyOf(request)) || /toString|constructor/.test(place))},
  {name: 'an id that is an object, 0 or a name of JavaScript', parts: true, reason: 'LoopBack throws, or finds __proto__ and constructor in the object where it keeps records; here nothing has such an id',
    covers: ({request, theirs, ours}) => (isCrash(theirs) && ours.status === 404 && /\/0(\/replace)?$/.test(route(request))) || /\/(__proto__|constructor|%7B%22a%22%3A1%7D)(\/|$)/.test(route(request)) && (isRefusal(ours) || ours.text === '{"count":0}' || ours.text === '{"exists":false}')},
  {name: 'regexp on what is no text', reason: 'LoopBack throws at the first such value, 500; here only a text matches',
    covers: ({query, theirs, ours}) => isCrash(theirs) && /regexp/.test(query) && !isCrash(ours)},
  {name: 'null for a record', reason: 'LoopBack throws, 500, or hangs; here it is an empty record',
    covers: ({request, theirs, ours}) => isCrash(theirs) && /^(null|\[null\])$/.test(bodyOf(request)) && ours.status !== 0},
  {name: 'where that is null, or no object', reason: 'LoopBack throws or hangs as it reads, and a change changes every record; here null means all to a list, and the rest is refused',
    covers: ({query, theirs, ours}) => (isCrash(theirs) && !isCrash(ours) && (/where("?:|=|\[\w+\]=|\]=)("?null"?|"?(true|false)"?|"[^"]*"[},]|&|$)|\[null\]|"(and|or)":(null|false|true)/.test(query) || /^The where clause .* is not an object/.test(message(ours)))) || (!isRefusal(theirs) && message(ours) === 'where is a required argument')},
  {name: 'a polymorphic relation to no model', reason: 'LoopBack throws, 500; here nothing is found',
    covers: ({request, query, theirs, ours}) => isCrash(theirs) && /\/imageable$/.test(route(request)) && (isAnswer(ours) || ours.status === 404)},
  // Of the reading of filters.
  {name: 'include of no relation', reason: 'LoopBack notices it only where there are records to include into, and then throws, 500; here it is 400',
    covers: ({theirs, ours}) => (isCrash(theirs) || isAnswer(theirs) || theirs.status === 404) && ours.status === 400 && /^Relation .* is not defined/.test(message(ours))},
  {name: 'near on what holds no points', reason: 'LoopBack finds nothing, everything, or throws; here it is refused, or nothing is near',
    covers: ({query, theirs, ours}) => /near/.test(query) && (isAnswer(theirs) || isCrash(theirs) || theirs.status === 404) && ((ours.status === 400 && badValue.test(message(ours))) || (!asks(query, 'geopointValue', 'near') && !isCrash(ours)))},
  {name: 'near that is not heeded', reason: 'LoopBack heeds near in lists alone, and there even within `or`: a count counts and a change changes what is far away',
    covers: ({request, query, theirs, ours}) => asks(query, 'geopointValue', 'near') && isAnswer(theirs) && isAnswer(ours) && (/(count|update|upsertWithWhere)$/.test(route(request)) || /\bor\b/.test(query))},
  {name: 'dates in lists', reason: 'LoopBack\'s memory connector compares dates as objects, which are never the same, or with texts',
    covers: ({query, theirs, ours}) => !isCrash(ours) && !isCrash(theirs) && (asks(query, nameOf, 'inq|nin') || /datesValue/.test(query))},
  {name: 'Buffers by their bytes', reason: 'LoopBack\'s memory connector compares objects, which are never the same',
    covers: ({query, theirs, ours}) => /bufferValue/.test(query) && !isCrash(theirs) && !isCrash(ours) && isAnswer(theirs) | isAnswer(ours)},
  {name: 'odd operand on what has no type', reason: 'LoopBack checks and reads operands of typed properties alone; elsewhere it takes what is there for a pattern, a list letter by letter, `eq` for a value, and the text of a list for a list',
    covers: ({query, theirs, ours}) => isAnswer(theirs) && ((ours.status === 400 && /^The ((geopoint|object|array|any|part)\w*|unknown|\w+\.\w+) property .*(Expected (a string or RegExp|precisely 2)|is not an array or object)/.test(message(ours))) || (isAnswer(ours) && (asks(query, '(arrayValue|anyValue|objectValue|unknown|\\.\\w)', 'eq') || /n?i?like(":"|\]=)\[1,2\]/.test(query))))},
  {name: 'an operator that is not known or built, a regexp that is none', reason: 'nor, too: LoopBack finds nothing, or everything for a boolean; here the slip is seen',
    covers: ({theirs, ours}) => ours.status === 400 && !isRefusal(theirs) && /^The nor operator|has invalid clause .*: (none of its names is an operator|unknown operator)|regexp that cannot be used|Invalid regex flags|must be a string, regex literal/.test(message(ours))},
  {name: 'dates that V8 alone reads', reason: 'a text such as "0" or "7" is a date to V8 and no date by any standard',
    covers: ({theirs, ours}) => (isAnswer(theirs) || theirs.status === 404) && ((ours.status === 400 && /^Invalid date: /.test(message(ours))) || (ours.status === 422 && /is not a valid date/.test(message(ours))))},
  {name: 'a filter that LoopBack does not look at', reason: 'of a list that is empty, of embedded records, through another model and where a scope has its own limit: a slip is not seen',
    covers: ({request, model, theirs, ours}) => ours.status === 400 && /^The .*(is not an object|invalid clause|is not valid)/.test(message(ours)) && (request.kind ? isAnswer(theirs) || theirs.status === 0 : isAnswer(theirs) && (/\/(first|positive)$/.test(route(request)) || model?.definition.scope?.limit))},
  {name: 'a limit below that of the scope', reason: 'the limit of a model\'s scope overrides the smaller one that was asked for; here the smaller counts',
    covers: ({request, model, theirs, ours}) => (model?.definition.scope?.limit || /\/first$/.test(route(request))) && listOf(theirs)?.length > listOf(ours)?.length && idsOf(theirs, listOf(ours).length) === idsOf(ours)},
  {name: 'order by what is hidden', reason: 'LoopBack orders by a property that nobody may see, and so tells of it; here it is dropped, as in a condition',
    covers: ({model, query, theirs, ours}) => model?.definition.hidden?.some(name => new RegExp(`order\\b.*${name}`).test(query)) && listOf(theirs)?.length === listOf(ours)?.length},
  {name: 'a space around an order', reason: 'LoopBack takes what is before or behind it for a direction',
    covers: ({theirs, ours}) => /^The order "( .*|.* )" has invalid direction$/.test(message(theirs)) && isAnswer(ours)},
  {name: 'order of what JavaScript cannot order', reason: 'null and absent are neither less nor more than each other, and equal records stand as JavaScript keeps keys, numbers first: LoopBack\'s order depends on the sort',
    covers: ({model, query, theirs, ours}) => /order/.test(query) && (haveSameRecords(theirs, ours) || (isAnswer(theirs) && isAnswer(ours) && model?.properties.id?.type === 'string' && listOf(theirs)?.length === listOf(ours)?.length))},
  {name: 'two records where a hasOne has one', reason: 'made through their own model: an include of LoopBack shows the last, and the relation the first',
    covers: ({query, place, theirs, ours}) => /include/.test(query) && /\.(profile|portrait)\b/.test(place) && haveSameRecords(theirs, ours)},
  {name: 'null in a list, or asked of one', reason: 'LoopBack throws as it looks for a name in null or for an operator in it, 500; here nothing is found there',
    covers: ({query, theirs, ours}) => isCrash(theirs) && isAnswer(ours) && (/\b(array|objects|object|part)Value\.\w/.test(query) || /Value(":|\]=)(\{"eq":)?null/.test(query))},
  {name: 'objects as texts', reason: 'to JavaScript an object equals the text "[object Object]": so an empty `like`, which LoopBack takes for no operator, and comparisons with objects find what no SQL connector does',
    covers: ({query, theirs, ours}) => isAnswer(theirs) && isAnswer(ours) && (/n?i?like(":""|\]=(&|$))/.test(query) || /\[object Object\]/.test(theirs.text) || asks(query, '(object|objects|part|any)Value', '[gl]te?|between'))},
  {name: 'nothing as a text', reason: 'LoopBack\'s memory connector holds patterns against the texts "undefined" and "null" where there is nothing; SQL does not',
    covers: ({query, theirs, ours}) => isAnswer(theirs) && isAnswer(ours) && /n?i?like(":"|\]=)(undefined|null)/.test(query)},
  {name: 'include and fields', reason: 'LoopBack needs the keys in `fields` to include by them, else refuses or leaves the relation out',
    covers: ({query, theirs, ours}) => /include/.test(query) && /fields/.test(query) && isAnswer(ours) && (isAnswer(theirs) || /is missing for included item/.test(message(theirs)))},
  {name: 'a condition on the id, through another model', reason: 'LoopBack\'s own condition on the id takes its place: nothing is found, or an include holds all',
    covers: ({request, query, theirs, ours}) => isAnswer(ours) && ((request.kind && /"id":|\[id\]/.test(query) && isEmpty(theirs)) || (isAnswer(theirs) && /include.*where(":\{"|\]\[)id/.test(query)))},
  // Of writing.
  {name: 'words of the JavaScript engine', reason: 'for text that is no JSON, and for a value as the console shows it, LoopBack hands out what changes with Node; here a method that is not there comes first',
    covers: ({theirs, ours}) => (theirs.status === 400 && /SyntaxError/.test(theirs.text) && (/SyntaxError/.test(ours.text) || /has no method handling/.test(message(ours)))) || (theirs.status === 422 && sameBut(/\(value: [^;]*?\)(?=[;.])/g, theirs, ours))},
  {name: 'another of two faults', reason: 'where a request has several, LoopBack and Sallyport do not name the same one first; both refuse',
    covers: ({theirs, ours}) => isRefusal(theirs) && isRefusal(ours) && message(theirs) !== message(ours) && [theirs, ours].every(answer => faults.some(fault => fault.test(message(answer))))},
  {name: 'created without defaults', parts: true, reason: 'a change that creates leaves defaults out of LoopBack\'s answer, although each later read shows them, and does not find or order by them',
    covers: ({request, query, model, theirs, ours, place}) => place.startsWith('body') && isAnswer(theirs) && isAnswer(ours) && (((/upsertWithWhere$/.test(route(request)) || /PATCH|PUT/.test(request.method)) && isMore(json(theirs), json(ours))) || Object.entries(model?.properties ?? {}).some(([name, property]) => property.default !== undefined && query.includes(name)))},
  {name: 'persistUndefinedAsNull, in part', parts: true, reason: 'LoopBack also gives null for what `fields` leaves out, and a PATCH on the collection erases what it does not name',
    covers: ({request, model, query, theirs, ours}) => model?.definition.persistUndefinedAsNull && isAnswer(theirs) && isAnswer(ours) && (/fields/.test(query) || (/PATCH|PUT/.test(request.method) && request.path === model.path) || /upsertWithWhere$/.test(route(request)))},
  {name: 'an id that is spelled otherwise', reason: 'LoopBack\'s memory connector keeps records under the text of their ids: a PUT to /01 does not find record 1; and its messages repeat the text',
    covers: ({request, theirs, ours}) => /\/(01|0x1|1e0|%201|123456789012345678901234567890|undefined|%20)(\/|$)/.test(route(request)) && (theirs.status === 404 || sameBut(/ *\b(01|0x1|1e0|1|123456789012345678901234567890|1\.2345678901234568e\+29|undefined|NaN)\b/g, theirs, ours))},
  {name: 'an id of another kind', reason: 'LoopBack refuses {"id": "2"} for record 2, "cannot be updated from 2 to 2", and its memory connector keeps a record under 1.5; here the one is the same, and the other refused as by SQL',
    covers: ({theirs, ours}) => (!isCrash(ours) || /details/.test(ours.text)) && /The id is not a whole number/.test(ours.text) || /cannot be updated from +(\S+) to \1( |$)/.test(message(theirs)) && !/cannot be updated/.test(message(ours)) && !isCrash(ours)},
  {name: 'a record without an id, where clients choose them', parts: true, reason: 'LoopBack\'s memory connector numbers by how many were made, not by the largest, and even where ids are texts',
    covers: ({request, model, theirs, ours, place}) => model?.definition.forceId === false && request.method !== 'GET' && !/"id":(?!null|"x")/.test(bodyOf(request)) && (/^body(\.\d+)?\.id$/.test(place) || /`id` can't be blank|Object with id x does not exist/.test(ours.text) || [theirs, ours].some(answer => answer.status === 409))},
  {name: 'link to an id that cannot be one', parts: true, reason: 'LoopBack makes a row that links to null',
    covers: ({request, ours}) => /\/rel\//.test(route(request)) && ours.status === 404},
  {name: 'lists as collections', reason: 'a referencesMany or embedsMany: LoopBack counts what is not of the list, takes several records for one, and throws on HEAD',
    covers: ({request, theirs, ours}) => ['embedsMany', 'referencesMany'].includes(request.kind) && ((/\/count$/.test(route(request)) && isAnswer(theirs)) || (request.method === 'POST' && /^\[/.test(bodyOf(request))) || (request.method === 'HEAD' && isCrash(theirs) && !isCrash(ours)))},
  {name: 'answered as sent, kept otherwise', parts: true, reason: 'text for an object, and what is no number in a list: LoopBack answers a create with one thing and each later read with another',
    covers: ({request, place, theirs, ours}) => isAnswer(theirs) && isAnswer(ours) && (/"(objectValue|partValue|objectsValue|anyValue)":"/.test(bodyOf(request)) && /\.(objectValue|partValue|objectsValue|anyValue)\b/.test(place) || /numbersValue\.\d+$/.test(place))},
  {name: 'data read as a condition', reason: 'LoopBack reads the data of an update of many as if it were a condition, and refuses a list for an object',
    covers: ({request, theirs, ours}) => /\/update$/.test(route(request)) && /^The where clause .* is not an object/.test(message(theirs)) && isAnswer(ours)},
  {name: 'ids of embedded records', reason: 'LoopBack refuses a write to their owner, id cannot be set; and what is no id it answers as null',
    covers: ({request, theirs, ours, place}) => (/^embeds/.test(request.kind) && isAnswer(theirs) && isAnswer(ours) && place === 'body.id') || theirs.status === 422 && isAnswer(ours) && /(address|phones?|phoneList)` .*can't be set/.test(message(theirs))},
];

/** A fresh list with its counts at zero. */
export const exceptions = () => list.map(exception => ({...exception, hits: 0}));
