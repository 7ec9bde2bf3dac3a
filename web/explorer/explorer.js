// Reads the API's document once, for the login panel and for swagger-ui, and gives every call the session's token.

import {start} from './login.js';
import {loginsOf} from './logins.js';
import * as session from './session.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

// There is one place to sign in, above: swagger-ui's own buttons for it would be a second.
const withoutOwnLogin = () => ({wrapComponents: {authorizeBtn: () => () => null, authorizeOperationBtn: () => () => null}});

// The token is for this server alone.
function authorize(request) {
  const token = session.token();
  if (token && new URL(request.url, location.href).origin === location.origin) request.headers.Authorization = token;
  return request;
}

function showOperations(spec) {
  window.SwaggerUIBundle({
    spec,
    dom_id: '#swagger-ui',
    layout: 'BaseLayout',
    presets: [window.SwaggerUIBundle.presets.apis],
    plugins: [withoutOwnLogin],
    validatorUrl: null,
    docExpansion: spec.tags.length > 1 ? 'none' : 'list',
    defaultModelsExpandDepth: 0,
    requestInterceptor: authorize,
  });
}

async function read(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

try {
  const {url, openapi} = await read('config.json');
  document.getElementById('swagger-link').href = url;
  const spec = await read(openapi);
  document.title = `${spec.info.title} · API explorer`;
  start(loginsOf(spec));
  showOperations(spec);
} catch (error) {
  const place = document.getElementById('page-error');
  place.textContent = `The API’s description cannot be shown: ${error.message}.`;
  place.hidden = false;
}
