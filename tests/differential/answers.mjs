// What an answer is, to exceptions.mjs and proofs.mjs.
import {normalised} from './compare.mjs';

export const isCrash = ({status}) => status === 500 || status === 0;  // 0: LoopBack threw where nobody answers any more.
const findsNothing = ({status, text}) => status === 404 && text.includes('id \\"undefined\\"');  // findOne
export const isAnswer = answer => (answer.status >= 200 && answer.status < 300) || findsNothing(answer);
export const isRefusal = answer => answer.status >= 400 && answer.status < 500 && !findsNothing(answer);

export function json({text}) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const message = answer => String(json(answer)?.error?.message ?? '');
export const listOf = answer => (isAnswer(answer) && Array.isArray(json(answer)) ? json(answer) : undefined);
export const isEmpty = answer => isAnswer(answer) && ['[]', '{"count":0}'].includes(answer.text);

/** Whether both answers are the same but for what `parts` matches. */
export const sameBut = (parts, theirs, ours) => theirs.status === ours.status && theirs.text.replace(parts, '') === ours.text.replace(parts, '');

export const isRecord = value => value !== null && typeof value === 'object' && !Array.isArray(value);

/** A record as text, the same for records that are the same. */
export function textOf(record) {
  const sorted = value => (isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))) : value);
  return JSON.stringify(normalised(record), (_, value) => sorted(value));
}

/** Records as one text, the same for records that are the same in whatever order. */
export const textOfAll = records => JSON.stringify(records.map(textOf).sort());
