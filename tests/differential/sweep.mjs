// Every operator with every value, every odd value through every way of writing, every odd id and body on every route: one
// request each, where differential.mjs draws. Finds what a seed meets once in a while.
// usage: node sweep.mjs [--part NAME]... [--seed N]: of the apps, 1 unless given
import {fileURLToPath} from 'node:url';
import {jsonQuery} from './asked.mjs';
import {run} from './differential.mjs';
import {bracketQuery, operators, patterns, regexps, scalarOf} from './filters.mjs';
import {oddBodies, oddIds, rareBodies, rareIds, Requests, typeName} from './requests.mjs';
import {oddities, types, valuesOf} from './values.mjs';

const typeOf = {...Object.fromEntries(Object.keys(types).map(type => [`${type}Value`, type])), id: 'number', unknown: 'any', 'objectValue.a': 'any', 'partValue.b': 'any', 'arrayValue.a': 'any'};
const filterParts = ['where', 'order', 'limit', 'skip', 'offset', 'fields', 'include'];

const get = path => ({method: 'GET', path});
const send = (method, path, body) => ({method, path, body});

/** Each condition on a property. */
function* conditionsOn(name, type) {
  const values = [...valuesOf(type), ...(scalarOf[type] ? valuesOf(scalarOf[type]) : [])];
  for (const value of values) {
    yield {[name]: value};
    for (const operator of operators) yield {[name]: {[operator]: value}};
    for (const operator of ['inq', 'nin', 'between']) yield {[name]: {[operator]: [value]}};
    yield {[name]: {between: [value, value]}};
  }
  for (const pattern of patterns) for (const operator of ['like', 'nlike', 'ilike', 'nilike']) yield {[name]: {[operator]: pattern}};
  for (const regexp of regexps) yield {[name]: {regexp}};
  for (const point of valuesOf('geopoint')) yield {[name]: {near: point, maxDistance: 1000, unit: 'kilometers'}};
}

/** Each condition on one property. */
function* conditions() {
  for (const [name, type] of Object.entries(typeOf)) yield* conditionsOn(name, type);
}

function* reads({sample}) {
  for (const where of conditions()) yield get(sample.path + jsonQuery('filter', {where}));
}

/** Each condition on models whose settings are drawn: another seed has others. */
function* readsOfDrawn({models}) {
  for (const {path} of models.slice(1, 3)) for (const where of conditions()) yield get(path + jsonQuery('filter', {where}));
}

function* readsInBrackets({sample}) {
  for (const where of conditions()) yield get(sample.path + bracketQuery('filter', {where}));
}

/** Each condition on a property, and each order by it, where records hold each value that it may be given. */
function* readsOfOdd({sample}) {
  for (const [name, type] of Object.entries(typeOf)) {
    if (name === 'id') continue;
    const [property] = name.split('.');
    const kept = valuesOf(typeOf[property]).map(value => send('POST', sample.path, JSON.stringify({[property]: value})));
    const fields = ['id', property];
    for (const where of conditionsOn(name, type)) yield {...get(sample.path + jsonQuery('filter', {where, fields})), kept};
    for (const direction of ['', ' DESC']) yield {...get(sample.path + jsonQuery('filter', {order: name + direction, fields})), kept};
  }
}

function* counts({sample}) {
  for (const where of conditions()) yield get(`${sample.path}/count${jsonQuery('where', where)}`);
}

/** The paths of lists and records. */
function listsOf({models}) {
  const related = model => model.relations.flatMap(({name, many}) => [`${model.path}/1/${name}`, `${model.path}/2/${name}`, ...(many ? [`${model.path}/1/${name}/count`] : [])]);
  return models.flatMap(model => [model.path, `${model.path}/findOne`, `${model.path}/1`, `${model.path}/count`, `${model.path}/1/exists`, ...model.scopes.map(scope => `${model.path}/${scope}`), ...related(model)]);
}

