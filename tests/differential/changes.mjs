// Changes by a condition: what they select, and what changes leave behind.
import {isAnswer, listOf, textOf} from './answers.mjs';
import {askedOf} from './asked.mjs';
import {isOddId} from './exceptions.mjs';

const route = ({path}) => path.split('?')[0];

/** The request for what a change by a condition is about to change; undefined where `request` is none. */
export function selectionOf(request, model) {
  const isByCondition = request.method === 'POST' && Boolean(model) && [`${model.path}/update`, `${model.path}/upsertWithWhere`].includes(route(request));
  const asked = isByCondition ? askedOf(request) : undefined;
  if (!asked) return undefined;
  const [path, value] = model.definition.scope?.limit ? ['/count?where=', asked.value] : ['?filter=', {where: asked.value}];  // A list would be cut.
  return {method: 'GET', path: model.path + path + encodeURIComponent(JSON.stringify(value))};
}

/** Whether two lists hold the same records in another order, or a part that depends on it. */
export function holdTheSame({model, theirs, ours}) {
  const [left, right] = [theirs, ours].map(listOf);
  return Boolean(left && right) && (Boolean(model.definition.scope?.limit) || JSON.stringify(left.map(textOf).sort()) === JSON.stringify(right.map(textOf).sort()));
}

export const isChangeOfMany = ({request, model, theirs}) => request.method === 'POST' && route(request) === `${model?.path}/update` && theirs.status === 200;

const isChangeOfOddId = found => found.request.method !== 'GET' && isAnswer(found.theirs) && isOddId(found);

const isOfReferences = (found, method) => found.request.kind === 'referencesMany' && found.request.method === method;

/** The model whose records a change that both answered alike may have left otherwise; undefined for other changes. */
export function leavesMore(found, models) {
  if (!found.model) return undefined;
  if (isChangeOfMany(found) || isChangeOfOddId(found) || (isOfReferences(found, 'DELETE') && isAnswer(found.theirs))) return found.model;
  return isOfReferences(found, 'POST') && found.theirs.status === 422 ? models.find(({name}) => name === 'Label') : undefined;
}
