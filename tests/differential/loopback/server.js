// LoopBack 3 on app folders, one after another: each line of the input names one, which the app before it makes way for.
// usage: node server.js
'use strict';
const readline = require('readline');
const loopback = require('loopback');
const boot = require('loopback-boot');

const asJson = value => JSON.parse(JSON.stringify(value));

/** Where the memory connector holds a record otherwise than LoopBack shows it, as "Model.key.property". */
function heldOtherwise({connector}) {
  const places = [];
  for (const [name, records] of Object.entries(connector.cache)) {
    const Model = connector._models[name].model;
    for (const [key, text] of Object.entries(records)) {
      try {
        const [held, shown] = [JSON.parse(text), asJson(new Model(connector.fromDb(name, text), {applySetters: false, persisted: true}).toObject(false, false, false))];
        const names = Object.keys({...held, ...shown}).filter(property => JSON.stringify(held[property]) !== JSON.stringify(shown[property]));
        places.push(...names.map(property => `${name}.${key}.${property}`));
      } catch {
        places.push(`${name}.${key}.*`);  // It cannot be shown.
      }
    }
  }
  return places;
}

const ownOfObjects = Reflect.ownKeys(Object.prototype).length;
let server;

readline.createInterface({input: process.stdin}).on('line', folder => {
  if (Reflect.ownKeys(Object.prototype).length !== ownOfObjects) process.exit(1);  // A request changed what the next app would be made of.
  if (server) {
    server.close();
    server.closeAllConnections();
  }
  const app = loopback({localRegistry: true, loadBuiltinModels: true});
  app.set('env', 'production');
  boot(app, {appRootDir: folder + '/server', env: 'production'}, error => {
    if (error) throw error;
    app.get('/held', (request, response) => response.json(heldOtherwise(app.dataSources.db)));
    server = app.listen(0, '127.0.0.1', () => console.log('Web server listening at: http://127.0.0.1:' + server.address().port));
    server.keepAliveTimeout = 60000;
  });
});
// What LoopBack throws outside of a request would end it; the request then has no answer, which is reported.
process.on('uncaughtException', error => console.error(error.stack));
