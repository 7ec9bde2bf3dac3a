// Changes by a condition: what they select, and what changes leave behind.
import {isAnswer, listOf, textOfAll} from './answers.mjs';
import {askedOf, jsonQuery, routeOf, sendsList} from './asked.mjs';
import {isOddId} from './exceptions.mjs';

/** The request for what a change by a condition is about to change; undefined where `request` is none. */
export function selectionOf(request, model) {
  const isByCondition = request.method === 'POST' && Boolean(model) && [`${model.path}/update`, `${model.path}/upsertWithWhere`].includes(routeOf(request));
  const asked = isByCondition ? askedOf(request) : undefined;
  if (!asked) return undefined;
  const isCut = Boolean(model.definition.scope?.limit);  // Then a list would not show all.
  return {method: 'GET', path: model.path + (isCut ? `/count${jsonQuery('where', asked.value)}` : jsonQuery('filter', {where: asked.value}))};
}

/** Whether two lists hold the same records in another order, or a part that depends on it. */
export function holdTheSame({model, theirs, ours}) {
  const [left, right] = [theirs, ours].map(listOf);
  return Boolean(left && right) && (Boolean(model.definition.scope?.limit) || textOfAll(left) === textOfAll(right));
}

const isChangeOfMany = ({request, model, theirs}) => request.method === 'POST' && routeOf(request) === `${model?.path}/update` && theirs.status === 200;

const isChangeOfOddId = found => found.request.method !== 'GET' && isAnswer(found.theirs) && isOddId(found);

// Of the records that it does make neither answer tells.
const isListRefusedInPart = ({request, theirs}) => sendsList(request) && theirs.status === 500;

/** The model whose records a change that both answered alike may have left otherwise; undefined for other changes. */
export function leavesMore(found, models) {
  if (!found.model) return undefined;
  const {request: {kind, method}, theirs} = found;
  const isOfReferences = kind === 'referencesMany';
  if (isChangeOfMany(found) || isListRefusedInPart(found) || isChangeOfOddId(found) || (isOfReferences && method === 'DELETE' && isAnswer(theirs))) return found.model;
  return isOfReferences && method === 'POST' && theirs.status === 422 ? models.find(({name}) => name === 'Label') : undefined;
}