function* filters(app) {
  for (const path of listsOf(app)) {
    for (const part of filterParts) for (const value of oddities) yield get(path + jsonQuery('filter', {[part]: value}));
    for (const value of oddities) yield get(path + jsonQuery(path.endsWith('/count') ? 'where' : 'filter', value));
  }
}

const someFilters = [
  ...[[], '', null, 0, 'id', 'id DESC', 'numberValue', ['stringValue', 'numberValue DESC'], 'stringValue,id DESC', 'unknown', 'anyValue', 'objectValue.a', ' id', 'id sideways', {a: 1}].map(order => ({order})),
  ...[0, 1, 2, -1, '2', 'x', null, 1.5].map(limit => ({limit})),
  ...[0, 1, '1', -1, null, 'x'].map(skip => ({skip})), {offset: 1},
  ...[[], ['id'], 'stringValue', {id: false}, {stringValue: true}, {stringValue: false, unknown: false}, null, 'unknown'].map(fields => ({fields})),
  ...[{numberValue: {gt: 0}}, {id: 1}, {id: '1'}, {id: {inq: ['1', '2', 3]}}, {id: {gt: '1'}}, {booleanValue: true}, {or: []}, {}, null, [], {stringValue: {like: 'a.'}}, {unknown: {eq: 1}}, {numberValue: null}].map(where => ({where})),
  ...['', [], null, 'nothing'].map(include => ({include})),
];

/** Each two of some parts together, of a filter or of a record. */
function* pairsOf(parts) {
  for (const [at, one] of parts.entries()) {
    for (const other of parts.slice(at + 1)) if (Object.keys(one)[0] !== Object.keys(other)[0]) yield {...one, ...other};
  }
}

/** Each two parts of a filter where what a model says of itself is drawn. */
function* readsOfTwoParts({models}) {
  for (const {path, scopes} of models.slice(1, 3)) {
    for (const way of ['', '/findOne', ...scopes.map(scope => `/${scope}`)]) for (const filter of pairsOf(someFilters)) yield get(path + way + jsonQuery('filter', filter));
  }
}

/** Some parts of a filter for records of a model; no where of null, which LoopBack leaves without an answer through another model. */
function someFiltersFor({properties, relations}) {
  const [first, second = 'id'] = Object.keys(properties);
  return [
    ...['', 'id DESC', first, [`${second} DESC`, first], 'unknown', ' id', 'id sideways', {a: 1}].map(order => ({order})),
    ...[0, 1, '2', -1, 'x', null].map(limit => ({limit})), ...[1, '1', -1, 'x', null].map(skip => ({skip})), {offset: 1},
    ...[[], ['id'], [first], {id: false}, {[first]: true}, null].map(fields => ({fields})),
    ...[{[first]: {neq: null}}, {id: 1}, {id: {gt: 1}}, {id: {inq: [1, '2']}}, {[second]: {like: 'a.'}}, {[first]: {nothing: 1}}, {unknown: {eq: 1}}, {or: [{id: 1}, {id: 2}]}, {and: 1}, []].map(where => ({where})),
    ...['', null, 'nothing', {relation: 1}, ...relations.flatMap(({name}) => [name, {relation: name, scope: {limit: 1}}, {relation: name, scope: {fields: ['id']}}])].map(include => ({include})),
  ];
}

/** Each two parts of a filter of the models that are tied, and of the records that their relations lead to. */
function* readsOfTwoPartsRelated({models}) {
  for (const {path, properties, relations} of models.slice(3)) {
    for (const filter of pairsOf(someFiltersFor({properties, relations}))) yield* ['', '/1', '/findOne'].map(way => get(path + way + jsonQuery('filter', filter)));
    for (const {name, kind, many, relation} of relations) {
      const target = models.find(model => model.name === relation.model);
      if (!many || !target || kind === 'referencesMany') continue;
      for (const filter of pairsOf(someFiltersFor(target))) yield get(`${path}/1/${name}${jsonQuery('filter', filter)}`);
    }
  }
}

