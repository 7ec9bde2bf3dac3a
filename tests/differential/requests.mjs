// Requests to an app that `makeApp` made: the methods of PersistedModel and of relations, a part of them odd.
import {brokenQuery, Filters, queryOf} from './filters.mjs';
import {goodValue, oddValue, types} from './values.mjs';

export const oddIds = ['abc', '0', '-1', '1.5', '99999', '1e0', '%201', 'null', 'undefined', '1abc', 'NaN', 'Infinity', '0x1', '01', '%20', '1%2F2', 'a%20b', '%00', '123456789012345678901234567890', 'count', '*'];
export const rareIds = ['%7B%22a%22%3A1%7D', 'constructor', '__proto__'];  // To these, too.
const oddKeys = [1.5, -1, '7', 1000, true];
export const oddBodies = ['', '[]', '{}', '1', '"text"', 'true', '[1]', '[{}]', '[null]', '[[]]', '{"id":null}', '{"id":"x"}', '{"id":1}', '[{"id":1},{"id":2}]', '{"unknown":1}', '{"unknown":{"a":[1]}}', '{"":1}', '{"$set":{"a":1}}', '\ufeff{}'];
export const rareBodies = ['{', '{"a":}', '{"__proto__":{"a":1}}', '{"constructor":{"a":1}}', '{"a.b":1}', 'null'];  // LoopBack answers with 500, or in words of Node.

/** The name in `types` of a property's type; "string" for another. */
export function typeName(property) {
  const type = property?.type ?? property;
  return Object.keys(types).find(name => JSON.stringify(types[name]) === JSON.stringify(type)) ?? 'string';
}

export class Requests {
  constructor(random, app, counts) {
    Object.assign(this, {random, models: app.models, counts, filters: new Filters(random, counts)});
    this.oddness = 0;
    this.hasOdd = false;
    this.relations = new Map();  // Of each kind, who has it.
    for (const model of app.models) for (const relation of model.relations) this.relations.set(relation.kind, [...(this.relations.get(relation.kind) ?? []), {model, relation}]);
  }

  isOdd(share = 1) {
    const isOdd = this.random.chance(this.oddness * share);
    this.hasOdd ||= isOdd;
    return isOdd;
  }

  id(count = 8) {
    if (this.isOdd(0.4)) return this.random.pick(this.random.chance(0.02) ? rareIds : oddIds);
    return String(1 + this.random.below(Math.max(3, count)));
  }

  /** A record of a model, some properties left out. */
  record(model, share = 0.7) {
    const {random} = this;
    const record = {};
    const keyed = model.definition.forceId === false;
    for (const [name, property] of Object.entries(model.properties)) {
      if (name === 'id' || !random.chance(share)) continue;
      record[name] = this.isOdd(0.15) ? oddValue(random, typeName(property)) : goodValue(random, typeName(property));
      if (name === 'labelIds') record[name] = random.some([1, 2, 3, 4], random.below(4));
    }
    // Without an id the memory connector takes its own count, which is not ours once clients chose ids.
    if (keyed || this.isOdd(0.1)) record.id = this.isOdd(0.1) ? random.pick(oddKeys) : 1 + random.below(30);
    if (this.isOdd(0.1)) record.unknown = oddValue(random);
    for (const {kind, relation, name} of model.relations) {
      if (relation.type !== 'belongsTo' || !random.chance(0.7)) continue;
      record[`${name}Id`] = this.isOdd(0.3) ? oddValue(random) : 1 + random.below(6);
      if (kind === 'polymorphic') record[`${name}Type`] = random.pick(this.isOdd(0.05) ? ['None', 1, null] : ['Author', 'Book']);
    }
    return record;
  }

  body(value) {
    return this.isOdd(0.25) ? this.random.pick(this.random.chance(0.05) ? rareBodies : oddBodies) : JSON.stringify(value);
  }

  query(name, make) {
    if (this.isOdd(0.25)) return brokenQuery(this.random, name);
    this.filters.isOdd = share => this.isOdd(share);
    return queryOf(this.random, name, make());
  }

  filter(model) {
    return this.query('filter', () => this.filters.filter(model));
  }

  where(model) {
    return this.query('where', () => this.filters.where(model));
  }

  reading(model) {
    const {random} = this;
    const get = (path, method = 'GET') => ({method, path: model.path + path});
    return random.weighted([
      [60, () => get(this.filter(model))],
      [6, () => get(`/findOne${this.filter(model)}`)],
      [8, () => get(`/count${this.where(model)}`)],
      [8, () => get(`/${this.id()}${random.chance(0.4) ? this.filter(model) : ''}`)],
      [3, () => get(`/${this.id()}/exists`)],
      [2, () => get(`/${this.id()}`, 'HEAD')],
      [2, () => get('')],
      [model.scopes.length ? 6 : 0, () => get(`/${random.pick(model.scopes)}${random.pick(['', '/count', this.filter(model)])}`)],
    ])();
  }

