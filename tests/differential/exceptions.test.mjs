// An exception explains what its reason says and nothing besides: a wrong answer beside it stays a difference.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {askedOf, askedOtherwise, conditionsOf, withConditions} from './asked.mjs';
import {exceptions} from './exceptions.mjs';
import {isOrdered, termsOf} from './order.mjs';
import {exceptionFor, explainedBy, provenBy} from './proofs.mjs';

const answer = (status, body) => ({status, headers: {'content-type': 'application/json'}, text: JSON.stringify(body)});
const properties = {name: {type: 'string'}, dateValue: {type: 'date'}, bufferValue: {type: 'buffer'}, level: {type: 'number', default: 7}};
const model = {name: 'Odd', path: '/api/Odds', properties, relations: [{name: 'books'}], definition: {hidden: []}};
const refusal = (status, message) => answer(status, {error: {statusCode: status, message}});
const get = (filter, name = 'filter') => ({method: 'GET', path: `/api/Odds?${name}=${encodeURIComponent(JSON.stringify(filter))}`});

const found = (request, theirs, ours, more = {}) => ({request, theirs, ours, model, query: decodeURIComponent(request.path.split('?')[1] ?? ''), place: 'body.0', ...more});
const named = name => exceptions().find(exception => exception.name.startsWith(name));
const proves = (name, difference, ask = () => assert.fail('nothing has to be asked')) => provenBy([named(name)], difference, ask);

test('a filter is read from JSON and from brackets, and asked otherwise', () => {
  const where = {or: [{name: {like: 'a'}}, {level: 3}]};
  const brackets = {path: '/api/Odds?filter[where][or][0][name][like]=a&filter[where][or][1][level]=3'};

  assert.deepEqual(conditionsOf(get({where})).map(({name, operator, operand}) => [name, operator, operand]), [['name', 'like', 'a'], ['level', 'eq', 3]]);
  assert.deepEqual(conditionsOf(brackets).map(({name, operand}) => [name, operand]), [['name', 'a'], ['level', '3']]);
  assert.equal(askedOf({path: '/api/Odds?filter=5'}), undefined);
  assert.deepEqual(askedOf(askedOtherwise(brackets, value => ({...value, limit: 1}))).value.limit, 1);
  assert.deepEqual(withConditions({name: 'where', value: where}, (name, clause) => (name === 'level' ? 4 : clause)), {or: [{name: {like: 'a'}}, {level: 4}]});
});

test('a list is in order where no record belongs before the one in front of it', () => {
  const terms = termsOf({order: ['name', 'level DESC']}, properties);

  assert.ok(isOrdered([{id: 9}, {name: null, id: 10}, {name: 'a', level: 2, id: 1}, {name: 'a', level: 1, id: 0}], terms));
  assert.ok(!isOrdered([{name: 'b', id: 1}, {name: 'a', id: 2}], terms));
  assert.ok(!isOrdered([{name: 'a', level: 1, id: 1}, {name: 'a', level: 2, id: 2}], terms));
  assert.ok(!isOrdered([{name: 'a', id: 2}, {name: 'a', id: 1}], terms));
  assert.ok(!isOrdered([{name: 'a', id: 1}, {id: 2}], terms));
});

test('another order passes only where ours is the one that was asked for, of the same records', async () => {
  const [one, two, absent] = [{name: 'a', id: 1}, {name: 'b', id: 2}, {id: 3}];
  const request = get({order: 'name'});
  const ask = (theirs, ours) => () => ({loopback: answer(200, theirs), sallyport: answer(200, ours)});
  const differing = (theirs, ours) => proves('order of what', found(request, answer(200, theirs), answer(200, ours)), ask(theirs, ours));

  assert.ok(await differing([one, absent, two], [absent, one, two]));
  assert.equal(await differing([one, absent, two], [absent, two, one]), undefined);
  assert.equal(await differing([one, absent, two], [absent, one]), undefined);
});

