// What "loopback#token" of middleware.json says about where tokens are looked for.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {copyOf, send, start} from './program.mjs';

test('loopback#token names headers of its own and closes the usual ones', async test => {
  const folder = copyOf('examples/extension', test);
  fs.writeFileSync(path.join(folder, 'server/middleware.json'), JSON.stringify({auth: {'loopback#token': {params: {headers: ['X-Api-Key'], searchDefaultTokenKeys: false}}}}));
  const model = path.join(folder, 'common/models/book.json');
  const {methods, ...book} = JSON.parse(fs.readFileSync(model));
  const acls = [{principalType: 'ROLE', principalId: '$authenticated', permission: 'ALLOW'}];
  fs.writeFileSync(model, JSON.stringify({...book, acls}));
  const {port} = await start(folder, test);
  const body = {email: 'ann@x.test', password: 'correct horse battery'};
  await send(port, 'POST', '/api/Readers', {body});
  const {json} = await send(port, 'POST', '/api/Readers/login', {body});
  const status = async headers => (await send(port, 'GET', '/api/Books', {headers})).status;
  assert.equal(await status({'X-Api-Key': json.id}), 200);
  assert.equal(await status({Authorization: json.id}), 401);
});
