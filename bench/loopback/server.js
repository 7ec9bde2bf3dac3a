// The twin: the models of bench/app on LoopBack 3 with its memory connector. usage: node server.js PORT
'use strict';
const path = require('path');
const fs = require('fs');
const loopback = require('loopback');

const models = path.join(__dirname, '..', 'app', 'common', 'models');
const app = loopback();
const db = app.dataSource('db', {connector: 'memory'});

for (const name of ['User', 'AccessToken', 'ACL', 'Role', 'RoleMapping']) app.model(loopback[name], {dataSource: db, public: false});
for (const file of fs.readdirSync(models)) {
  const definition = JSON.parse(fs.readFileSync(path.join(models, file), 'utf8'));
  delete definition.mixins;
  app.model(app.registry.createModel(definition), {dataSource: db, public: true});
}
app.enableAuth({dataSource: db});
app.use(loopback.token({model: app.models.AccessToken}));
app.use('/api', loopback.rest());
app.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('Web server listening at: http://127.0.0.1:' + process.argv[2]));