/** Each way to write a record of `model`: the method and the path. */
function waysToWrite({path}) {
  return [['POST', path], ['PATCH', `${path}/1`], ['PUT', `${path}/1`], ['POST', `${path}/1/replace`], ['PATCH', path], ['PUT', path], ['POST', `${path}/replaceOrCreate`], ['POST', `${path}/upsertWithWhere?where={"id":1}`], ['POST', `${path}/upsertWithWhere?where={"id":999}`], ['POST', `${path}/update?where={"id":1}`]];
}

function* writes({models}) {
  const [sample, odd, odder] = models;
  for (const model of [sample, odd, odder]) {
    for (const [name, property] of Object.entries({...model.properties, id: 'number', unknown: 'any'})) {
      for (const value of valuesOf(typeName(property))) {
        for (const [method, path] of waysToWrite(model)) {
          yield send(method, path, JSON.stringify({[name]: value}));
          if (/[/]replaceOrCreate$|^PATCH$|^PUT$/.test(method + path) && name !== 'id') yield send(method, path, JSON.stringify({id: 1, stringValue: 'a', numberValue: 1, [name]: value}));
        }
      }
    }
  }
}

const somePieces = [
  ...['', 12, null, ['a']].map(value => ({stringValue: value})), ...['abc', null, 1e21, [1]].map(value => ({numberValue: value})), {booleanValue: 'x'},
  ...['7', '2020-13-45', 'Tue Mar 01 2022', -1e15, 9e15, null, [1]].map(value => ({dateValue: value})), ...['text', '{"a":1}', [1], 7].map(value => ({objectValue: value})),
  ...['91,0', 'abc', {lat: 1}, [1, 2, 3], null].map(value => ({geopointValue: value})), ...['a', [1, 2]].map(value => ({bufferValue: value})), {anyValue: '[1]'},
  ...['[1,2]', 7, {a: 1}].map(value => ({arrayValue: value})), {stringsValue: 'a'}, {numbersValue: ['a', null]}, {datesValue: ['abc']}, {datesValue: 'abc'}, {objectsValue: ['a']}, {partValue: 7}, {partValue: {c: {d: 1}}},
  {unknown: 1}, {'': 1}, ...[2, '1', 'x', null, 1.5].map(id => ({id})),
];

/** Each two of some properties in one record, where LoopBack may find fault with either. */
function* writesOfTwo({models}) {
  for (const model of models.slice(0, 3)) {
    for (const record of pairsOf(somePieces)) for (const [method, path] of waysToWrite(model)) yield send(method, path, JSON.stringify(record));
  }
}

/** Each value, and each two odd ones, in a list of records, where some may be refused and others not. */
function* writesOfLists({models}) {
  for (const {path, properties} of models.slice(0, 3)) {
    const post = records => send('POST', path, JSON.stringify(records));
    for (const [name, property] of Object.entries({...properties, id: 'number', unknown: 'any'})) {
      for (const value of valuesOf(typeName(property))) {
        const [odd, sound] = [{stringValue: 'a', [name]: value}, {stringValue: 'b'}];
        yield* [[odd], [odd, sound], [sound, odd], [odd, odd]].map(post);
      }
    }
    for (const one of somePieces) for (const other of somePieces) yield post([one, other]);
  }
}

const definitionOf = (files, name) => Object.values(files).find(file => file.name === name && file.properties);

/** Each condition on the records of the lists that relations lead to, with the path of the list. */
function* conditionsOnRelated({models, files}) {
  for (const {path, relations} of models) {
    for (const {name, relation} of relations.filter(({many, kind}) => many && !/^(embeds|references)Many$/.test(kind))) {
      for (const [property, type] of Object.entries({...definitionOf(files, relation.model).properties, id: 'number'})) {
        for (const where of conditionsOn(property, typeName(type))) yield [`${path}/1/${name}`, where];
      }
    }
  }
}

