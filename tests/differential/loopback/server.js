// LoopBack 3 on an app folder. usage: node server.js FOLDER
'use strict';
const loopback = require('loopback');
const boot = require('loopback-boot');

const app = loopback();
app.set('env', 'production');
boot(app, {appRootDir: process.argv[2] + '/server', env: 'production'}, error => {
  if (error) throw error;
  const server = app.listen(0, '127.0.0.1', () => console.log('Web server listening at: http://127.0.0.1:' + server.address().port));
  server.keepAliveTimeout = 60000;
});
// What LoopBack throws outside of a request would end it; the request then has no answer, which is reported.
process.on('uncaughtException', error => console.error(error.stack));
