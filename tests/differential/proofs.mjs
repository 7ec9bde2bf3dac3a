// A difference is what exceptions say it is when it is gone once both are asked for what they took the request for, and
// once what the exceptions say of the answers is left out. For requests that change nothing.
import {json} from './answers.mjs';
import {askedOtherwise} from './asked.mjs';
import {difference} from './compare.mjs';

/** The first of the exceptions that together explain `found`; undefined where they do not. */
export async function provenBy(exceptions, found, ask) {
  if (found.request.method !== 'GET') return undefined;
  const reasons = exceptions.filter(({applies}) => applies?.(found));
  if (reasons.length === 0) return undefined;
  const answerOf = async (side, server) => {
    const changes = reasons.filter(reason => reason[side]);
    if (changes.length === 0) return found[side];
    const request = changes.reduce((asked, reason) => askedOtherwise(asked, value => reason[side](value, found)), found.request);
    return (await ask(request))[server];
  };
  const answers = [await answerOf('theirs', 'loopback'), await answerOf('ours', 'sallyport')];
  const inTurn = [...reasons].sort((left, right) => Boolean(left.isLast) - Boolean(right.isLast));  // What orders records comes last.
  const bodies = inTurn.reduce((both, {ignores}) => (ignores ? ignores(both, found) : both), answers.map(json));
  const [theirs, ours] = answers.map((answer, at) => ({...answer, text: JSON.stringify(bodies[at]) ?? answer.text}));
  return difference(theirs, ours) ? undefined : reasons[0];
}