test('what is asked otherwise for one exception is so for another beside it', async () => {
  const request = get({where: {or: [{name: {like: '[1,2]'}}, {name: {like: 'undefined'}}]}});
  const isEscaped = ({path}) => decodeURIComponent(path).includes('\\\\[');
  const explained = (byPattern, byLetters) => {
    const ask = asked => ({loopback: answer(200, isEscaped(asked) ? byLetters : byPattern), sallyport: answer(200, [])});
    return exceptionFor([named('letters of a pattern'), named('objects, and nothing')], found(request, answer(200, byPattern), answer(200, [])), ask);
  };
  const [one, absent] = [{name: '1', id: 1}, {id: 2}];

  assert.ok(await explained([one, absent], [absent]));
  assert.equal(await explained([one, absent], [{name: '[1,2]', id: 3}, absent]), undefined);
});

test('where ids are texts, any order passes that is not ours to give, and a first record of it', async () => {
  const texts = {...model, properties: {...properties, id: {type: 'string'}}};
  const lists = {loopback: answer(200, [{id: '2'}, {id: '10'}]), sallyport: answer(200, [{id: '10'}, {id: '2'}])};
  const [theirs, ours] = [answer(200, {id: '2'}), answer(200, {id: '10'})];
  const first = found({method: 'GET', path: '/api/Odds/findOne'}, theirs, ours, {model: texts});
  const isProven = difference => proves('order of what', difference, () => lists);
  const scoped = {...texts, definition: {hidden: [], scope: {order: 'id DESC'}}};  // Overruled by an order that names nothing.

  assert.ok(await isProven(found(get({order: []}), lists.loopback, lists.sallyport, {model: scoped})));
  assert.equal(await isProven(found(get({where: {}}), lists.loopback, lists.sallyport, {model: scoped})), undefined);
  assert.ok(await isProven(found({method: 'GET', path: '/api/Odds'}, lists.loopback, lists.sallyport, {model: texts})));
  assert.ok(await isProven(first));
  assert.equal(await isProven({...first, model}), undefined);
  assert.equal(await isProven({...first, ours: theirs}), undefined);
});

test('of a space around an order and another fault LoopBack names the space', async () => {
  const [space, fault] = [refusal(400, 'The order " 7 " has invalid direction'), refusal(400, 'The where clause true is not an object')];
  const request = {method: 'GET', path: `/api/Odds/findOne?filter=${encodeURIComponent('{"where":true,"order":" 7 "}')}`};

  assert.ok(await proves('a space around', found(request, space, fault), () => ({loopback: fault})));
  assert.equal(await proves('a space around', found(request, space, fault), () => ({loopback: space})), undefined);
});

test('dates in a list and Buffers pass only where nothing but their conditions differs', async () => {
  const request = get({where: {dateValue: {inq: ['2020-01-01', null]}, bufferValue: 'a', level: 1}});
  const asked = [];
  const ask = (sallyport, difference) => proves('dates in lists', difference, again => (asked.push(askedOf(again).value.where), {loopback: answer(200, []), sallyport}));
  const difference = found(request, answer(200, []), answer(200, [{id: 1}]));

  assert.ok(await ask(answer(200, []), difference));
  assert.deepEqual(asked[0], {dateValue: {inq: ['2020-01-01', null]}, bufferValue: 'a', level: 1});
  assert.deepEqual(asked[1].dateValue, {inq: ['1801-01-01', null]});
  assert.equal(asked[1].level, 1);
  assert.equal(await ask(answer(200, [{id: 1}]), difference), undefined);
  assert.equal(await ask(answer(200, []), {...difference, request: {...request, method: 'POST'}}), undefined);
});

test('what fields and include leave out or in passes, other values do not', async () => {
  const request = get({fields: ['name'], include: 'books'});
  const differing = (theirs, ours) => proves('include and fields', found(request, answer(200, theirs), answer(200, ours)));

  assert.ok(await differing([{name: 'a'}], [{name: 'a', books: []}]));
  assert.equal(await differing([{name: 'a'}], [{name: 'b', books: []}]), undefined);
});

