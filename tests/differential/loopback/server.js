// LoopBack 3 on app folders, one after another: each line of the input names one, which the app before it makes way for.
// usage: node server.js
'use strict';
const readline = require('readline');
const loopback = require('loopback');
const boot = require('loopback-boot');

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
    server = app.listen(0, '127.0.0.1', () => console.log('Web server listening at: http://127.0.0.1:' + server.address().port));
    server.keepAliveTimeout = 60000;
  });
});
// What LoopBack throws outside of a request would end it; the request then has no answer, which is reported.
process.on('uncaughtException', error => console.error(error.stack));
