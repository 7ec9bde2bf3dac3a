// An app folder of generated models, in JSON alone, and what the requests must know of it.
import {types} from './values.mjs';

const config = {
  compatibility: 'loopback3',
  restApiRoot: '/api',
  host: '127.0.0.1',
  port: 0,
  remoting: {context: false, rest: {handleErrors: false, normalizeHttpPath: false, xml: false}, json: {strict: false, limit: '100kb'}, urlencoded: {extended: true, limit: '100kb'}, cors: false},
};
const datasources = {db: {name: 'db', connector: 'memory'}, inside: {name: 'inside', connector: 'transient'}};
const middleware = {
  initial: {cors: {params: {origin: true, credentials: true, maxAge: 86400}}},
  routes: {'loopback#rest': {paths: ['${restApiRoot}']}},
  final: {'loopback#urlNotFound': {}},
  'final:after': {'strong-error-handler': {params: {debug: false, log: false}}},
};

const propertiesOf = () => Object.fromEntries(Object.entries(types).map(([name, type]) => [`${name}Value`, {type}]));
const plain = (name, properties, relations = {}, more = {}) => ({name, base: 'PersistedModel', properties, relations, ...more});

/** A model whose settings are drawn: what is required, default, hidden, strict, keyed by text. */
function oddSample(random, name) {
  const model = plain(name, propertiesOf());
  const {properties} = model;
  const draw = (share, action) => random.chance(share) && action();
  draw(0.5, () => (model.strict = random.pick([true, false, 'filter', 'validate', 'throw'])));
  draw(0.3, () => (properties.stringValue.required = true));
  draw(0.2, () => (properties.numberValue.required = true));
  draw(0.25, () => (properties.numberValue.default = random.pick([0, 7, 1.5])));
  draw(0.15, () => (properties.booleanValue.default = random.chance(0.5)));
  draw(0.15, () => (properties.stringsValue.default = ['x']));
  draw(0.1, () => (properties.dateValue.default = '2020-01-01T00:00:00.000Z'));
  draw(0.3, () => (model.hidden = [random.pick(['stringValue', 'anyValue', 'objectValue'])]));
  draw(0.2, () => (model.protected = ['numberValue']));
  draw(0.2, () => (model.replaceOnPUT = false));
  draw(0.2, () => (model.validateUpsert = random.chance(0.5)));
  draw(0.2, () => (model.strictDelete = true));
  draw(0.06, () => (model.persistUndefinedAsNull = true));
  draw(0.2, () => (model.scope = random.pick([{where: {booleanValue: true}}, {order: 'id DESC'}, {limit: 5}])));
  draw(0.2, () => (model.http = {path: `${name.toLowerCase()}-list`}));
  draw(0.2, () => (model.plural = `${name}Many`));
  draw(0.3, () => (model.scopes = {positive: {where: {numberValue: {gt: 0}}}, first: {order: 'id', limit: 2}}));
  const keyed = random.chance(0.4);
  if (keyed) Object.assign(model, {idInjection: false, forceId: false, properties: {id: {type: random.pick(['string', 'number']), id: true}, ...properties}});
  else draw(0.2, () => Object.assign(model, {forceId: false}));
  return model;
}

