// What a run has met: relations by kind, operators by type, odd requests; and what it must have met.
import {operators} from './filters.mjs';
import {types} from './values.mjs';

const fewestOfRelation = 200;
const smallestOddShare = 0.3;
const kinds = ['belongsTo', 'embedsMany', 'embedsOne', 'hasAndBelongsToMany', 'hasMany', 'hasOne', 'polymorphic', 'referencesMany', 'through'];
const words = ['and', 'or', 'nor'];

const add = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);

export class Counts {
  relations = new Map();
  cells = new Map();
  sent = 0;
  odd = 0;
  drawn = [];  // By the request that is being made; counted once it is sent.

  relation(kind) {
    this.drawn.push([this.relations, kind]);
  }

  cell(operator, type) {
    this.drawn.push([this.cells, `${operator} ${type}`]);
  }

  drop() {
    this.drawn = [];
  }

  request({isOdd = false}) {
    for (const [counts, key] of this.drawn) add(counts, key);
    this.drop();
    ++this.sent;
    if (isOdd) ++this.odd;
  }

  /** The first of `candidates` that a type has not met; undefined if it has met all. */
  unmet(candidates, type) {
    return candidates.find(operator => !this.cells.has(`${operator} ${type}`));
  }

  /** Whether fewer requests were odd than must be. */
  lacksOdd() {
    return this.odd < this.sent * (smallestOddShare + 0.005);
  }

  /** What a full run should have met and did not, a line each. */
  missing() {
    const cells = [...words.map(word => `${word} all`), ...operators.flatMap(operator => Object.keys(types).map(type => `${operator} ${type}`))];
    return [
      ...kinds.filter(kind => (this.relations.get(kind) ?? 0) < fewestOfRelation).map(kind => `the relation ${kind} was met ${this.relations.get(kind) ?? 0} times, fewer than ${fewestOfRelation}`),
      ...cells.filter(cell => !this.cells.has(cell)).map(cell => `no filter had the operator and type ${cell}`),
      ...(this.odd < this.sent * smallestOddShare ? [`${this.odd} of ${this.sent} requests were odd, fewer than ${smallestOddShare * 100} %`] : []),
    ];
  }

  lines() {
    const byOperator = new Map();
    for (const [cell, count] of this.cells) {
      const [operator, type] = cell.split(' ');
      byOperator.set(operator, [...(byOperator.get(operator) ?? []), `${type} ${count}`]);
    }
    return [
      'relations:',
      ...[...this.relations].sort().map(([kind, count]) => `  ${kind} ${count}`),
      'operators by type:',
      ...[...byOperator].sort().map(([operator, cells]) => `  ${operator.padEnd(8)} ${cells.sort().join(', ')}`),
    ];
  }
}
