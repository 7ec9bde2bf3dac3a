// A difference is what exceptions say it is when it is gone once both are asked for what they took the request for, and
// once what the exceptions say of the answers is left out; or where what then is left is covered by another; or where it is
// gone without those parts of the request that exceptions explain when each is asked by itself. For requests that change
// nothing.
import {isAnswer, isCrash, isRecord, json, listOf, textOf} from './answers.mjs';
import {askedOf, askedOtherwise, partsOf, queryTextOf, withoutParts} from './asked.mjs';
import {difference, normalised} from './compare.mjs';

/** A findOne as the list that our answer is the first of; undefined where it is not. */
async function asList(found, ask) {
  const path = found.request.path.replace(/\/findOne(?=$|[?])/, '');
  const request = askedOtherwise({...found.request, path}, ({limit, ...filter}) => filter);
  const {loopback, sallyport} = await ask(request);
  const [first = null] = listOf(sallyport) ?? [];
  const isFirst = textOf(found.ours.status === 404 ? null : json(found.ours)) === textOf(first);
  return isFirst && difference(loopback, sallyport) ? {...found, request, theirs: loopback, ours: sallyport} : undefined;
}

/** The first of the exceptions that together explain `found`; undefined where they do not. */
export async function provenBy(exceptions, found, ask) {
  if (found.request.method !== 'GET') return undefined;
  if (/\/findOne($|[?])/.test(found.request.path) && isAnswer(found.ours)) {
    const whole = await asList(found, ask);
    return whole && provenBy(exceptions, whole, ask);
  }
  const reasons = exceptions.filter(({applies}) => applies?.(found));
  if (reasons.length === 0) return undefined;
  const changesOf = side => reasons.filter(reason => reason[side]);
  const askedBy = (side, request) => changesOf(side).reduce((asked, reason) => askedOtherwise(asked, value => reason[side](value, {...found, request: asked})), request);
  const askOtherwise = async request => ({loopback: (await ask(askedBy('theirs', request))).loopback, sallyport: (await ask(askedBy('ours', request))).sallyport});
  const answerOf = async (side, server) => (changesOf(side).length ? (await ask(askedBy(side, found.request)))[server] : found[side]);
  const answers = [await answerOf('theirs', 'loopback'), await answerOf('ours', 'sallyport')];
  const inTurn = [...reasons].sort((left, right) => Boolean(left.isLast) - Boolean(right.isLast));  // What orders records comes last.
  const bodies = inTurn.reduce((both, {ignores}) => (ignores ? ignores(both, found) : both), answers.map(json));
  const [theirs, ours] = answers.map((answer, at) => ({...answer, text: JSON.stringify(bodies[at]) ?? answer.text}));
  const place = difference(theirs, ours);
  if (!place) return reasons[0];
  for (const exception of exceptions) if (await exception.covers({...found, theirs, ours, place}, askOtherwise)) return reasons[0];
  return undefined;
}

/** The records of two answers, side by side; undefined where they are not as many records. */
function pairsOf(answers) {
  const [theirs, ours] = answers.map(answer => [normalised(json(answer))].flat());
  const pairs = theirs.map((record, at) => [record, ours[at]]);
  return theirs.length === ours.length && pairs.flat().every(isRecord) ? pairs : undefined;
}

/** The first of the exceptions that together explain each property in which the records of two answers differ. */
export function explainedBy(exceptions, found) {
  const answers = [found.theirs, found.ours];
  const pairs = answers.every(isAnswer) && found.place.startsWith('body') ? pairsOf(answers) : undefined;
  if (!pairs) return undefined;
  const reasons = pairs.flatMap(([theirs, ours]) => {
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].filter(name => textOf(theirs[name]) !== textOf(ours[name]));
    return names.map(name => exceptions.find(({explains}) => explains(name, theirs[name], ours[name], found)));
  });
  return reasons.every(Boolean) ? reasons[0] : undefined;
}

/** Where some records of a list that was sent are refused: what differs of each, as a request and answers of its own. */
function refusalsOf(found) {
  const [theirs, ours] = [found.theirs, found.ours].map(answer => (listOf(answer) ? [] : json(answer)?.error?.details));
  if (!Array.isArray(theirs) || !Array.isArray(ours)) return [];
  const sent = json({text: found.request.body});
  const answerOf = (answer, error) => (error ? {...answer, status: error.statusCode ?? 500, text: JSON.stringify({error})} : {...answer, status: 200, text: '{}'});
  const each = Array.from({length: Math.max(theirs.length, ours.length)}, (_, at) => {
    const request = Array.isArray(sent) ? {...found.request, body: JSON.stringify(sent[at])} : found.request;
    return {...found, request, theirs: answerOf(found.theirs, theirs[at]), ours: answerOf(found.ours, ours[at])};
  });
  return each.map(one => ({...one, place: difference(one.theirs, one.ours)})).filter(({place}) => place);
}

/** The first of the exceptions that explain the whole of `found`, alone or together; undefined where they do not. */
async function wholeFor(exceptions, found, ask) {
  for (const exception of exceptions) if (await exception.covers(found, ask)) return exception;
  return explainedBy(exceptions, found) ?? provenBy(exceptions, found, ask);
}

/** The exception for one of those parts of the request that differ by themselves, where both answer alike without them. */
async function explainedByParts(exceptions, found, ask) {
  const asked = askedOf(found.request);
  if (found.request.method !== 'GET' || !asked || isCrash(found.ours)) return undefined;
  const foundFor = async value => {
    const request = askedOtherwise(found.request, () => value);
    const {loopback: theirs, sallyport: ours} = await ask(request);
    return {...found, request, theirs, ours, place: difference(theirs, ours), query: queryTextOf(request)};
  };
  const reasonFor = async alone => alone.place && wholeFor(exceptions, alone, ask);
  const excepted = [];
  for (const part of partsOf(asked)) {
    const reason = await reasonFor(await foundFor(part));
    if (reason) excepted.push({part, reason});
  }
  if (excepted.length === 0) return undefined;
  const rest = await foundFor(withoutParts(asked, excepted.map(({part}) => part)));
  return !rest.place || (await reasonFor(rest)) ? excepted[0].reason : undefined;
}

/** The first of the exceptions that explain `found`, as a whole or by its parts; undefined where they do not. */
export async function exceptionFor(exceptions, found, ask) {
  const whole = (await wholeFor(exceptions, found, ask)) ?? (await explainedByParts(exceptions, found, ask));
  if (whole) return whole;
  const reasons = [];
  for (const refusal of refusalsOf(found)) reasons.push(await exceptionFor(exceptions, refusal, ask));
  return reasons.every(Boolean) ? reasons[0] : undefined;
}