/** Not of lists that the owner keeps, where LoopBack leaves each slip without an answer. */
function* readsOfRelated(app) {
  for (const [path, where] of conditionsOnRelated(app)) yield get(path + jsonQuery('filter', {where}));
}

function* countsOfRelated(app) {
  for (const [path, where] of conditionsOnRelated(app)) yield get(`${path}/count${jsonQuery('where', where)}`);
}

/** Each value, pattern and regexp on the records that an owner keeps. */
function* readsOfEmbedded({models, files}) {
  for (const {path, relations} of models) {
    for (const {name, relation} of relations.filter(({kind}) => kind === 'embedsMany')) {
      const list = `${path}/1/${name}`;
      for (const property of Object.keys(definitionOf(files, relation.model).properties)) {
        const kept = ['a', 'Alpha', '', '10', 'true', null].map(value => send('POST', list, JSON.stringify({[property]: value})));
        const clauses = [...valuesOf('string'), ...patterns.map(like => ({like})), ...regexps.map(regexp => ({regexp})), {between: null}];
        for (const clause of clauses) yield {...get(list + jsonQuery('filter', {where: {[property]: clause}})), kept};
      }
    }
  }
}

/** Each way to write a record that holds an odd value. */
function* writesOnOdd({models}) {
  for (const model of models.slice(0, 3)) {
    for (const [name, property] of Object.entries({...model.properties, unknown: 'any'})) {
      for (const value of valuesOf(typeName(property))) {
        for (const [method, path] of waysToWrite(model)) {
          for (const body of [{numberValue: 2}, {id: 1, stringValue: 'a', numberValue: 2}]) {
            const odd = send('PUT', `${model.path}/1`, JSON.stringify({stringValue: 'b', numberValue: 1, [name]: value}));
            yield {...send(method, path, JSON.stringify(body)), kept: [odd]};
          }
        }
      }
    }
  }
}

/** The properties of a model by which its relations find others. */
function keysOf({relations}) {
  return relations.flatMap(({name, relation: {type, polymorphic, foreignKey}}) => {
    if (type === 'belongsTo') return polymorphic ? [`${name}Id`, `${name}Type`] : [`${name}Id`];
    return type === 'referencesMany' ? [foreignKey] : [];
  });
}

/** The relations of a model, and those that lead to it, each with the path of the model that has it. */
function relationsAbout(model, models) {
  const isAbout = ({relation}) => relation.polymorphic || [relation.model, relation.through].includes(model.name);
  return models.flatMap(({name, path, relations}) => relations.filter(relation => name === model.name || isAbout(relation)).map(relation => ({path, ...relation})));
}

/** Each relation from both its ends, where an odd key ties two records. */
function* readsOfOddKeys({models}) {
  for (const model of models) {
    const about = relationsAbout(model, models);
    for (const key of keysOf(model)) {
      for (const value of oddities) {
        const kept = [send('PATCH', `${model.path}/1`, JSON.stringify({[key]: value}))];
        for (const {path, name, many} of about) {
          const paths = [`${path}/1/${name}`, path + jsonQuery('filter', {include: name}), `${path}/1${jsonQuery('filter', {include: name})}`, ...(many ? [`${path}/1/${name}/count`, `${path}/1/${name}/1`] : [])];
          yield* paths.map(way => ({...get(way), kept}));
        }
      }
    }
  }
}

/** Each way to write through a relation. */
function waysToRelate(model, {name, many}) {
  const base = `${model.path}/1/${name}`;
  return many ? [['POST', base], ['PUT', `${base}/1`], ['PUT', `${base}/2`]] : [['POST', base], ['PUT', base]];
}

const twice = [[2, 2], [2, 2, 2], [1, 2, 2], ['1', 1], [1, '2'], [77], [1, 77, 2], ['x', 1]];

