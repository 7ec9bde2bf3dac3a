// Filters: every operator on every type, joined and nested; and broken ones.
import {jsonQuery} from './asked.mjs';
import {goodValue, oddValue, types} from './values.mjs';

export const operators = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'between', 'inq', 'nin', 'like', 'nlike', 'ilike', 'nilike', 'regexp', 'near'];
export const patterns = ['a', '%a%', 'a%', '_lpha', 'Alpha', '', '10', 'gamma ray', '0', '2', 'a_b', '%a', 'l%a'];
export const regexps = ['a', '^a', 'A', '/a/i', '/^ALPHA$/i', '[0-9]+', '.', '^$', '/t.ue/', 'a|b', '\\d+', '(al)(pha)'];
export const scalarOf = {strings: 'string', numbers: 'number', booleans: 'boolean', dates: 'date', objects: 'object', array: 'any'};
const plainTypes = {Number: 'number', String: 'string'};

function typeOf(property) {
  const type = property?.type ?? property;
  if (plainTypes[type]) return plainTypes[type];
  return Object.keys(types).find(name => JSON.stringify(types[name]) === JSON.stringify(type)) ?? 'any';
}

/** Makes filters and counts what they use; `isOdd(share)` says whether to make a part odd. */
export class Filters {
  constructor(random, counts) {
    Object.assign(this, {random, counts, isOdd: () => false});
  }

  operand(type) {
    const {random} = this;
    if (this.isOdd(0.7)) return oddValue(random, type);
    const scalar = scalarOf[type];
    return goodValue(random, scalar && random.chance(0.7) ? scalar : type);
  }

  // Where LoopBack's answer is known to be a fault, an operator is drawn less often: what it hits is an exception.
  operatorFor(type) {
    const {random} = this;
    const operator = random.pick(operators);
    const isRare = (operator === 'near') !== (type === 'geopoint') && operator === 'near' || /date/.test(type) && /inq|nin|like/.test(operator) || operator === 'regexp' && type !== 'string';
    return isRare && random.chance(0.96) ? random.pick(['eq', 'neq', 'gt', 'lte', 'between']) : operator;
  }

  clause(type) {
    const {random} = this;
    const oddsOfUnmet = type === 'dates' ? 0.8 : 0.5;  // Few conditions are on these.
    const operator = (random.chance(oddsOfUnmet) && this.counts.unmet(operators, type)) || this.operatorFor(type);
    this.counts.cell(operator, type);
    const operand = () => this.operand(type);
    const oddForm = /any|geopoint|object|array|part/.test(type) ? 0.06 : 1 / 2;  // LoopBack looks at the form where there is a type.
    switch (operator) {
      case 'eq':
        return random.chance(0.7) ? operand() : {eq: operand()};
      case 'between':
        return {between: this.isOdd(oddForm) ? random.pick([operand(), [operand()], [operand(), operand(), operand()]]) : [operand(), operand()]};
      case 'inq':
      case 'nin':
        return {[operator]: this.isOdd(oddForm) ? operand() : Array.from({length: random.below(4)}, operand)};
      case 'like':
      case 'nlike':
      case 'ilike':
      case 'nilike':
        return {[operator]: this.isOdd(oddForm) ? operand() : random.pick(patterns)};
      case 'regexp':
        return {regexp: this.isOdd(oddForm) ? operand() : random.pick(regexps)};
      case 'near':
        return {near: this.isOdd(0.2) ? operand() : goodValue(random, 'geopoint'), ...(random.chance(0.5) ? {maxDistance: random.pick([1, 10, 1000, 20000]), unit: random.pick(['miles', 'kilometers', 'meters'])} : {})};
      default:
        return {[operator]: operand()};
    }
  }

  name(model) {
    const {random} = this;
    return random.weighted([[85, this.property(model)], [5, 'id'], [4, 'unknown'], [3, 'objectValue.a'], [2, 'partValue.b'], [1, 'arrayValue.a']]);
  }