test('a record that a change created may have more defaults, and nothing else', () => {
  const request = {method: 'PATCH', path: '/api/Odds', body: '{}'};
  const isExplained = (theirs, ours) => explainedBy([named('created without defaults')], found(request, answer(200, theirs), answer(200, ours)));

  assert.ok(isExplained({id: 1}, {id: 1, level: 7}));
  assert.ok(!isExplained({id: 1}, {id: 1, name: 'a'}));
  assert.ok(!isExplained({id: 1}, {id: 1, level: 8}));
  assert.ok(!isExplained({id: 1}, {id: 2, level: 7}));
});

test('a number other than LoopBack\'s is explained where some record of a list says no id', () => {
  const ofClients = {model: {...model, definition: {...model.definition, forceId: false}}};
  const isExplained = records => explainedBy([named('a record without an id, where')], found({method: 'POST', path: '/api/Odds', body: JSON.stringify(records)}, answer(200, [{id: 8}, {id: 1}]), answer(200, [{id: 7}, {id: 1}]), ofClients));

  assert.ok(isExplained([{}, {id: 1}]));
  assert.ok(!isExplained([{id: 8}, {id: 1}]));
});

test('of two faults another may be named for a change by a condition alone', async () => {
  const {covers} = named('another of two faults');
  const faults = [refusal(422, 'The `Odd` instance is not valid. Details: ...'), refusal(400, 'The where clause 1 is not an object')];

  assert.ok(await covers(found({method: 'POST', path: '/api/Odds/upsertWithWhere?where=1'}, ...faults)));
  assert.ok(!await covers(found({method: 'POST', path: '/api/Odds'}, ...faults)));
  assert.ok(!await covers(found({method: 'POST', path: '/api/Odds/upsertWithWhere?where=1'}, faults[0], refusal(404, 'could not find a model with id 1'))));
});

test('of two faults of a filter another may be named where LoopBack names ours once its own is gone', async () => {
  const {covers} = named('another of two faults');
  const [deep, skip] = [refusal(400, 'The query object exceeds maximum depth 12'), refusal(400, 'The offset/skip parameter {} is not valid')];
  const request = get({where: {or: [{name: 'a'}]}, skip: {}});
  const ask = without => asked => ({loopback: 'skip' in askedOf(asked).value ? skip : without});

  assert.ok(await covers(found(request, skip, deep), ask(deep)));
  assert.ok(!await covers(found(request, skip, deep), ask(answer(200, []))));
  assert.ok(!await covers(found({...request, method: 'POST'}, skip, deep), ask(deep)));
});

test('a default scope makes a count too deep for LoopBack, and references one that has no answer', async () => {
  const {covers} = named('a condition on the id, through another model');
  const scoped = {model: {...model, definition: {...model.definition, scope: {where: {name: 'a'}}}}};
  const [deep, counted] = [refusal(400, 'The query object exceeds maximum depth 12'), answer(200, {count: 1})];

  assert.ok(await covers(found({method: 'GET', path: '/api/Odds/count?where={}'}, deep, counted, scoped)));
  assert.ok(!await covers(found({method: 'GET', path: '/api/Odds?filter={}'}, deep, counted, scoped)));
  assert.ok(!await covers(found({method: 'GET', path: '/api/Odds/count?where={}'}, deep, counted)));

  const request = {method: 'GET', path: '/api/Authors/1/labels?filter={}', kind: 'referencesMany'};
  assert.ok(await covers(found(request, {status: 0, text: 'no answer', headers: {}}, deep)));
  assert.ok(!await covers(found({...request, kind: 'hasMany'}, {status: 0, text: 'no answer', headers: {}}, deep)));
});