/** Each way to write through a relation from both its ends, where an odd key ties two records, or a list names one twice. */
function* writesOnOddKeys({models}) {
  for (const model of models) {
    const about = relationsAbout(model, models);
    for (const key of keysOf(model)) {
      for (const value of [...oddities, ...(/Ids$/.test(key) ? twice : [])]) {
        for (const relation of about) {
          const base = `${relation.path}/1/${relation.name}`;
          const ways = [...waysToRelate(relation, relation), ...(relation.many ? [`${base}/1`, `${base}/2`, `${base}/rel/1`, `${base}/rel/2`] : [base]).map(path => ['DELETE', path]), ...(relation.many ? [['PUT', `${base}/rel/1`]] : [])];
          for (const [method, path] of ways) {
            const kept = [send('PATCH', `${model.path}/1`, JSON.stringify({[key]: value}))];
            yield {...(method === 'DELETE' ? {method, path} : send(method, path, '{}')), kept};
          }
        }
      }
    }
  }
}

function* relatedWrites({models, files}) {
  const tied = models.filter(({relations}) => relations.length);
  for (const model of tied) {
    for (const relation of model.relations) {
      const target = definitionOf(files, relation.relation.model ?? 'Author');
      const keys = Object.entries(target.relations ?? {}).filter(([, {type}]) => type === 'belongsTo').flatMap(([name]) => [`${name}Id`, `${name}Type`]);
      for (const name of [...Object.keys(target.properties), ...keys, 'id', 'unknown']) {
        for (const value of oddities) for (const [method, path] of waysToRelate(model, relation)) yield send(method, path, JSON.stringify({[name]: value}));
      }
    }
  }
}

function* bodies({models}) {
  for (const model of models) {
    const ways = [...waysToWrite(model), ...model.relations.flatMap(relation => waysToRelate(model, relation))];
    for (const body of [...oddBodies, ...rareBodies]) for (const [method, path] of ways) yield send(method, path, body);
  }
}

function* ids({models}) {
  for (const model of models) {
    const body = JSON.stringify({[Object.keys(model.properties)[0]]: 'a'});
    for (const id of [...oddIds, ...rareIds, '1', '2', '77']) {
      const record = `${model.path}/${id}`;
      yield* ['', '/exists', '/nothing'].map(path => get(record + path));
      yield {method: 'HEAD', path: record};
      yield* [['PATCH', record], ['PUT', record], ['POST', `${record}/replace`]].map(([method, path]) => send(method, path, body));
      for (const {name, many} of model.relations) {
        yield* [get(`${record}/${name}`), send('POST', `${record}/${name}`, body)];
        if (!many) {
          yield* [send('PUT', `${record}/${name}`, body), {method: 'DELETE', path: `${record}/${name}`}];
          continue;
        }
        yield* [get(`${record}/${name}/count`), get(`${record}/${name}/1`), get(`${model.path}/1/${name}/${id}`)];
        for (const path of [`${record}/${name}/1`, `${model.path}/1/${name}/${id}`]) yield* [send('PUT', path, body), {method: 'DELETE', path}];
        for (const path of [`${record}/${name}/rel/1`, `${model.path}/1/${name}/rel/${id}`]) yield* ['PUT', 'HEAD', 'DELETE'].map(method => ({method, path}));
      }
      yield {method: 'DELETE', path: record};
    }
  }
}

/** Each id of a record that was replaced: LoopBack keeps another there where ids are texts. */
function* idsReplaced({models}) {
  const body = JSON.stringify({stringValue: 'a', numberValue: 1});
  for (const {path} of models.slice(1, 3)) {
    for (const id of [...oddIds, '1', '2']) {
      for (const [method, below] of [['GET', ''], ['HEAD', ''], ['GET', '/exists'], ['PATCH', ''], ['PUT', ''], ['POST', '/replace'], ['DELETE', '']]) {
        const kept = [send('PATCH', path, JSON.stringify({id: 1, stringValue: 'a', numberValue: 2})), send('PUT', `${path}/1`, body)];
        yield {method, path: `${path}/${id}${below}`, ...(/^P/.test(method) ? {body} : {}), kept};
      }
    }
  }
}