  // Lists of dates and Buffers are drawn less often: LoopBack finds nothing in them.
  property(model) {
    const names = Object.keys(model.properties);
    const name = this.random.pick(names);
    return (name === 'datesValue' && this.random.chance(0.85)) || (name === 'bufferValue' && this.random.chance(0.6)) ? this.random.pick(names) : name;
  }

  where(model, depth = 0) {
    const {random} = this;
    const where = {};
    for (let left = random.weighted([[70, 1], [22, 2], [8, 0]]); left > 0; --left) {
      if (depth < 3 && random.chance(0.15)) {
        const word = random.weighted([[50, 'and'], [50, 'or'], [this.counts.cells.has('nor all') ? 0.5 : 5, 'nor']]);
        this.counts.cell(word, 'all');
        where[word] = this.isOdd(1 / 3) ? oddValue(random) : Array.from({length: random.below(3) + 1}, () => this.where(model, depth + 1));
      } else {
        const name = this.name(model);
        where[name] = this.clause(typeOf(name === 'id' ? 'number' : model.properties[name]));
      }
    }
    return where;
  }

  order(model) {
    const {random} = this;
    // Scalars: JavaScript's order of anything else is none.
    const sortable = ['id', ...Object.entries(model.properties).filter(([, property]) => ['string', 'number', 'boolean', 'date'].includes(typeOf(property))).map(([name]) => name)];
    const term = () => random.pick(model.definition?.persistUndefinedAsNull ? ['id'] : sortable) + random.pick(['', ' ASC', ' DESC', ' desc', ' asc']);
    return random.chance(0.7) ? term() : [term(), term()];
  }

  fields(model) {
    const {random} = this;
    const names = random.some([...Object.keys(model.properties), 'id'], 1 + random.below(3));
    return random.pick([names, names[0], Object.fromEntries(names.map(name => [name, true])), Object.fromEntries(names.map(name => [name, false]))]);
  }

  include(model) {
    const {random} = this;
    if (model.relations.length === 0 || this.isOdd(0.04)) return random.pick(['nothing', ['nothing'], 1, null, {}, {relation: 1}]);
    const {name, kind} = random.pick(model.relations);
    this.counts.relation(kind);
    const scope = random.pick([{limit: 1}, {order: 'id DESC'}, {fields: ['id']}, {where: {id: {gt: 1}}}, ...(/polymorphic|through|hasAnd/.test(kind) ? [] : [{skip: 1}])]);
    return random.pick([name, name, [name], {relation: name}, {relation: name, scope}, {[name]: []}]);
  }

  /** A filter for a list of `model`. */
  filter(model) {
    const {random} = this;
    const filter = {};
    const part = (share, name, make) => {
      if (random.chance(share)) filter[name] = this.isOdd({include: 0.03, where: 0.15}[name] ?? 1 / 3) ? oddValue(random) : make();
    };
    part(0.8, 'where', () => this.where(model));
    part(0.2, 'order', () => this.order(model));
    part(0.15, 'fields', () => this.fields(model));
    part(0.15, 'limit', () => random.pick([1, 2, 5, '3', 100]));
    part(0.1, random.pick(['skip', 'offset']), () => random.pick([0, 1, 3, '2']));
    part(model.relations.length ? 0.3 : 0.01, 'include', () => this.include(model));
    return filter;
  }
}

const bracketed = (name, value) => {
  if (value === null || typeof value !== 'object') return [`${name}=${encodeURIComponent(String(value))}`];
  return Object.entries(value).flatMap(([key, item]) => bracketed(`${name}[${encodeURIComponent(key)}]`, item));
};

const broken = ['{', '[]', '1', 'abc', '', '"a"', 'null', 'true', '{"where":}', '{"where":{"a":1}', "{'where':{}}", '[1]', '{"a":1}'];

/** `?name=...` of what is no filter. */
export const brokenQuery = (random, name) => `?${name}=${encodeURIComponent(random.pick(broken))}`;

/** `?name[...]=...` for a value, in brackets. */
export const bracketQuery = (name, value) => `?${bracketed(name, value).join('&')}`;

/** `?name=...` for a value, as JSON or in brackets. */
export const queryOf = (random, name, value) => (random.chance(0.15) ? bracketQuery : jsonQuery)(name, value);
