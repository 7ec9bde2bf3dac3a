// Where Sallyport answers otherwise than LoopBack 3.28 on purpose: LoopBack's answer there is a fault of its own, or of
// its memory connector alone. An exception explains a difference in one of three ways:
// - `covers({request, query, model, theirs, ours, place}, ask)` says yes to what was asked and to both answers;
// - where it `applies`, both are asked once more, for what it makes of the filter for `theirs` or `ours`, and are equal
//   but for what it `ignores`: see proofs.mjs;
// - it `explains(name, theirs, ours, found)` a property of a record whose values are these.
// After some changes that both answered alike (see changes.mjs), `leaves` looks at the records, and where these are the same
// `hides` at the change. `holds`: what LoopBack holds otherwise than it shows. `parts`: both hold other records from there on.
import {isAnswer, isCrash, isEmpty, isRecord, isRefusal, json, listOf, message, sameBut, textOf, textOfAll} from './answers.mjs';
import {askedOf, askedOtherwise, conditionsOf, jsonQuery, routeOf, sendsList, withoutOne} from './asked.mjs';
import {asksFor, filterOf, hasNoType, hasPatternOfLetters, isDate, isOfBytes, isPattern, isPoint, isTakenAsSent, hasRegexpAsSent, withBareOperands, withLetters, withRegexpsAsSent, withoutMatches, withoutTextsOfDates} from './conditions.mjs';
import {isOrdered, termsOf} from './order.mjs';

const bodyOf = ({body = ''}) => body;
const isByCondition = request => /\/(update|upsertWithWhere)$/.test(routeOf(request));
const isChange = ({request, theirs}) => isByCondition(request) && (isAnswer(theirs) || /^There are multiple instances/.test(message(theirs)));
const isList = ({theirs, ours}) => Boolean(listOf(theirs) && listOf(ours));
const without = (names, body) => {
  if (Array.isArray(body)) return body.map(item => without(names, item));
  return body && typeof body === 'object' ? Object.fromEntries(Object.entries(body).filter(([name, value]) => !names(name, value))) : body;
};
const withoutDeep = (names, value) => {
  if (Array.isArray(value)) return value.map(item => withoutDeep(names, item));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !names(name)).map(([name, item]) => [name, withoutDeep(names, item)])) : value;
};

// Of answers.

/** Whether the text of an id, in the route or in the body, is not how JavaScript would write it. */
export const isOddId = ({request}) => /"id":"( |\d+e)/.test(bodyOf(request)) || routeOf(request).split('/').some(part => /^(01|0x1|1e0|%201|%20|%00|1\.5|-1|123456789012345678901234567890|undefined|null|NaN|Infinity|count|abc|1abc|a%20b|1%2F2|\*)$/.test(part));
const idsInWords = /(with id|updated from) .*? (?=does not|to |found)/g;
const cannotBeSet = /(; )?`(address|phones?|phoneList)` (is invalid: |contains invalid item[^:]*: )`id` can't be set \(value: \w+\)/;
const isFaultOfData = /^(The `\w+` instance is not valid|data object cannot be empty|Items must be an array|could not create List|Invalid date|A geopoint is)/;
const isFaultOfCondition = /^(A geopoint is|The .* (property|operator) has invalid clause|The where clause .* is not an object|The nor operator|where is a required argument|Invalid (argument|regex flags|date))/;
const cannotHold = /^(Invalid date|A geopoint is|A Buffer is|The (limit|offset\/skip) parameter .* is not valid)/;
const noDate = /; `\w+` is not a valid date \(value: Invalid Date\)| `\w+` is not a valid date \(value: Invalid Date\);/g;
const isFaultOfOrder = /^The order .* (has invalid direction|is not valid)$/;
const isOutOfRange = ({name, operand}) => (isDate(name) || name === 'datesValue') && [operand].flat(2).some(value => Number.isFinite(Number(value)) ? Math.abs(value) > 8.64e15 : isRecord(value));
const isTooDeep = answer => /^The query object exceeds maximum depth/.test(message(answer));
const isNoNear = /holds no points|near needs|unit is|^A geopoint is|maxDistance|unknown operator/;

/** Whether LoopBack says the same as we do once one part of the filter, which it finds fault with, is gone. */
async function namesOursBeside(request, ours, ask) {
  for (const smaller of withoutOne(askedOf(request)?.value)) {
    const {loopback} = await ask(askedOtherwise(request, () => smaller));
    if (loopback.status === ours.status && message(loopback) === message(ours)) return true;
  }
  return false;
}

const isSlip = /has invalid clause .*: (none of its names is an operator|unknown operator)|regexp that cannot be used|Invalid regex flags|must be a string, regex literal/;

/** Whether LoopBack does not look at what `ours` says is wrong, or only later: it may then name another fault. */
const isSeenLater = ours => ours.status === 400 && [isNoNear, isSlip, cannotHold, /^The where clause null is not an object$/, /^The nor operator/, /^Relation .* is not defined/].some(fault => fault.test(message(ours)));

/** Whether a change may have made the record. */
const mayCreate = ({request, model}) => /upsertWithWhere$/.test(routeOf(request)) || (/PATCH|PUT/.test(request.method) && routeOf(request) === model?.path);