/** Models tied by every kind of relation; options are drawn. */
function tiedModels(random) {
  const maybe = (share, value) => (random.chance(share) ? value : {});
  return [
    plain('Author', {name: {type: 'string', required: random.chance(0.5)}, age: 'number', labelIds: ['number']}, {
      books: {type: 'hasMany', model: 'Book', ...maybe(0.3, {options: {nestRemoting: true}}), ...maybe(0.2, {properties: {name: 'writer'}})},
      oldBooks: {type: 'hasMany', model: 'Book', foreignKey: 'authorId', scope: {where: {pages: {gt: 100}}, order: 'title DESC'}},
      profile: {type: 'hasOne', model: 'Profile'},
      pictures: {type: 'hasMany', model: 'Picture', polymorphic: 'imageable'},
      portrait: {type: 'hasOne', model: 'Picture', polymorphic: {foreignKey: 'imageableId', discriminator: 'imageableType'}},
      address: {type: 'embedsOne', model: 'Address', property: 'home', ...maybe(0.3, {options: {validate: true, forceId: false}})},
      phones: {type: 'embedsMany', model: 'Phone', property: 'phoneList', ...maybe(0.3, {options: {validate: true, forceId: false}})},
      labels: {type: 'referencesMany', model: 'Label', foreignKey: 'labelIds'},
      clubs: {type: 'hasAndBelongsToMany', model: 'Club'},
    }),
    plain('Book', {title: {type: 'string', required: random.chance(0.5)}, pages: 'number', writer: 'string', printed: 'date'}, {
      author: {type: 'belongsTo', model: 'Author', ...maybe(0.3, {options: {nestRemoting: true}})},
      pictures: {type: 'hasMany', model: 'Picture', polymorphic: 'imageable'},
    }),
    plain('Profile', {text: 'string', stars: 'number'}, {author: {type: 'belongsTo', model: 'Author'}}),
    plain('Picture', {file: 'string', size: 'number'}, {imageable: {type: 'belongsTo', polymorphic: true}}),
    plain('Club', {name: 'string', seats: 'number'}, {authors: {type: 'hasAndBelongsToMany', model: 'Author'}}),
    plain('Label', {text: 'string', weight: 'number'}),
    plain('Physician', {name: {type: 'string', required: random.chance(0.3)}}, {
      patients: {type: 'hasMany', model: 'Patient', through: 'Appointment'},
      appointments: {type: 'hasMany', model: 'Appointment'},
    }),
    plain('Patient', {name: 'string', age: 'number'}, {physicians: {type: 'hasMany', model: 'Physician', through: 'Appointment'}}),
    plain('Appointment', {when: 'date', room: 'string'}, {physician: {type: 'belongsTo', model: 'Physician'}, patient: {type: 'belongsTo', model: 'Patient'}}),
    {name: 'Address', base: 'Model', properties: {street: {type: 'string', required: random.chance(0.3)}, number: 'number'}},
    {name: 'Phone', base: 'Model', properties: {id: {type: 'number', id: true}, kind: 'string', number: {type: 'string', required: random.chance(0.3)}}},
  ];
}

/** Kinds as counted; polymorphic and through are hasMany, hasOne or belongsTo in the JSON. */
function kindOf(relation) {
  if (relation.polymorphic) return 'polymorphic';
  return relation.through ? 'through' : relation.type;
}

const pluralOf = {Author: 'Authors', Book: 'Books', Profile: 'Profiles', Picture: 'Pictures', Club: 'Clubs', Label: 'Labels', Physician: 'Physicians', Patient: 'Patients', Appointment: 'Appointments', Sample: 'Samples', Odd: 'Odds', Odder: 'Odders'};

function described(model) {
  const path = model.http?.path ?? model.plural ?? pluralOf[model.name];
  const relations = Object.entries(model.relations).map(([name, relation]) => ({name, kind: kindOf(relation), many: !/belongsTo$|One$/.test(relation.type) || relation.type === 'hasAndBelongsToMany', relation}));
  return {name: model.name, path: `/api/${path}`, properties: model.properties, relations, scopes: Object.keys(model.scopes ?? {}), definition: model, count: 0};
}

/** {files: {path: JSON}, models: [...]} */
export function makeApp(random) {
  const all = [plain('Sample', propertiesOf()), oddSample(random, 'Odd'), oddSample(random, 'Odder'), ...tiedModels(random)];
  const modelConfig = {_meta: {sources: ['loopback/common/models', 'loopback/server/models', '../common/models', './models'], mixins: []}};
  const files = {'server/config.json': config, 'server/datasources.json': datasources, 'server/middleware.json': middleware, 'server/component-config.json': {}, 'server/model-config.json': modelConfig};
  for (const model of all) {
    const isInside = model.base === 'Model';
    modelConfig[model.name] = {dataSource: isInside ? 'inside' : 'db', public: !isInside};
    files[`common/models/${model.name.toLowerCase()}.json`] = model;
  }
  return {files, models: all.filter(({base}) => base === 'PersistedModel').map(described)};
}