  writing(model) {
    const {random} = this;
    const send = (method, path, value) => ({method, path: model.path + path, body: this.body(value)});
    const whereOf = () => this.query('where', () => ({...this.filters.where(model), ...(random.chance(0.7) ? {id: 1 + random.below(10)} : {})}));
    const withId = value => (random.chance(0.6) ? {...value, id: [Number(this.id())].find(Number.isSafeInteger) || 1} : value);
    return random.weighted([
      [30, () => send('POST', '', random.chance(0.1) ? [this.record(model), this.record(model)] : this.record(model))],
      [15, () => send('PATCH', `/${this.id()}`, this.record(model, 0.2))],
      [6, () => send('PUT', `/${this.id()}`, this.record(model))],
      [4, () => send('POST', `/${this.id()}/replace`, this.record(model))],
      [6, () => send('PATCH', '', withId(this.record(model, 0.4)))],
      [5, () => send('PUT', '', withId(this.record(model)))],
      [3, () => send('POST', '/replaceOrCreate', withId(this.record(model)))],
      [5, () => send('POST', `/upsertWithWhere${whereOf()}`, this.record(model, 0.4))],
      [5, () => send('POST', `/update${whereOf()}`, this.record(model, 0.2))],
      [8, () => ({method: 'DELETE', path: `${model.path}/${this.id(20)}`})],
      [2, () => ({method: random.pick(['DELETE', 'PUT', 'POST', 'PATCH', 'OPTIONS']), path: model.path + random.pick(['', '/nothing', '/1/nothing', '/1/2/3', '/count', '/findOne'])})],
    ])();
  }

  /** A request to a relation, each kind as often as another. */
  related() {
    const {model, relation} = this.random.pick(this.random.pick([...this.relations.values()]));
    return {...this.relatedBy(model, relation), kind: relation.kind};
  }

  relatedBy(model, {name, kind, many, relation}) {
    const {random} = this;
    this.counts.relation(kind);
    const base = `${model.path}/${this.id(6)}/${name}`;
    const target = this.models.find(other => other.name === relation.model) ?? {name: relation.model, properties: this.embeddedProperties(relation.model), relations: [], definition: {}};
    const withFilter = path => path + (random.chance(0.4) ? this.filter(target) : '');
    const get = path => ({method: 'GET', path});
    const send = (method, path, value) => ({method, path, body: this.body(value)});
    if (!many) {
      // A second POST on a hasOne, and a change of what is not there or of its key, crash LoopBack.
      const isRare = relation.type === 'hasOne';
      const {authorId, imageableId, imageableType, ...unbound} = this.record(target, 0.3);
      return random.weighted([
        [6, () => get(withFilter(base))],
        [isRare ? 0.1 : 3, () => send('POST', base, this.record(target))],
        [isRare ? 0.25 : 2, () => send('PUT', base, isRare && random.chance(0.8) ? unbound : this.record(target, 0.3))],
        [isRare ? 0.05 : 1, () => ({method: 'DELETE', path: base})],
      ])();
    }
    const isLinked = ['through', 'hasAndBelongsToMany', 'referencesMany'].includes(kind);
    return random.weighted([
      [8, () => get(withFilter(base))],
      [/references|embeds/.test(kind) ? 0.2 : 2, () => get(`${base}/count${random.chance(0.5) ? this.where(target) : ''}`)],  // LoopBack counts records that are not of the list.
      [3, () => get(`${base}/${this.id()}`)],
      [5, () => send('POST', base, random.chance(0.05) ? [this.record(target), this.record(target)] : this.record(target))],
      [2, () => send('PUT', `${base}/${this.id()}`, this.record(target, 0.3))],
      [2, () => ({method: 'DELETE', path: `${base}/${this.id()}`})],
      [/references|embeds/.test(kind) ? 0 : 0.3, () => ({method: 'DELETE', path: base})],  // There LoopBack removes every record of the model.
      [isLinked ? 4 : 0.2, () => ({method: random.pick(['PUT', 'PUT', 'PUT', 'DELETE', 'HEAD']), path: `${base}/rel/${this.id()}`})],
      [0.5, () => get(`${base}/${this.id()}/${random.pick(['author', 'pictures', 'nothing'])}`)],
    ])();
  }

  embeddedProperties(name) {
    return name === 'Phone' ? {id: 'number', kind: 'string', number: 'string'} : {street: 'string', number: 'number'};
  }

  /** The records that a chapter begins with. */
  seeds() {
    const create = (model, value) => ({method: 'POST', path: model.path, body: JSON.stringify(value)});
    this.oddness = 0;
    return this.models.flatMap(model => Array.from({length: model.relations.length ? 4 : 8}, () => create(model, this.record(model, 0.85))));
  }

  next() {
    const {random} = this;
    this.oddness = random.chance(this.counts.lacksOdd() ? 0.75 : 0.3) ? 1 : 0;  // What a chapter begins with is not odd.
    for (;;) {
      this.hasOdd = false;
      this.counts.drop();
      const request = this.draw();
      if (this.oddness === 0 || this.hasOdd) return {...request, isOdd: this.hasOdd};
    }
  }

  draw() {
    const {random} = this;
    const tied = this.models.filter(({relations}) => relations.length);
    return random.weighted([
      [38, () => this.reading(random.chance(0.75) ? random.pick(this.models.slice(0, 3)) : random.pick(tied))],
      [27, () => this.writing(random.chance(0.6) ? random.pick(this.models.slice(0, 3)) : random.pick(tied))],
      [35, () => this.related()],
    ])();
  }
}