test('a crash at the data of a change passes before a fault of its condition where the data crash alone', async () => {
  const {covers} = named('another of two faults');
  const change = {method: 'POST', path: '/api/Odds/update?where={"level":{"nin":1}}', body: '{"pointValue":"{}"}'};
  const fault = refusal(400, 'The level property has invalid clause {"nin":1}: Error: Value is not an array');
  const alone = status => async ({path}) => ({loopback: answer(path === '/api/Odds/update' ? status : 200, {})});

  assert.ok(await covers(found(change, answer(500, {}), fault), alone(500)));
  assert.ok(!await covers(found(change, answer(500, {}), fault), alone(200)));
  assert.ok(!await covers(found(change, answer(500, {}), refusal(404, 'no such route')), alone(500)));
});

test('a text that V8 alone reads as a date passes beside another fault, and not in its place', async () => {
  const {covers} = named('dates that V8 alone reads');
  const invalid = faults => refusal(422, `The \`Odd\` instance is not valid. Details: ${faults.join('; ')}.`);
  const [set, other, date] = ['`id` can\'t be set (value: 1)', '`name` can\'t be blank (value: "")', '`when` is not a valid date (value: Invalid Date)'];
  const passes = (theirs, ours) => covers(found({method: 'POST', path: '/api/Odds'}, invalid(theirs), invalid(ours)));

  for (const ours of [[set, date], [date, set]]) assert.ok(await passes([set], ours));
  assert.ok(await passes([set, other], [set, date, other]));
  assert.ok(!await passes([set], [other, date]));
  assert.ok(!await passes([set], [other]));
  assert.ok(!await passes([set], [set]));
});

test('a value that its type cannot hold is one that LoopBack crashes at', async () => {
  const {covers} = named('a value that its type');
  const bad = refusal(400, 'Invalid date: x');

  assert.ok(await covers(found(get({where: {dateValue: 'x'}}), answer(500, {}), bad)));
  assert.ok(!await covers(found(get({where: {dateValue: 'x'}}), answer(200, []), bad)));
  assert.ok(!await covers(found(get({where: {dateValue: '2020-01-01'}}), answer(500, {}), answer(200, []))));
});

test('a pattern is asked of LoopBack with its letters as letters, and eq of what has no type without it', async () => {
  const asked = [];
  const ask = again => (asked.push(askedOf(again).value.where), {loopback: answer(200, []), sallyport: answer(200, [])});
  const difference = where => found(get({where}), answer(200, [{id: 1}]), answer(200, []));

  assert.ok(await proves('letters of a pattern', difference({name: {like: '[1,2]%'}}), ask));
  assert.ok(await proves('odd operand', difference({unknown: {eq: 1}, name: {eq: 'a'}}), ask));
  assert.deepEqual(asked, [{name: {like: '\\[1,2\\]%'}}, {unknown: 1, name: {eq: 'a'}}, {unknown: {eq: 1}, name: {eq: 'a'}}]);
});

test('a regexp of what has no type is asked of us as LoopBack takes it, with slashes that are letters, or as none', async () => {
  const asked = [];
  const ask = again => (asked.push(askedOf(again).value.where), {loopback: answer(200, []), sallyport: answer(200, [])});
  const proof = (where, kind) => proves('odd operand', found({...get({where}), kind}, answer(200, []), answer(200, [{id: 1}])), ask);

  assert.ok(await proof({unknown: {regexp: '/a/i'}}));
  assert.ok(await proof({name: {regexp: ''}}, 'embedsMany'));
  assert.deepEqual(asked, [{unknown: {regexp: '/a/i'}}, {unknown: {regexp: '[/]a/i'}}, {name: {regexp: ''}}, {name: {inq: []}}]);
  assert.equal(await proof({name: {regexp: '/a/i'}}), undefined);
});

test('objects pass as texts only where nothing else is found, or missed', async () => {
  const {covers} = named('objects, and nothing');
  const difference = found(get({objectValue: {gt: 1}, level: 1}, 'where'), answer(200, {count: 1}), answer(200, {count: 0}));
  const finding = record => () => ({loopback: answer(200, [record]), sallyport: answer(200, [])});

  assert.ok(await covers(difference, finding({id: 1, objectValue: {a: 1}})));
  assert.ok(!await covers(difference, finding({id: 1, objectValue: 5})));

  const ofNull = found(get({where: {numbersValue: {like: 'null'}}}), answer(200, [{id: 1}]), answer(200, []));
  assert.ok(await covers(ofNull, finding({id: 1, numbersValue: [1, 0]})));
  assert.ok(!await covers(ofNull, finding({id: 1, numbersValue: [1, 2]})));
});

