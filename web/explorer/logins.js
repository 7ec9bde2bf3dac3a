// Who can log in, as the document says.

// The models whose accounts can: [{model, requestCode, loginWithCode, login, logout}], each a path or undefined.
export function loginsOf(document) {
  const root = document.servers[0].url.replace(/\/$/, '');
  const models = new Map();
  for (const [path, operations] of Object.entries(document.paths)) {
    const [, model, method] = /^(\w+)\.(requestCode|loginWithCode|login|logout)$/.exec(operations.post?.operationId ?? '') ?? [];
    if (!model) continue;
    if (!models.has(model)) models.set(model, {model});
    models.get(model)[method] = root + path;
  }
  return [...models.values()]
    .filter(({login, requestCode, loginWithCode}) => login || (requestCode && loginWithCode));
}

export const hasTwoDoors = ({requestCode, loginWithCode}) => Boolean(requestCode && loginWithCode);
