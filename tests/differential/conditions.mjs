// What a request asks for, as exceptions.mjs looks at it, and as LoopBack's memory connector takes it.
import {isRecord} from './answers.mjs';
import {askedOf, conditionsOf, routeOf, withConditions} from './asked.mjs';

export const filterOf = ({request}) => (askedOf(request)?.name === 'filter' ? askedOf(request).value : undefined);

/** Whether one of the conditions passes `test({name, operator, operand, isNamed})`. */
export const asksFor = ({request}, test) => conditionsOf(request).some(test);

export const isPoint = ({model}, name) => name === 'geopointValue' || model?.properties[name]?.type === 'geopoint';
export const isDate = name => /^(dateValue|printed|when)$/.test(name);
export const hasNoType = name => /^(arrayValue|anyValue|objectValue|unknown)$|\./.test(name);
/** Whether a count is of the rows of a model in between, which do not have what is asked of. */
const isOfRows = ({request}) => /^(through|hasAndBelongsToMany)$/.test(request.kind) && /\/count$/.test(routeOf(request));
export const isTakenAsSent = (found, name) => hasNoType(name) || isPoint(found, name) || found.request.kind === 'embedsMany' || isOfRows(found);
export const isPattern = operator => /^n?i?like$/.test(operator);

const changedWhere = (value, {request}, change) => withConditions({name: askedOf(request).name, value}, change);
const eachOperand = (clause, change) => Object.fromEntries(Object.entries(clause).map(([operator, operand]) => change(operator, operand)));

// Dates in lists and Buffers are objects to it, which are never the same as an operand.

const none = {bufferValue: 'held by no record', datesValue: '1801-01-01', dateValue: '1801-01-01', printed: '1801-01-01', when: '1801-01-01'};

function withoutMatch(name, clause) {
  const isOfObjects = /^(dates|buffer)Value$/.test(name);
  const other = value => (value === null ? null : none[name]);
  const isWhole = !isRecord(clause) || clause.type === 'Buffer';
  if (isWhole) return isOfObjects ? other(clause) : clause;
  return eachOperand(clause, (operator, operand) => {
    if (/^(inq|nin)$/.test(operator) && Array.isArray(operand)) return [operator, operand.map(other)];
    if (!isOfObjects) return [operator, operand];
    if (/^(eq|neq)$/.test(operator)) return [operator, other(operand)];
    return /^([gl]te?|between)$/.test(operator) && operand !== null ? ['eq', none[name]] : [operator, operand];
  });
}

const isBytes = value => isRecord(value) && value.type === 'Buffer';

/** Whether a condition asks of bytes, or of an object that tells some: LoopBack reads that as a Buffer. */
export const isOfBytes = ({name, operator, operand}) => name === 'bufferValue' || (operator === 'type' && operand === 'Buffer') || [operand].flat().some(isBytes);

function withoutBytes(clause) {
  if (isBytes(clause)) return {inq: [none.bufferValue]};
  if (!isRecord(clause)) return clause;
  return eachOperand(clause, (operator, operand) => {
    if (isBytes(operand) && /^n?eq$/.test(operator)) return [operator, none.bufferValue];
    if (isBytes(operand) && /^[gl]te$/.test(operator)) return [operator.slice(0, 2), operand];
    if (operator === 'between' && [operand].flat().some(isBytes)) return ['inq', [none.bufferValue]];
    return [operator, /^(inq|nin)$/.test(operator) && Array.isArray(operand) ? operand.filter(value => !isBytes(value)) : operand];
  });
}

/** As if no record had what is asked of them. */
export const withoutMatches = (value, found) => changedWhere(value, found, (name, clause) => (name in none ? withoutMatch(name, clause) : withoutBytes(clause)));

/** As if no list of dates were below or above anything: LoopBack compares texts, "Thu Jan 01 1970 ..." of dates, "1,2" of [[1], [2]]. */
export const withoutTextsOfDates = (value, found) => changedWhere(value, found, (name, clause) => {
  const isText = (operator, operand) => name === 'datesValue' && /^([gl]te?|between)$/.test(operator) && operand !== null;
  return isRecord(clause) ? eachOperand(clause, (operator, operand) => (isText(operator, operand) ? ['eq', none[name]] : [operator, operand])) : clause;
});

// All letters of a pattern but % and _ mean to it what they mean in a regexp; behind \ they are letters.

const lettersOfRegexp = /[.*+?^${}()|[\]\\]/;
const asLetters = pattern => pattern.split('').map(letter => (lettersOfRegexp.test(letter) ? `\\${letter}` : letter)).join('');
const asRegexp = pattern => asLetters(pattern).replace(/%/g, '.*').replace(/_/g, '.');  // What it takes for objects.
const isOfObjects = name => /^objects?Value$/.test(name);

export const hasPatternOfLetters = found => asksFor(found, ({name, operator, operand}) => isPattern(operator) && !isDate(name) && (lettersOfRegexp.test(operand) || (isOfObjects(name) && /[%_]/.test(operand))));

export const withLetters = (value, found) => changedWhere(value, found, (name, clause) => {
  const spelled = isOfObjects(name) ? asRegexp : asLetters;
  const isText = (operator, operand) => isPattern(operator) && !isDate(name) && typeof operand === 'string';  // A date is read before it is a pattern.
  return isRecord(clause) ? eachOperand(clause, (operator, operand) => [operator, isText(operator, operand) ? spelled(operand) : operand]) : clause;
});

/** `eq`, which it does not know, left out where no type makes it known; null, at which it throws in lists, as the one of a list. */
export const withBareOperands = (value, found) => changedWhere(value, found, (name, clause) => {
  if (!isRecord(clause) || !('eq' in clause) || !isTakenAsSent(found, name)) return clause;
  return clause.eq === null ? {inq: [null]} : clause.eq;
});

const isSentRegexp = (found, {name, operator, operand}) => operator === 'regexp' && isTakenAsSent(found, name) && typeof operand === 'string' && (operand === '' || operand.startsWith('/'));

/** Whether a regexp is asked of what has no type, with slashes, or empty. */
export const hasRegexpAsSent = found => asksFor(found, condition => isSentRegexp(found, condition));

/** Slashes as letters of the regexp, and one that is empty as none. */
export const withRegexpsAsSent = (value, found) => changedWhere(value, found, (name, clause) => {
  if (!isRecord(clause)) return clause;
  return eachOperand(clause, (operator, operand) => {
    if (!isSentRegexp(found, {name, operator, operand})) return [operator, operand];
    return operand === '' ? ['inq', []] : [operator, `[/]${operand.slice(1)}`];
  });
});