test('a condition on texts of ids passes only where those that differ are numbers', async () => {
  const {covers} = named('an id that is spelled otherwise');
  const texts = {...model, properties: {...properties, id: {type: 'string'}}};
  const request = get({where: {id: {gt: 'a'}}, fields: {name: true}});
  const finding = id => () => ({loopback: answer(200, []), sallyport: answer(200, [{id, name: 'a'}])});
  const difference = found(request, answer(200, []), answer(200, [{name: 'a'}]), {model: texts});

  assert.ok(await covers(difference, finding('30')));
  assert.ok(!await covers(difference, finding('x')));
  assert.ok(!await covers({...difference, model}, finding('30')));
});

test('a text of an id finds a record for LoopBack alone only where it is a number spelled otherwise', async () => {
  const {covers} = named('an id that is spelled otherwise');
  const keyed = type => ({...model, properties: {id: {type}}});
  const deletion = (id, type, count = 0) => covers(found({method: 'DELETE', path: `/api/Odds/${id}`}, answer(200, {count: 1}), answer(200, {count}), {model: keyed(type)}), () => assert.fail('nothing has to be asked'));

  for (const id of ['1e0', '%201', '01']) assert.ok(await deletion(id, 'string'), id);
  for (const id of ['1', 'abc', '']) assert.ok(!await deletion(id, 'string'), id);
  assert.ok(!await deletion('1e0', 'number'));
  assert.ok(!await deletion('1e0', 'string', 2));
});

test('a pattern of what is not there passes where a list holds what has no such name', async () => {
  const {covers} = named('objects, and nothing');
  const difference = found(get({'anyValue.a': {nlike: 'undefined'}}, 'where'), answer(200, {count: 0}), answer(200, {count: 1}));
  const finding = anyValue => () => ({loopback: answer(200, []), sallyport: answer(200, [{id: 1, anyValue}])});

  assert.ok(await covers(difference, finding(['x'])));
  assert.ok(await covers(difference, finding({b: 1})));
  assert.ok(!await covers(difference, finding({a: 'x'})));
});

test('a list of references without its ids passes in any order, of the same records', async () => {
  const request = {...get({fields: 'text'}), path: '/api/Authors/1/labels?filter[fields]=text', kind: 'referencesMany'};
  const differing = (theirs, ours) => {
    const [loopback, sallyport] = [answer(200, theirs), answer(200, ours)];
    return proves('order and pages', found(request, loopback, sallyport), () => ({loopback, sallyport}));
  };

  assert.ok(await differing([{text: 'a'}, {text: 'b'}], [{text: 'b'}, {text: 'a'}]));
  assert.equal(await differing([{text: 'a'}, {text: 'b'}], [{text: 'b'}, {text: 'c'}]), undefined);
  assert.equal(await differing([{id: 1}, {id: 2}], [{id: 2}, {id: 1}]), undefined);
});

test('a change of many may leave behind what was sent where it has another type, and nothing else', () => {
  const {leaves} = named('what an update of many');
  const request = {method: 'POST', path: '/api/Odds/update?where={}', body: '{"name":["a"],"level":2}'};
  const isLeft = (theirs, ours, body = request.body) => leaves(found({...request, body}, answer(200, [theirs]), answer(200, [ours])));

  assert.ok(isLeft({id: 1, name: ['a'], level: 2}, {id: 1, name: 'a', level: 2}));
  assert.ok(!isLeft({id: 1, name: ['a'], level: 2}, {id: 1, name: 'a', level: 3}));
  assert.ok(!isLeft({id: 1, name: 'b'}, {id: 1, name: 'a'}, '{"name":"a"}'));
});

