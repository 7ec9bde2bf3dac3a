// Sends the same generated requests to LoopBack 3.28 and to Sallyport and compares the answers.
// usage: node differential.mjs [--seed N] [--requests N] [--keep-going] [--exceptions] [--look CHAPTER]
// --look: all records after every change of a chapter, to find the one after which they differ.
import {fileURLToPath} from 'node:url';
import {jsonQuery, queryTextOf, routeOf, withoutOne} from './asked.mjs';
import {holdTheSame, leavesMore, selectionOf} from './changes.mjs';
import {difference} from './compare.mjs';
import {Counts} from './counts.mjs';
import {exceptions} from './exceptions.mjs';
import {makeApp} from './models.mjs';
import {LoopBack, startPair} from './pair.mjs';
import {exceptionFor} from './proofs.mjs';
import {randomOf} from './random.mjs';
import {Requests} from './requests.mjs';

const chapterLength = 1000;  // Requests to one app before the next is made.
const checkEvery = 250;      // Requests between two looks at all records.
const largestShare = 0.02;   // Of requests that may meet an exception.
const mostExceptions = 40;
const fullRun = 20000;       // Requests from which on everything must have been met often enough.
const mostChapters = requests => 2 + requests / 100;  // Where states part early, the run must end all the same.

function jsonOf(encoded) {
  try {
    return JSON.parse(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}

/** A smaller filter or where that still differs, by leaving out a part at a time. */
async function shrunk(pair, request, looksAlike) {
  const found = /^(.*[?]\w+=)(%7B.*)$/.exec(request.path);
  if (request.method !== 'GET' || !found) return request;
  let best = jsonOf(found[2]);
  if (best === undefined) return request;
  const requestOf = value => ({...request, path: found[1] + encodeURIComponent(JSON.stringify(value))});
  const isDifferent = async smaller => {
    const request = requestOf(smaller);
    return looksAlike(request, await pair.send(request));
  };
  for (let progress = true; progress;) {
    progress = false;
    for (const smaller of withoutOne(best)) {
      if (!(await isDifferent(smaller))) continue;
      best = smaller;
      progress = true;
      break;
    }
  }
  return requestOf(best);
}

const wholeOf = ({path}) => ({method: 'GET', path: path + jsonQuery('filter', {where: {}})});
const percent = share => `${(share * 100).toFixed(2)} %`;
const cut = text => (text.length > 700 ? `${text.slice(0, 700)}...` : text);

/** One answer of many records: those alone that the other does not have. */
function told(answer, other) {
  try {
    const [mine, others] = [JSON.parse(answer.text), JSON.parse(other.text)];
    if (!Array.isArray(mine) || !Array.isArray(others)) return cut(answer.text);
    const known = new Set(others.map(item => JSON.stringify(item)));
    const alone = mine.filter(item => !known.has(JSON.stringify(item)));
    return `${mine.length} records, ids ${JSON.stringify(mine.map(item => item?.id))}, of them only here: ${cut(JSON.stringify(alone))}`;
  } catch {
    return cut(answer.text);
  }
}

function describe({request, theirs, ours, place, seed, chapter}) {
  return [
    `differs at ${place} (seed ${seed}, chapter ${chapter})`,
    `  ${request.method} ${decodeURIComponent(request.path.replace(/%(?![0-9a-fA-F]{2})/g, '%25'))}`,
    ...(request.body === undefined ? [] : [`  body       ${request.body}`]),
    `  LoopBack   ${theirs.status} ${told(theirs, ours)}`,
    `  Sallyport  ${ours.status} ${told(ours, theirs)}`,
    ...(place.startsWith('header') ? [`  ${theirs.headers[place.slice(7)]} | ${ours.headers[place.slice(7)]}`] : []),
  ].join('\n');
}

const shapeOf = ({request, theirs, ours, place}) => {
  const route = routeOf(request).replace(/\/(?=[^A-Za-z]|abc|null|undef|NaN|Inf|true|a%)[^/]*/g, '/:id').replace(/Odder|odder|Odds?|odd-list|Samples/g, 'Sample');
  const message = text => /"message":"([^"]{0,60})/.exec(text)?.[1].replace(/\d+/g, '0') ?? '';
  return `${request.method} ${route} ${place.replace(/\d+/g, '0')} ${theirs.status} ${ours.status} ${message(theirs.text)} ${message(ours.text)}`;
};