/** Whether the text of a record, or of records, says an id that is one. */
const saysId = text => /"id":(?!null|"(?! *[\d.]+(e\d+)? *")[^"]|(0|""|false)[,}]|\[null|\[\[|\{)/.test(text);

/** Whether a change of a model whose clients choose ids says none, or one that is none, for some record. */
function sendsNoId({request, model}) {
  if (model?.definition.forceId !== false || request.method === 'GET') return false;
  const records = json({text: request.body});
  return Array.isArray(records) && records.length ? records.some(record => !saysId(JSON.stringify(record))) : !saysId(bodyOf(request));
}

/** Whether `value` is what a property has that nobody set. */
const isDefault = (model, name, value) => textOf(model?.properties[name]?.default) === textOf(value) || (/^(labelIds|phoneList)$/.test(name) && value.length === 0);

const millisecond = /(?<=:\d\d)\.\d{3}(?=Z$)/;

/** Whether LoopBack keeps a value as it is where a change of many sends it for a property of `type`. */
function isKeptAsSent(type, value) {
  if (value === null) return false;
  if (type === 'string' || type === 'date') return Array.isArray(value);
  if (type === 'geopoint') return Array.isArray(value) || typeof value === 'string';
  if (type === 'buffer') return Array.isArray(value);
  return type === 'array' || Array.isArray(type) ? !Array.isArray(value) : isRecord(type) && !isRecord(value);
}

/** Whether two lists differ in nothing but in the properties that `names` has. */
function differInNames({theirs, ours}, names) {
  const rest = answer => textOfAll(listOf(answer).map(record => without(names, record)));
  return isList({theirs, ours}) && rest(theirs) === rest(ours);
}

/** The properties that LoopBack keeps as they were sent in a change of many. */
const keptNames = ({request, model}) => Object.entries(json({text: bodyOf(request)}) ?? {}).filter(([name, value]) => isKeptAsSent(model.properties[name]?.type ?? model.properties[name], value)).map(([name]) => name);

/** Whether two lists after a change of many differ in nothing but what LoopBack kept as it was sent. */
function keptAsSent(found) {
  const kept = keptNames(found);
  if (!listOf(found.theirs)) return Boolean(listOf(found.ours)) && kept.some(name => /Value$/.test(name));
  return kept.length > 0 && differInNames(found, name => kept.includes(name));
}

/** Whether a change of many may have kept something that a list which a scope cuts does not show. */
const mayHideKept = found => found.theirs.text !== '{"count":0}' && Boolean(found.model.definition.scope?.limit) && keptNames(found).length > 0;

const unknownIn = answer => [...message(answer).matchAll(/`([^`]*)` is not defined in the model/g)].map(([, name]) => name);

/** Of what a refusal says the model does not know, what the request itself sent, once each. */
const sentUnknown = (answer, request) => [...new Set(unknownIn(answer))].filter(name => bodyOf(request).includes(`"${name}"`));

/** Whether both show a record whose key of the relation that the request asks for is null. */
const linksToNull = ({loopback, sallyport}, request) => [loopback, sallyport].every(answer => json(answer)?.[`${/\w+$/.exec(routeOf(request))?.[0]}Id`] === null);

/** Whether no fault that a refusal names is of what the request sent. */
function namesNothingSent(refusal, request) {
  const sent = json({text: bodyOf(request)});
  return Object.keys(json(refusal).error.details?.codes ?? {}).every(name => !(name in sent) && !(`${name.slice(0, -1)}Ids` in sent));
}

const refusesFaultsOfBefore = (refusal, request) => refusal.status === 422 && sentUnknown(refusal, request).length < unknownIn(refusal).length;
const hasNoOtherFault = (refusal, request) => sentUnknown(refusal, request).length === 0 && !/(can't be|is not a valid|is invalid)/.test(message(refusal));

const isOfObjects = name => /^(object|objects|part|any)Value$/.test(name);
const holdsObject = value => (value ?? null) === null || isRecord(value) || (Array.isArray(value) && value.some(holdsObject));

/** What stands at the path of `names` in a value, each item of a list by itself; undefined where nothing can. */
function standsAt(value, names) {
  if (Array.isArray(value)) return [...(names.length ? [undefined] : []), ...value.flatMap(item => standsAt(item, names))];
  if (names.length === 0 || !isRecord(value)) return [names.length ? undefined : value];
  return standsAt(value[names[0]], names.slice(1));
}

const isOfNumbers = name => /^(numbersValue|labelIds)$/.test(name);

/** An answer with 0 for what is no number in the lists of numbers that it has, at any depth. */
function withZeros(value) {
  if (Array.isArray(value)) return value.map(withZeros);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, isOfNumbers(name) && Array.isArray(item) ? item.map(number => number ?? 0) : withZeros(item)]));
}

/** Whether each record that only one of both finds is one for which `isTakenFor`. */
async function differInRecords({request, model}, isTakenFor, ask) {
  const {name, value} = askedOf(request);
  const {loopback, sallyport} = await ask({method: 'GET', path: model.path + jsonQuery('filter', {where: name === 'where' ? value : value.where})});
  const lists = [loopback, sallyport].map(listOf);
  if (!lists.every(Boolean)) return false;
  const taken = new Set(lists.flat().filter(isTakenFor).map(({id}) => id));
  const [theirs, ours] = lists.map(withZeros).map(records => records.filter(({id}) => !taken.has(id)));
  if (!model.definition.scope?.limit) return textOfAll(theirs) === textOfAll(ours);
  return theirs.slice(0, ours.length).every((record, at) => textOf(record) === textOf(ours[at]));  // One list ends before the other.
}

/** Whether each record that only one of both finds has an object, or nothing, where a condition that `isTaken` looks. */
function differInObjects(found, isTaken, ask) {
  const taken = conditionsOf(found.request).filter(isTaken);
  const holdsZero = (record, name) => isOfNumbers(name) && [record[name]].flat().includes(0);  // As which nothing is shown there.
  return differInRecords(found, record => taken.some(({name, operand}) => operand === '' || holdsZero(record, name) || standsAt(record, name.split('.')).some(holdsObject)), ask);
}

/** Whether each record that only one of both finds has a number for its text of an id, and the request asks of ids. */
function differInNumericIds(found, ask) {
  const asksOfTexts = found.model?.properties.id?.type === 'string' && asksFor(found, ({name}) => name === 'id');
  const isRead = found.request.method === 'GET' && [found.theirs, found.ours].every(isAnswer);
  return asksOfTexts && isRead && differInRecords(found, ({id}) => Number.isFinite(Number(id)), ask);
}

/** Whether LoopBack alone finds the record of a number that is spelled as JavaScript would not, where ids are texts. */
function findsByNumber({request, model, theirs, ours}) {
  if (model?.properties.id?.type !== 'string' || !isAnswer(theirs)) return false;
  const id = decodeURIComponent(routeOf(request).slice(model.path.length + 1).split('/')[0]);
  return id !== '' && Number.isFinite(Number(id)) && String(Number(id)) !== id && (ours.status === 404 || ['{"count":0}', '{"exists":false}'].includes(ours.text));
}

/** The relations that a filter's `include` names. */
function includedBy(include) {
  if (Array.isArray(include)) return include.flatMap(includedBy);
  if (!isRecord(include)) return [String(include)];
  return 'relation' in include ? [include.relation] : Object.keys(include);
}

/** The includes within a filter, at any depth, whose scope says both which fields and what to include. */
function includesWithFields(include) {
  if (Array.isArray(include)) return include.flatMap(includesWithFields);
  if (!isRecord(include) || !isRecord(include.scope)) return [];
  return [...(include.scope.fields && include.scope.include ? [include] : []), ...includesWithFields(include.scope.include)];
}

/** An answer without what LoopBack may leave out of it for want of it in the `fields` of the filter, or of an include. */
function withoutLeftOut(filter, body) {
  const below = (relation, names, value) => {
    if (Array.isArray(value)) return value.map(item => below(relation, names, item));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === relation ? without(part => names.includes(part), item) : below(relation, names, item)]));
  };
  const whole = filter.fields ? without(name => includedBy(filter.include).includes(name), body) : body;
  return includesWithFields(filter.include).reduce((seen, {relation, scope}) => below(relation, ['id', ...includedBy(scope.include).flatMap(name => [name, `${name}Id`])], seen), whole);
}

/** The names that the filter's `fields` has. */
function fieldsOf(found) {
  const fields = filterOf(found)?.fields ?? [];
  return (isRecord(fields) ? Object.keys(fields) : [fields].flat()).map(String);
}

const isOfReferences = request => request.kind === 'referencesMany' && /\/labels$/.test(routeOf(request));

const isThrough = name => /^(patients|physicians|clubs|authors)$/.test(name);

/** An answer whose lists of references, and through a model, have no order, at any depth; references that are in pages are left out. */
function withoutOrderBelow(value, inPages) {
  if (Array.isArray(value)) return value.map(item => withoutOrderBelow(item, inPages));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => {
    const below = name === 'labels' && inPages ? [] : withoutOrderBelow(item, inPages);
    return [name, Array.isArray(below) && (name === 'labels' || isThrough(name)) ? below.map(textOf).sort() : below];
  }));
}

/** A filter without the pages of a list of references, and of what it includes through a model. */
function withoutPages(value, {request}) {
  const whole = include => {
    if (Array.isArray(include)) return include.map(whole);
    if (!isRecord(include) || !isRecord(include.scope)) return include;
    const {limit, order, ...rest} = include.scope;
    const scope = isThrough(include.relation) ? rest : include.scope;
    return {...include, scope: {...scope, include: whole(scope.include)}};
  };
  const {limit, skip, offset, ...rest} = value;
  return {...(isOfReferences(request) ? rest : value), include: whole(value.include)};
}

/** Whether a record of the model has a name of JavaScript where a condition of the request looks. */
async function holdsOddName(request, model, ask) {
  const names = [...conditionsOf(request), ...termsOf(filterOf({request}), model.properties)].map(({name}) => name.split('.')[0]);
  const places = names.flatMap(name => ['toString', 'constructor'].map(odd => ({[`${name}.${odd}`]: {neq: null}})));
  const {sallyport} = await ask({method: 'GET', path: model.path + jsonQuery('filter', {where: {or: places}})});
  return (listOf(sallyport) ?? []).length > 0;
}

/** Whether an order was asked for, or ids are texts: LoopBack keeps some of these as numbers. */
const dependsOnSort = found => Boolean(found.model) && !found.request.kind && (filterOf(found)?.order || found.model.properties.id?.type === 'string');

const asksNearPoints = found => asksFor(found, ({name, operator}) => operator === 'near' && isPoint(found, name));
const asksNearOthers = found => asksFor(found, ({name, operator}) => operator === 'near' && !isPoint(found, name));

/** Whether a request is of those in which LoopBack heeds no near, or not as it is meant. */
const isNearUnheeded = ({request, query}) => /(count|update|upsertWithWhere)$/.test(routeOf(request)) || /\bor\b/.test(query) || conditionsOf(request).filter(({operator}) => operator === 'near').length > 1;

const isNoRefusal = found => isAnswer(found.theirs) || isCrash(found.theirs) || found.theirs.status === 404 || isChange(found);

const hasSpaceAround = ({theirs}) => /^The order "( .*|.* )" has invalid direction$/.test(message(theirs));
const trimmed = order => order && [order].flat().map(term => String(term).trim());

/** Both lists as what they hold, where ours is in order; else as they are. */
function inTheirOrder([theirs, ours], found) {
  const {model, request} = found;
  if (![theirs, ours].every(Array.isArray)) return [theirs, ours];
  const isAsked = filterOf(found)?.order;  // By id where it names nothing.
  const terms = termsOf(isAsked ? filterOf(found) : model.definition.scope, model.properties);
  const near = conditionsOf(found.request).filter(({operator}) => operator === 'near').map(({name}) => name);
  if (near.length) return [theirs, ours].map(records => [records.map(record => near.map(name => record[name])), records.map(textOf).sort()]);
  if (!isOrdered(ours, terms)) return [theirs, ours];
  const isCut = model.definition.scope?.limit || /\/first$/.test(routeOf(request));
  const seen = records => (isCut ? records.length : records.map(textOf).sort());
  return [seen(theirs), seen(ours)];
}

/** Whether one of `tests` says yes; each is asked in its turn. */
const oneOf = (...tests) => async (found, ask) => {
  for (const test of tests) if (await test(found, ask)) return true;
  return false;
};

const list = [
  // LoopBack crashes.
  {name: 'a hasOne that is there, or is not, and another key', reason: 'a second POST, PUT or DELETE of what is not there, and a PUT with another foreign key, or the same in a list: LoopBack throws, 500; here 409, 404 and 400',
    covers: oneOf(
      ({request, theirs, ours}) => request.kind && isCrash(theirs) && /^(HasOne relation cannot create more|No "\w+" instance\(s\) found|Cannot override foreign key)/.test(message(ours)),
      ({request, theirs, ours}) => request.kind && isCrash(theirs) && isAnswer(ours) && request.method === 'PUT' && /"(author|imageable|physician)Id":\[/.test(bodyOf(request)))},
  {name: 'a value that its type cannot hold', reason: 'no date, point, Buffer or number where one is needed: LoopBack throws, 500, or makes zeros; here 400 says what is wrong, and no record has a date out of range',
    covers: oneOf(
      ({theirs, ours}) => isCrash(theirs) && ours.status === 400 && cannotHold.test(message(ours)),
      ({theirs, ours}) => isAnswer(theirs) && ours.status === 400 && /^A Buffer is/.test(message(ours)),
      ({theirs, ours, ...found}) => isCrash(theirs) && isAnswer(ours) && asksFor(found, isOutOfRange),
      ({request, theirs, ours}) => isCrash(theirs) && isAnswer(ours) && /\/update$/.test(routeOf(request)) && /"datesValue":"/.test(bodyOf(request)),
      ({theirs, ours}) => /"details":.*"message":"Internal Server Error"/.test(theirs.text) && /"details":/.test(ours.text))},
  {name: 'names that mean something to JavaScript', reason: 'a record, stored or sent, or operand with __proto__, constructor, toString or a dot in a name: LoopBack throws, 500, or loses the name, or keeps a dot on a change only; what is in __proto__ a condition finds',
    covers: oneOf(
      ({request, query, theirs, ours}) => isCrash(theirs) && !isCrash(ours) && /__proto__|"constructor"|"toString"|"a\.b"|\[(toString|constructor)\]/.test(bodyOf(request) + query),
      ({request, theirs, ours}) => isCrash(theirs) && !isCrash(ours) && fieldsOf({request}).some(name => /\./.test(name)),
      ({request, place}) => /"__proto__"/.test(bodyOf(request)) || /toString|constructor/.test(place),
      ({request, theirs, ours}) => /"a\.b"/.test(bodyOf(request)) && isAnswer(theirs) && /containing dot/.test(message(ours)),
      ({request, model, theirs, ours}, ask) => isCrash(theirs) && isAnswer(ours) && request.method === 'GET' && model && holdsOddName(request, model, ask))},
  {name: 'an id that is an object, 0 or a name of JavaScript', parts: true, reason: 'LoopBack throws, or finds __proto__ and constructor in the object where it keeps records; here nothing has such an id',
    covers: oneOf(
      ({request, theirs, ours}) => isCrash(theirs) && ours.status === 404 && (/\/0(\/replace)?$/.test(routeOf(request)) || /"id":(0|""|false|\[null\])[,}]/.test(bodyOf(request))),
      ({request, ours}) => /\/(__proto__|constructor|%7B%22a%22%3A1%7D)(\/|$)/.test(routeOf(request)) && (isRefusal(ours) || ['{"count":0}', '{"exists":false}'].includes(ours.text)))},
  {name: 'regexp on what is no text', reason: 'LoopBack throws at the first such value, 500; here only a text matches',
    covers: found => isCrash(found.theirs) && isAnswer(found.ours) && asksFor(found, ({operator}) => operator === 'regexp')},
  {name: 'null for a record', reason: 'LoopBack throws, 500, or hangs; here it is an empty record',
    covers: ({request, theirs, ours}) => isCrash(theirs) && /^(null|\[null\])$/.test(bodyOf(request)) && ours.status !== 0},
  {name: 'where that is null, or no object', reason: 'LoopBack throws or hangs as it comes to it, and a change changes every record; here null means all to a list, and the rest is refused',
    covers: oneOf(
      ({query, theirs, ours}) => isCrash(theirs) && !isCrash(ours) && /where("?:|=|\[\w+\]=|\]=)("?null"?|"?(true|false)"?|"[^"]*"[},]|&|$)|\[null\]|"(and|or)":(null|false|true)/.test(query),
      ({theirs, ours}) => isCrash(theirs) && /^The where clause .* is not an object/.test(message(ours)),
      ({theirs, ours}) => !isRefusal(theirs) && message(ours) === 'where is a required argument',
      ({theirs, ours}) => isAnswer(theirs) && message(ours) === 'The where clause null is not an object')},
  {name: 'a polymorphic relation to no model', reason: 'LoopBack throws, 500; here nothing is found',
    covers: ({request, query, theirs, ours}) => isCrash(theirs) && (/\/imageable$/.test(routeOf(request)) || /include.*imageable/.test(query)) && (isAnswer(ours) || ours.status === 404)},
  {name: 'nested routes', reason: 'with nestRemoting, LoopBack has those of relations alone whose model it had loaded by then; here all',
    covers: ({request, theirs}) => theirs.status === 404 && /has no method handling/.test(message(theirs)) && /\/Authors\/[^/]+\/books\/[^/]+\/pictures$/.test(routeOf(request))},
  // What a change leaves behind, before the conditions that meet it.
  {name: 'created without defaults', parts: true, reason: 'a change that creates leaves defaults out of LoopBack\'s answer, although each later read shows them, and does not find or order by them',
    explains: (name, theirs, ours, found) => mayCreate(found) && (theirs ?? null) === null && isDefault(found.model, name, ours)},
  {name: 'what an update of many left behind', parts: true, reason: 'it stores what a strict model does not know, and LoopBack then refuses every change of that record; and text for a number, which a belongsTo then takes for a key; and a list or text for a point, a list for text, anything for a list, and JSON as text; upsertWithWhere looks at no fault of what was there before, as a PATCH does',
    leaves: keptAsSent,
    hides: found => /\/update$/.test(routeOf(found.request)) && mayHideKept(found),
    covers: oneOf(
      async ({request, theirs, ours}, ask) => theirs.text === 'null' && ours.text === '{}' && linksToNull(await ask({method: 'GET', path: routeOf(request).replace(/\/\w+$/, '')}), request),
      ({request, theirs, ours}) => /\/upsertWithWhere$/.test(routeOf(request)) && isAnswer(theirs) && ours.status === 422 && namesNothingSent(ours, request),
      ({request, theirs, ours}) => refusesFaultsOfBefore(theirs, request) && (isRefusal(ours) ? String(sentUnknown(theirs, request)) === String(unknownIn(ours)) : isAnswer(ours) && hasNoOtherFault(theirs, request)))},
  // Of the reading of filters.
  {name: 'include of no relation', reason: 'LoopBack notices it only where there are records to include into, and then throws, 500; here it is 400',
    covers: ({theirs, ours}) => (isCrash(theirs) || isAnswer(theirs) || theirs.status === 404) && ours.status === 400 && /^Relation .* is not defined/.test(message(ours))},
  {name: 'near on what holds no points, or where it is not heeded', reason: 'LoopBack finds nothing, everything, or throws where there are no points; and heeds near in lists alone, and there even within `or`, and of several one: a count counts and a change changes what is far away',
    covers: oneOf(
      found => (isAnswer(found.theirs) || isChange(found)) && isAnswer(found.ours) && asksNearPoints(found) && isNearUnheeded(found),
      found => isCrash(found.theirs) && found.ours.status === 400 && isFaultOfCondition.test(message(found.ours)) && asksNearOthers(found),
      found => isNoRefusal(found) && found.ours.status === 400 && isNoNear.test(message(found.ours)) && (asksNearPoints(found) || asksNearOthers(found)),
      found => isNoRefusal(found) && isAnswer(found.ours) && asksNearOthers(found))},
  {name: 'dates in lists', reason: 'LoopBack\'s memory connector compares dates as objects, which are never the same, or with texts',
    applies: found => asksFor(found, ({name, operator}) => (isDate(name) && /inq|nin/.test(operator)) || name === 'datesValue'),
    theirs: withoutTextsOfDates,
    ours: withoutMatches},
  {name: 'Buffers by their bytes', reason: 'LoopBack\'s memory connector compares objects, which are never the same',
    applies: found => asksFor(found, isOfBytes),
    ours: withoutMatches},
  {name: 'letters of a pattern', reason: 'to LoopBack\'s memory connector all but % and _ mean what they mean in a regexp, and these are letters where the type is an object; here, as in SQL, it is the other way round',
    applies: hasPatternOfLetters,
    theirs: withLetters},
  {name: 'odd operand on what has no type', reason: 'LoopBack checks operands of typed properties alone; elsewhere it takes what is there for a pattern, the slashes of a regexp for letters, a list letter by letter, and `eq` for a value',
    covers: ({theirs, ours}) => (!isRefusal(theirs) || isFaultOfCondition.test(message(theirs))) && ours.status === 400 && /^The ((geopoint|object|array|any|part)\w*|unknown|\w+\.\w+) property .*(Expected (a string or RegExp|precisely 2)|is not an array or object|is an empty object)/.test(message(ours)),
    applies: found => hasRegexpAsSent(found) || asksFor(found, ({name, operator, isNamed}) => isTakenAsSent(found, name) && operator === 'eq' && isNamed),
    theirs: withBareOperands,
    ours: withRegexpsAsSent},
  {name: 'an operator that is not known or built, a regexp that is none', reason: 'nor, too: LoopBack finds nothing, or everything for a boolean, or another slip; here this slip is seen',
    covers: ({theirs, ours}) => ours.status === 400 && ((!isRefusal(theirs) && isSlip.test(message(ours))) || /^The nor operator/.test(message(ours)))},
  {name: 'dates that V8 alone reads', reason: 'a text such as "0" or "7" is a date to V8 and no date by any standard',
    covers: oneOf(
      ({theirs, ours}) => (isAnswer(theirs) || theirs.status === 404) && ((ours.status === 400 && /^Invalid date: /.test(message(ours))) || (ours.status === 422 && /is not a valid date/.test(message(ours)))),
      ({theirs, ours}) => theirs.status === 422 && ours.status === 422 && message(ours) !== message(theirs) && message(ours).replace(noDate, '') === message(theirs),
      ({theirs, ours, place}) => {
        const name = place.slice('body.'.length);
        return isDate(name) && isAnswer(theirs) && json(ours)[name] === null && /^20\d\d-/.test(json(theirs)[name]);
      })},
  {name: 'a filter that LoopBack does not look at', reason: 'of a list that is empty, of embedded records, through another model and where a scope has its own limit: a slip is not seen',
    covers: ({request, model, theirs, ours}) => ours.status === 400 && /^The .*(is not an object|invalid clause|is not valid|invalid direction)/.test(message(ours)) && (request.kind ? isAnswer(theirs) || isCrash(theirs) : (isAnswer(theirs) || theirs.status === 400) && (/\/(first|positive)$/.test(routeOf(request)) || model?.definition.scope?.limit))},
  {name: 'a limit below that of the scope', reason: 'the limit of a model\'s scope overrides the smaller one that was asked for; here the smaller counts',
    applies: found => {
      const limits = [found.model?.definition.scope?.limit, /\/first$/.test(routeOf(found.request)), filterOf(found)?.limit];
      return isList(found) && limits.filter(Boolean).length > 1;
    },
    ignores: ([theirs, ours]) => [theirs.length > ours.length ? theirs.slice(0, ours.length) : theirs, ours]},
  {name: 'order by what is hidden', reason: 'LoopBack orders by a property that nobody may see, and so tells of it; here it is dropped, as in a condition',
    applies: found => found.model?.definition.hidden?.some(name => JSON.stringify(filterOf(found)?.order ?? '').includes(name)),
    theirs: (value, {model}) => ({...value, order: [value.order].flat().filter(term => !model.definition.hidden.includes(String(term).trim().split(/\s/)[0]))})},
  {name: 'a space around an order', reason: 'LoopBack takes what is before or behind it for a direction',
    applies: hasSpaceAround,
    theirs: value => ({...value, order: trimmed(value.order)})},
  {name: 'order of what JavaScript cannot order', reason: 'null and absent are neither less nor more than each other, and equal records stand as JavaScript keeps keys, numbers first: LoopBack\'s order depends on the sort',
    applies: found => (isList(found) || (listOf(found.ours) && /has invalid direction$/.test(message(found.theirs)))) && dependsOnSort(found),
    theirs: ({limit, skip, offset, fields, ...rest}) => rest,
    ours: ({limit, skip, offset, fields, ...rest}) => rest,
    ignores: inTheirOrder,
    isLast: true},
  {name: 'two records where a hasOne has one', reason: 'made through their own model: an include of LoopBack shows the last, and the relation the first',
    applies: ({query}) => /include/.test(query) && /profile|portrait/.test(query),
    ignores: bodies => bodies.map(body => withoutDeep(name => /^(profile|portrait)$/.test(name), body))},
  {name: 'null in a list, or asked of one', reason: 'LoopBack throws as it looks for a name in null or for an operator in it, 500; here nothing is found there',
    covers: ({query, theirs, ours}) => isCrash(theirs) && isAnswer(ours) && (/\b(array|objects|object|part)Value\.\w/.test(query) || /(Value|unknown|labelIds|phoneList)(":|\]=)(\{"eq":)?null/.test(query))},
  {name: 'objects, and nothing, as texts', reason: 'to JavaScript an object equals the text "[object Object]" and nothing the texts "undefined" and "null": so an empty `like`, which LoopBack takes for no operator, patterns, and comparisons with objects find what no SQL connector does',
    covers: async (found, ask) => {
      const {theirs, ours} = found;
      if (found.request.method !== 'GET' || ![theirs, ours].every(isAnswer)) return false;
      const isTaken = ({name, operator, operand}) => (isPattern(operator) && (operand === '' ? isOfObjects(name) || name === 'bufferValue' || hasNoType(name) : /^(undefined|null)$/.test(operand))) || (isOfObjects(name) && /^([gl]te?|between)$/.test(operator));
      return /\[object Object\]/.test(theirs.text) || (asksFor(found, isTaken) && differInObjects(found, isTaken, ask));
    }},
  {name: 'include and fields', reason: 'LoopBack needs the keys in `fields` to include by them, else refuses or leaves the relation out, and within an include the id',
    covers: ({request, query, theirs, ours}) => /include/.test(query) && /fields/.test(query) && (isAnswer(ours) || /: it holds no points$/.test(message(ours)) || (request.kind && isFaultOfCondition.test(message(ours)))) && /is missing for included item/.test(message(theirs)),
    applies: found => filterOf(found)?.include && (filterOf(found).fields || includesWithFields(filterOf(found).include).length > 0),
    ignores: (bodies, found) => bodies.map(body => withoutLeftOut(filterOf(found), body))},
  {name: 'order and pages of references, and of what is included through a model', reason: 'LoopBack orders included records by where the first of all lists names them, pages each by itself, and cuts a page of a list by id, and orders a list without its ids by them; and heeds no limit and order of an include through a model; here each list has its own order and is cut in that',
    applies: ({request, query}) => /include.*(labels|patients|physicians|clubs|authors)/.test(query) || isOfReferences(request),
    theirs: withoutPages,
    ours: withoutPages,
    ignores: (bodies, {request, query}) => bodies.map(body => {
      if (isOfReferences(request) && Array.isArray(body) && body.every(record => !('id' in record))) return body.map(textOf).sort();
      return withoutOrderBelow(body, /limit|skip/.test(query));
    })},
  {name: 'a condition on the id, through another model', reason: 'LoopBack\'s own condition on the id takes its place: nothing is found, or an include holds all; and the condition of a default scope counts towards the depth of a count or an update, and of references a filter that is too deep has no answer',
    covers: ({request, query, model, theirs, ours}) => {
      const isDeeper = model?.definition.scope?.where && /\/(count|update)$/.test(routeOf(request)) && isTooDeep(theirs);
      const isUnanswered = request.kind === 'referencesMany' && theirs.status === 0 && isTooDeep(ours);
      const isReplaced = (request.kind && /"id":|\[id\]/.test(query) && isEmpty(theirs)) || (isAnswer(theirs) && /include.*where(":\{"|\]\[)id/.test(query));
      return (isAnswer(ours) && isReplaced) || (isDeeper && !isCrash(ours)) || isUnanswered;
    }},
  // Of writing.
  {name: 'words of the JavaScript engine', reason: 'for text that is no JSON, and for a value as the console shows it, LoopBack hands out what changes with Node',
    covers: ({theirs, ours}) => (theirs.status === 400 && ours.status === 400 && [theirs, ours].every(({text}) => /SyntaxError/.test(text))) || (theirs.status === 422 && sameBut(/\(value: [^;]*?\)(?=[;.])/g, theirs, ours))},
  {name: 'another of two faults', reason: 'changes by a condition: LoopBack looks at the data first and Sallyport at the condition; lists: at parts of a filter in another order; both refuse, or LoopBack throws at what the data are without the condition, too; through another model it looks at some conditions later; and Sallyport may name one that LoopBack does not look at, or at which, had it come to it, it would throw',
    covers: oneOf(
      ({theirs, ours}) => isRefusal(theirs) && [isFaultOfData, isFaultOfCondition, isFaultOfOrder].some(fault => fault.test(message(theirs))) && isSeenLater(ours),
      ({request, theirs, ours}) => request.kind && [theirs, ours].every(answer => answer.status === 400 && isFaultOfCondition.test(message(answer))),
      ({request, theirs, ours}, ask) => request.method === 'GET' && theirs.status === 400 && ours.status === 400 && namesOursBeside(request, ours, ask),
      ({request, theirs, ours}) => isByCondition(request) && isRefusal(theirs) && ours.status === 400 && isFaultOfData.test(message(theirs)) && isFaultOfCondition.test(message(ours)),
      async ({request, theirs, ours}, ask) => isByCondition(request) && isCrash(theirs) && ours.status === 400 && isFaultOfCondition.test(message(ours)) && isCrash((await ask({...request, path: routeOf(request)})).loopback))},
  {name: 'persistUndefinedAsNull, in part', parts: true, reason: 'LoopBack also gives null for what `fields` leaves out, and a PATCH on the collection erases what it does not name',
    explains: (name, theirs, ours, found) => found.model?.definition.persistUndefinedAsNull && mayCreate(found) && theirs === null,
    applies: found => found.model?.definition.persistUndefinedAsNull && filterOf(found)?.fields,
    ignores: bodies => bodies.map(body => without((_, value) => value === null, body))},
  {name: 'an id that is spelled otherwise, or of another kind', reason: 'LoopBack\'s memory connector keeps records under the text of their ids: a PUT to /01 does not find record 1, a DELETE of /01/labels/2 leaves its list as it was, one is kept under 1.5, and messages repeat the text; {"id": "2"} is refused for record 2; and where ids are texts, one that a PUT gives as a number, or replaces by, is kept as that, is found however it is spelled and compares otherwise; here an id is a number, and 1.5 none',
    leaves: found => found.request.method !== 'GET' && isOddId(found),
    covers: oneOf(
      found => isOddId(found) && found.theirs.status === 404 && isAnswer(found.ours),
      found => isOddId(found) && /cannot be updated from/.test(message(found.theirs)) && !isCrash(found.ours),
      found => isOddId(found) && sameBut(idsInWords, found.theirs, found.ours),
      ({ours}) => (!isCrash(ours) || /"details"/.test(ours.text)) && /The id is not a whole number|with id true does not exist/.test(ours.text),
      ({theirs, ours}) => /cannot be updated from +((\S+) to \2|1 to true)( |$)/.test(message(theirs)) && !/cannot be updated/.test(message(ours)) && !isCrash(ours),
      findsByNumber,
      differInNumericIds)},
  {name: 'a record without an id, where clients choose them', parts: true, reason: 'LoopBack\'s memory connector numbers by how many were made, not by the largest, and even where ids are texts',
    leaves: found => sendsNoId(found) && differInNames(found, name => name === 'id'),
    explains: (name, theirs, ours, found) => name === 'id' && sendsNoId(found),
    covers: ({theirs, ours, place, ...found}) => sendsNoId(found) && (/^body(\.\d+)?\.id$/.test(place) || /`id` can't be blank|Object with id x does not exist|The table does not take this value/.test(ours.text) || (isAnswer(theirs) && ours.status === 404) || [theirs, ours].some(answer => answer.status === 409))},
  {name: 'link to an id that cannot be one', parts: true, reason: 'LoopBack makes a row that links to null, or throws',
    covers: ({request, theirs, ours}) => /\/rel\//.test(routeOf(request)) && !/\/rel\/\d{1,15}$/.test(routeOf(request)) && ours.status === 404 && !isRefusal(theirs)},
  {name: 'lists as collections', reason: 'a referencesMany or embedsMany: LoopBack counts what is not of the list, takes several records for one, throws on HEAD, leaves a record behind that the list may not name, and of an id that the list names several times takes out one, or refuses to; of an id in a list of its own it shows the record, and does not find it by itself',
    leaves: ({request, theirs, ours}) => {
      const isPostOfMore = request.method === 'POST' && isList({theirs, ours}) && listOf(ours).every(record => listOf(theirs).some(other => textOf(other) === textOf(record)));
      const isOfListOfLists = request.method === 'DELETE' && /"labelIds":\[[^\]]*\[/.test(theirs.text);
      return request.kind === 'referencesMany' && (isPostOfMore || isOfListOfLists);
    },
    covers: ({request, theirs, ours}) => ['embedsMany', 'referencesMany'].includes(request.kind) && ((request.method === 'DELETE' && /contains duplicate/.test(message(theirs)) && isAnswer(ours)) || (/^Key mismatch: .*\[\[/.test(message(theirs)) && !isCrash(ours)) || (/\/count$/.test(routeOf(request)) && isAnswer(theirs)) || sendsList(request) || (request.method === 'HEAD' && isCrash(theirs) && !isCrash(ours)))},
  {name: 'answered as sent, kept otherwise', parts: true, reason: 'text for an object, and what is no number in a list: LoopBack answers a create with one thing and each later read with another; and an upsert with a date without its milliseconds, or with null for one before the year 0; or it keeps what it shows nowhere',
    holds: true,
    explains: (name, theirs, ours, {request}) => {
      const isSentAsText = /^(objectValue|partValue|objectsValue|anyValue)$/.test(name) && bodyOf(request).includes(`"${name}":"`);
      const [left, right] = [theirs, ours].map(value => textOf(withZeros({[name]: value})));
      const isNoNumber = isOfNumbers(name) && left === right;
      const isBeforeChrist = isDate(name) && theirs === null && /^-\d{6}-/.test(ours);
      const isToTheSecond = typeof theirs === 'string' && /\.000Z$/.test(theirs) && theirs.replace(millisecond, '') === String(ours).replace(millisecond, '');
      return isSentAsText || isNoNumber || (request.method !== 'GET' && (isBeforeChrist || isToTheSecond));
    },
    covers: ({theirs, ours}) => /^Key mismatch: .*\bnull\b/.test(message(ours)) && message(theirs) === message(ours).replace(/\bnull\b/g, '0'),
    applies: found => isAnswer(found.ours) && /"(numbersValue|labelIds)":\[[^\]]*\bnull\b/.test(found.ours.text),
    ignores: bodies => bodies.map(withZeros)},
  {name: 'data read as a condition', reason: 'LoopBack reads the data of a change by a condition as if it were one, too, and refuses a list for an object',
    covers: ({request, theirs, ours}) => {
      const [, value] = /^The where clause (.*) is not an object/.exec(message(theirs)) ?? [];
      return isByCondition(request) && value !== undefined && bodyOf(request).includes(value) && !isCrash(ours);
    }},
  {name: 'ids of embedded records', reason: 'LoopBack refuses a write to their owner, id cannot be set, or removes a record that the owner\'s list goes on naming, as where the owner holds a fault of before; and what is no id it answers as null',
    leaves: found => found.request.kind === 'referencesMany' && differInNames(found, name => name === 'labelIds'),
    covers: oneOf(
      ({request, theirs, ours, place}) => /^embeds/.test(request.kind) && isAnswer(theirs) && isAnswer(ours) && place === 'body.id',
      ({theirs, ours}) => theirs.status === 422 && cannotBeSet.test(message(theirs)) && (isAnswer(ours) || message(theirs).replace(cannotBeSet, '') === message(ours)),
      // Nothing was sent: what is refused is what stood there before.
      ({request, theirs, ours}) => request.kind === 'referencesMany' && request.method === 'DELETE' && isAnswer(theirs) && ours.status === 422)},
];

/** A fresh list with its counts at zero. */
export const exceptions = () => list.map(exception => ({covers: () => false, explains: () => false, ...exception, hits: 0}));