test('a change of an id that is spelled otherwise may leave a record as it was, and no other change', () => {
  const {leaves} = named('an id that is spelled otherwise');
  const isLeft = path => leaves(found({method: 'DELETE', path}, answer(200, [{id: 1, labelIds: [1, 4]}]), answer(200, [{id: 1, labelIds: [1]}])));

  assert.ok(isLeft('/api/Authors/01/labels/4'));
  assert.ok(!isLeft('/api/Authors/1/labels/4'));
});

test('a date passes without its milliseconds in the answer of a change alone, the second being the same', () => {
  const isExplained = difference => explainedBy([named('answered as sent')], difference);
  const [theirs, ours] = [answer(200, {id: 1, dateValue: '1970-01-01T00:00:00.000Z'}), answer(200, {id: 1, dateValue: '1970-01-01T00:00:00.001Z'})];
  const change = {method: 'PATCH', path: '/api/Odds', body: '{"id":1,"dateValue":1}'};

  assert.ok(isExplained(found(change, theirs, ours)));
  assert.ok(!isExplained(found({...change, method: 'GET'}, theirs, ours)));
  assert.ok(!isExplained(found(change, theirs, answer(200, {id: 1, dateValue: '1970-01-01T00:00:01.001Z'}))));
});

test('a list refused in part may leave a record under another number, where it said none', () => {
  const {leaves} = named('a record without an id, where');
  const ofClients = {model: {...model, definition: {...model.definition, forceId: false}}};
  const isLeft = (records, theirs) => leaves(found({method: 'POST', path: '/api/Odds', body: JSON.stringify(records)}, answer(200, [theirs, {id: 1}]), answer(200, [{id: 7, name: 'a'}, {id: 1}]), ofClients));

  assert.ok(isLeft([{name: 'a'}, {datesValue: 1}], {id: 8, name: 'a'}));
  assert.ok(!isLeft([{name: 'a'}, {datesValue: 1}], {id: 8, name: 'b'}));
  assert.ok(!isLeft([{id: 7, name: 'a'}, {id: 2, datesValue: 1}], {id: 8, name: 'a'}));
});

test('a refused addition may leave a record behind, and nothing else', () => {
  const {leaves} = named('lists as collections');
  const request = {method: 'POST', path: '/api/Authors/1/labels', kind: 'referencesMany'};
  const isLeft = (theirs, ours) => leaves(found(request, answer(200, theirs), answer(200, ours)));

  assert.ok(isLeft([{id: 1}, {id: 2}], [{id: 1}]));
  assert.ok(!isLeft([{id: 1}], [{id: 1}, {id: 2}]));
  assert.ok(!isLeft([{id: 1, text: 'a'}, {id: 2}], [{id: 1}]));
});

test('a removal from a list may leave what its owner names, and nothing else', () => {
  const {leaves} = named('ids of embedded records');
  const request = {method: 'DELETE', path: '/api/Authors/1/labels/4', kind: 'referencesMany'};
  const isLeft = (theirs, ours) => leaves(found(request, answer(200, theirs), answer(200, ours)));

  assert.ok(isLeft([{id: 1, labelIds: [2, 4]}], [{id: 1, labelIds: [2]}]));
  assert.ok(!isLeft([{id: 1, labelIds: [2, 4], age: 1}], [{id: 1, labelIds: [2]}]));
});

test('an owner with a fault of before is refused with a DELETE of its list, and LoopBack removes the record', async () => {
  const {covers} = named('ids of embedded records');
  const [gone, fault] = [answer(204), refusal(422, 'The `Author` instance is not valid.')];
  const isCovered = (method, theirs, kind = 'referencesMany') => covers(found({method, path: '/api/Authors/1/labels/4', kind}, theirs, fault));

  assert.ok(await isCovered('DELETE', gone));
  assert.ok(!await isCovered('PUT', gone));
  assert.ok(!await isCovered('DELETE', fault));
  assert.ok(!await isCovered('DELETE', gone, 'hasMany'));
});