/** Runs `requests` requests of a seed, or those that `requestsOf(random, app, counts)` has for each chapter, until it has none. */
export async function run(options) {
  const loopBack = new LoopBack();
  try {
    return await runBeside(loopBack, options);
  } finally {
    loopBack.stop();
  }
}

async function runBeside(loopBack, {seed, requests, keepGoing = false, tellExceptions = false, look = -1, report = console.log, requestsOf = (random, app, counts) => new Requests(random, app, counts)}) {
  const counts = new Counts();
  const known = exceptions();
  const result = {sent: 0, met: 0, differences: [], known, counts};
  const shapes = new Map();

  let models = [];
  let hasParted = false;  // Whether the two hold different records from here on.
  const modelOf = ({path}) => models.find(model => path === model.path || /^[/?]/.test(path.slice(model.path.length)) && path.startsWith(model.path));

  const foundBy = (request, {loopback: theirs, sallyport: ours}) => ({request, theirs, ours, place: difference(theirs, ours), query: queryTextOf(request), model: modelOf(request)});
  const reasonFor = (pair, found) => exceptionFor(known, found, asked => pair.send(asked));

  // Both answer a change of many with a count, and some others alike: what it left behind shows at once where LoopBack keeps
  // what was sent, or finds nothing to change.
  async function leavesTheSame(pair, change, model) {
    const look = wholeOf(model);
    const seen = foundBy(look, await pair.send(look));
    const found = {...change, ...seen, request: change.request};
    const isSame = !found.place || holdTheSame(found);
    const hidden = known.find(({hides}) => isSame && hides?.(change));
    // What stood there before may have a reason of its own.
    const left = isSame ? undefined : known.find(({leaves}) => leaves?.(found)) ?? change.selects ?? (await reasonFor(pair, seen));
    const exception = hidden ?? left;
    if (!exception) return isSame || tell(pair, found);
    meet(exception, isSame ? {...found, place: 'what it hides'} : found);
    hasParted = true;
    return false;
  }

  function meet(exception, found) {
    ++exception.hits;
    ++result.met;
    if (tellExceptions) report(`exception: ${exception.name}\n${describe(found)}`);
  }

  // What LoopBack holds otherwise than it shows, no look at the records tells, and conditions find or refusals name.
  async function holdsAsShown(pair, change) {
    const held = await pair.held();
    if (held.length === 0) return true;
    meet(known.find(({holds}) => holds), {...change, place: `what it holds of ${held}`});
    hasParted = true;
    return false;
  }

  /** The exception for which a change by a condition selects other records; undefined where it selects the same. */
  async function selects(pair, request) {
    const selection = selectionOf(request, modelOf(request));
    const found = selection && foundBy(selection, await pair.send(selection));
    return found?.place && !holdTheSame(found) ? reasonFor(pair, found) : undefined;
  }

  async function one(pair, request, chapter) {
    const selected = await selects(pair, request);  // Asked before the change is made.
    const found = {...foundBy(request, await pair.send(request)), selects: selected, seed, chapter};
    const {theirs, ours} = found;
    ++result.sent;
    const isChange = request.method !== 'GET';
    if (!found.place) {
      const left = leavesMore(found, models);
      if (left && !(await leavesTheSame(pair, found, left))) return false;
      return !isChange || holdsAsShown(pair, found);
    }
    const exception = (await reasonFor(pair, found)) ?? found.selects;
    if (exception) {
      meet(exception, found);
      // A look at all records does not show what a model's own scope hides.
      const mayHide = isChange && found.model?.definition.scope && [theirs, ours].some(({status}) => status < 300);
      hasParted ||= Boolean(exception.parts || mayHide || exception === found.selects || (isChange && (await pair.held()).length));
      return false;
    }
    return tell(pair, found);
  }

  // A kind of difference is told once, with the smallest request that shows it.
  async function tell(pair, found) {
    const {request} = found;
    const shape = shapeOf(found);
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    if (shapes.get(shape) > 1) return false;
    result.differences.push(found);
    const kindOf = ({place, theirs: left, ours: right}) => `${(place ?? '').replace(/\d+/g, '')} ${left.status} ${right.status}`;
    const smallest = await shrunk(pair, request, async (smaller, answers) => {
      const again = foundBy(smaller, answers);
      return kindOf(again) === kindOf(found) && !(await reasonFor(pair, again));
    });
    const again = request.method === 'GET' ? foundBy(smallest, await pair.send(smallest)) : {};  // A change is not made twice.
    report(describe({...found, ...again, place: found.place}));
    return false;
  }

  let hasEnded = false;
  for (let chapter = 0; !hasEnded && result.sent < requests && chapter < mostChapters(requests) && (keepGoing || result.differences.length === 0); ++chapter) {
    const random = randomOf(seed * 1000003 + chapter);
    const app = makeApp(random);
    models = app.models;
    hasParted = false;
    const pair = await startPair(app.files, loopBack);
    const whole = app.models.map(wholeOf);
    const areEqual = async () => {
      for (const request of whole) {
        const answers = await pair.send(request);
        if (difference(answers.loopback, answers.sallyport)) return false;
      }
      return true;
    };
    try {
      const generated = requestsOf(random, app, counts);
      const seeds = generated.seeds();
      let isOver = false;
      for (let at = 0; !isOver && at < chapterLength + seeds.length && result.sent < requests; ++at) {
        const request = seeds[at] ?? generated.next();
        if (!request) hasEnded = true;
        if (hasEnded) break;
        counts.request(request);
        const isEqual = await one(pair, request, chapter);
        if (!isEqual && !keepGoing && result.differences.length) break;
        if (chapter === look && isEqual && request.method !== 'GET' && !(await areEqual())) {
          report(`all records differ after ${request.method} ${request.path} ${request.body ?? ''}`);
          isOver = true;
        }
        // Records that differ for a known reason would differ in every later answer.
        if (!isEqual && (hasParted || request.method !== 'GET')) isOver = hasParted || !(await areEqual());
        if (isOver || at % checkEvery !== checkEvery - 1) continue;
        for (const all of whole) if (!(await one(pair, all, chapter))) isOver = true;
      }
    } finally {
      if (process.env.OUTPUT) report(pair.loopback.output.slice(0, 3000), pair.sallyport.output.slice(0, 3000));
      pair.stop();
    }
    result.chapters = chapter + 1;
  }
  result.shapes = shapes;
  result.share = result.met / result.sent;
  result.missing = [
    ...(result.share > largestShare ? [`${percent(result.share)} of the requests met an exception, at most ${percent(largestShare)} may`] : []),
    ...(known.length > mostExceptions ? [`${known.length} exceptions are listed, at most ${mostExceptions} may be`] : []),
    ...(requests >= fullRun ? counts.missing() : []),
  ];
  result.passed = result.differences.length === 0 && result.missing.length === 0;
  return result;
}

function summary({sent, met, share, counts, known, chapters, missing}) {
  return [
    `${sent} requests to ${chapters} apps, ${percent(counts.odd / counts.sent)} of them odd`,
    ...counts.lines(),
    `exceptions: ${met} requests, ${percent(share)}, at most ${percent(largestShare)}`,
    ...known.map(({name, reason, hits}) => `  ${String(hits).padStart(5)}  ${name}: ${reason}`),
    ...missing.map(text => `missing: ${text}`),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, otherwise) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? otherwise : Number(process.argv[at + 1]);
  };
  const began = Date.now();
  const result = await run({seed: option('--seed', 1), requests: option('--requests', 20000), keepGoing: process.argv.includes('--keep-going'), tellExceptions: process.argv.includes('--exceptions'), look: option('--look', -1)});
  console.log(summary(result));
  if (process.argv.includes('--keep-going')) for (const [shape, count] of [...result.shapes].sort((a, b) => b[1] - a[1])) console.log(count, shape);
  console.log(`${((Date.now() - began) / 1000).toFixed(0)} s; ${result.passed ? 'passed' : `FAILED: ${result.differences.length} kinds of difference, ${result.missing.length} requirements not met`}`);
  process.exitCode = result.passed ? 0 : 1;
}