const scopes = [{}, {where: {id: {gt: 1}}}, {where: {id: 999}}, {limit: 1}, {order: 'id DESC'}, {fields: {id: true}}];

/** Each relation within each other, with and without a scope of the inner and of the outer one. */
function* includes({models}) {
  for (const model of models) {
    for (const outer of model.relations) {
      const target = models.find(({name}) => name === outer.relation.model);
      const ways = [outer.name, '', ['', outer.name], ...scopes.map(scope => ({relation: outer.name, scope}))];
      for (const inner of target?.relations ?? []) {
        ways.push({[outer.name]: inner.name}, {[outer.name]: [inner.name]});
        for (const scope of scopes) {
          ways.push({relation: outer.name, scope: {...scope, include: inner.name}}, {relation: outer.name, scope: {include: {relation: inner.name, scope}}});
          const last = models.find(({name}) => name === inner.relation.model);
          for (const deepest of last?.relations ?? []) ways.push({relation: outer.name, scope: {...scope, include: {[inner.name]: deepest.name}}});
        }
      }
      for (const include of ways) for (const path of ['', '/1', '/findOne']) yield get(model.path + path + jsonQuery('filter', {include}));
    }
  }
}

const parts = {reads, readsOfDrawn, readsOfOdd, readsOfOddKeys, writesOnOddKeys, readsOfTwoParts, readsOfTwoPartsRelated, readsOfRelated, countsOfRelated, readsOfEmbedded, includes, readsInBrackets, counts, filters, writes, writesOfTwo, writesOfLists, writesOnOdd, relatedWrites, bodies, ids, idsReplaced};

/** What `Requests` is to a chapter of differential.mjs, going on in the next where the last ended: before a request all that it
 * wants `kept`, once a chapter, but for that at which a chapter ended, since the two keep it differently. */
function sweepOf(part) {
  let at = 0;
  let keeping;  // What was sent last, to be kept.
  const keptOtherwise = new Set();
  return (random, app, counts) => {
    if (keeping) keptOtherwise.add(keeping.body);
    const items = part({...app, sample: app.models[0]});
    for (let skipped = 0; skipped < at; ++skipped) items.next();
    let item = items.next().value;
    let kept;
    const waiting = [];
    const nextItem = () => {
      if (item?.kept && item.kept !== kept) waiting.push(...item.kept.filter(({body}) => !keptOtherwise.has(body)));
      kept = item?.kept;
      keeping = waiting.shift();
      if (keeping) return keeping;
      const sent = item;
      ++at;
      item = items.next().value;
      return sent;
    };
    const relations = app.models.flatMap(({path, relations}) => relations.map(({name, kind}) => ({isOf: new RegExp(`^${path}/[^/]+/${name}(/|$|[?])`), kind})));
    const drawn = new Requests(random, app, counts);
    return {
      seeds: () => drawn.seeds(),
      next() {
        const value = nextItem();
        return value && {...value, kind: relations.find(({isOf}) => isOf.test(value.path))?.kind};
      },
    };
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const valuesOfOption = option => process.argv.filter((_, index, all) => all[index - 1] === option);
  const chosen = valuesOfOption('--part');
  const [seed = 1] = valuesOfOption('--seed').map(Number);
  for (const name of chosen.length ? chosen : Object.keys(parts)) {
    const began = Date.now();
    const result = await run({seed, requests: Infinity, keepGoing: true, requestsOf: sweepOf(parts[name])});
    console.log(`${name}: ${result.sent} requests, ${result.met} exceptions, ${result.differences.length} kinds of difference, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    for (const [shape, count] of [...result.shapes].sort((a, b) => b[1] - a[1])) console.log(count, shape);
    if (result.differences.length) process.exitCode = 1;
  }
}