test('numbers that are none pass in a list, and other values beside them do not', async () => {
  const record = (numbersValue, name = 'a') => ({id: 1, name, numbersValue});
  const isProven = (theirs, ours) => proves('answered as sent', found({method: 'GET', path: '/api/Odds'}, answer(200, [theirs]), answer(200, [ours])));

  assert.ok(await isProven(record([0]), record([null])));
  assert.equal(await isProven(record([0]), record([null], 'b')), undefined);
});

test('properties may each have another reason, and all must have one', () => {
  const change = {method: 'POST', path: '/api/Odds/upsertWithWhere', body: '{"anyValue":"[1]"}'};
  const both = difference => explainedBy([named('created without defaults'), named('answered as sent')], difference);
  const [theirs, ours] = [answer(200, {id: 1, anyValue: '[1]'}), answer(200, {id: 1, anyValue: [1], level: 7})];

  assert.ok(both(found(change, theirs, ours)));
  assert.ok(!both(found(change, theirs, answer(200, {id: 1, anyValue: [1], level: 8}))));
});

test('a fault that LoopBack sees later passes beside another, and not in its place', async () => {
  const {covers} = named('another of two faults');
  const [first, later] = [refusal(400, 'The name property has invalid clause {"like":1}: Expected a string or RegExp'), refusal(400, 'Relation "x" is not defined for Odd model')];

  assert.ok(await covers(found(get({include: 'x'}), first, later)));
  assert.ok(await covers(found(get({where: {level: {regexp: []}}}), first, refusal(400, 'Invalid argument, must be a string, regex literal, or RegExp object'))));
  assert.ok(!await covers(found(get({include: 'x'}), later, first), () => ({loopback: answer(200, [])})));
  assert.ok(!await covers(found(get({include: 'x'}), answer(200, []), first)));
});

test('what an include through a model holds passes without its limit, of the same records', async () => {
  const physicians = {...model, relations: [{name: 'patients'}]};
  const request = get({include: {relation: 'patients', scope: {limit: 1, fields: ['id']}}});
  const asked = [];
  const differing = (theirs, ours) => {
    const [loopback, sallyport] = [answer(200, [{id: 1, patients: theirs}]), answer(200, [{id: 1, patients: ours}])];
    return proves('order and pages', found(request, loopback, sallyport, {model: physicians}), again => (asked.push(askedOf(again).value.include.scope), {loopback, sallyport}));
  };

  assert.ok(await differing([{id: 1}, {id: 2}], [{id: 2}, {id: 1}]));
  assert.deepEqual(asked[0], {fields: ['id']});
  assert.equal(await differing([{id: 1}, {id: 2}], [{id: 1}]), undefined);
});

test('a pattern for an object is asked of LoopBack as the regexp that it takes it for', async () => {
  const asked = [];
  const ask = again => (asked.push(askedOf(again).value.where), {loopback: answer(200, [])});

  assert.ok(await proves('letters of a pattern', found(get({where: {objectValue: {like: '%a.b_'}, name: {like: 'a.%'}}}), answer(200, [{id: 1}]), answer(200, [])), ask));
  assert.deepEqual(asked, [{objectValue: {like: '.*a\\.b.'}, name: {like: 'a\\.%'}}]);
});

test('a crash is that of a name of JavaScript where a record has it under a condition', async () => {
  const {covers} = named('names that mean something');
  const difference = found(get({where: {unknown: {like: 'a'}}}), answer(500, {}), answer(200, []));
  const asked = [];
  const finding = records => again => (asked.push(askedOf(again).value.where), {sallyport: answer(200, records)});

  assert.ok(await covers(difference, finding([{id: 1, unknown: {toString: 1}}])));
  assert.deepEqual(asked[0], {or: [{'unknown.toString': {neq: null}}, {'unknown.constructor': {neq: null}}]});
  assert.ok(!await covers(difference, finding([])));
});

test('of a list that was sent each refusal is explained by itself', async () => {
  const request = {method: 'POST', path: '/api/Odds', body: '[{"id":1,"dateValue":"abc"},{"dateValue":"7"}]'};
  const all = details => answer(500, {error: {statusCode: 500, message: 'Failed with multiple errors', details}});
  const unread = {statusCode: 400, message: 'could not create List'};
  const blank = more => ({statusCode: 422, message: `Details: \`name\` can't be blank (value: undefined)${more}.`});
  const noDate = blank('; `dateValue` is not a valid date (value: Invalid Date)');
  const reasonOf = (theirs, ours) => exceptionFor(exceptions(), found(request, all(theirs), all(ours)), () => assert.fail('nothing has to be asked'));

  assert.match((await reasonOf([unread, blank('')], [unread, noDate])).name, /^dates that V8 alone/);
  assert.equal(await reasonOf([unread, blank('')], [blank(''), noDate]), undefined);
  assert.equal(await reasonOf([unread, blank('')], [unread]), undefined);
  assert.match((await reasonOf([null, unread], [{statusCode: 422, message: '`dateValue` is not a valid date (value: Invalid Date).'}, unread])).name, /^dates that V8 alone/);
});

test('a refusal within a list is explained where LoopBack took them all', async () => {
  const request = {method: 'POST', path: '/api/Odds', body: '[{"id":1,"dateValue":"7"},{}]'};
  const refused = text => answer(500, {error: {statusCode: 500, message: 'Failed with multiple errors', details: [{statusCode: 422, message: text}]}});
  const reasonOf = ours => exceptionFor(exceptions(), found(request, answer(200, [{id: 1, dateValue: '2001-07-01T00:00:00.000Z'}, {id: 2}]), ours), () => assert.fail('nothing has to be asked'));

  assert.match((await reasonOf(refused('`dateValue` is not a valid date (value: Invalid Date).'))).name, /^dates that V8 alone/);
  assert.equal(await reasonOf(refused('`name` can\'t be blank (value: undefined).')), undefined);
});

test('an object that tells bytes passes where nothing is found of them, and no other object', async () => {
  const bytes = {type: 'Buffer', data: [1, 2]};
  const [theirs, ours] = [answer(200, []), answer(200, [{objectValue: bytes, id: 1}])];
  const asked = [];
  const differing = where => proves('Buffers by their bytes', found(get({where}), theirs, ours), again => (asked.push(askedOf(again).value.where), {loopback: theirs, sallyport: theirs}));

  for (const where of [{objectValue: bytes}, {objectValue: {neq: bytes}}, {objectValue: {inq: [bytes, {a: 1}]}}, {objectValue: {between: [bytes, bytes]}}, {objectValue: {gte: bytes}}]) assert.ok(await differing(where));
  assert.deepEqual(asked[2], {objectValue: {inq: [{a: 1}]}});
  assert.deepEqual(asked[4], {objectValue: {gt: bytes}});
  assert.equal(await differing({objectValue: {eq: {a: 1}}}), undefined);
});

test('parts of a filter pass that have a reason by themselves, where without them nothing differs', async () => {
  const odd = {covers: ({query}) => query === 'filter={"where":{"name":"odd"}}', explains: () => false};
  const explained = (where, isWrong) => {
    const ask = ({path}) => ({loopback: answer(200, [{id: 1}]), sallyport: answer(200, isWrong(decodeURIComponent(path)) ? [] : [{id: 1}])});
    return exceptionFor([odd], found(get({where, limit: 3}), answer(200, [{id: 1}]), answer(200, [])), ask);
  };
  const isOdd = text => text.includes('"odd"');

  assert.equal(await explained({or: [{name: 'odd'}, {level: 7}]}, isOdd), odd);
  assert.equal(await explained({or: [{name: 'odd'}, {level: 7}]}, text => isOdd(text) || text.includes('"level":7')), undefined);
  assert.equal(await explained({or: [{name: 'odd'}, {level: 7}]}, text => isOdd(text) || text.includes('"limit"')), undefined);
  assert.equal(await explained({or: [{name: 'even'}, {level: 7}]}, text => text.includes('"even"')), undefined);
});
