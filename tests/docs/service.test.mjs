// docs/how-to/run-as-a-service.md, followed to the letter, gives what the unit of the package can start.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {program, send, start} from '../server/program.mjs';
import {blocks, house} from './transcript.mjs';

const read = name => fs.readFileSync(path.join(house, name), 'utf8');
const unit = read('packaging/sallyport@.service');
const environment = Object.fromEntries([...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

test('the project of the page starts as the service does, and lets people in', async t => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-service-'));
  t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
  const [steps] = blocks(read('docs/how-to/run-as-a-service.md'), 'sh');
  for (const step of steps.filter(line => line.startsWith('runuser -u sallyport -- '))) {
    const command = step.replace('runuser -u sallyport -- ', '').replaceAll('/var/lib/sallyport', folder);
    const {status, stdout, stderr} = spawnSync('sh', ['-c', command],
      {encoding: 'utf8', env: {...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`}});
    assert.equal(status, 0, `${step}\n${stdout}${stderr}`);
  }
  assert.equal(environment.SALLYPORT_ENV, 'production');
  const words = /^ExecStart=\S+ (.*)$/m.exec(unit)[1].replace('/var/lib/sallyport/%i', path.join(folder, 'company')).split(' ');
  for (const [name, value] of Object.entries(environment)) process.env[name] = value;
  const {port} = await start(folder, t, {words: [...words, '--port', '0', '--host', '127.0.0.1']});
  const ann = {email: 'ann@company.example', password: 'a sally port has two doors'};
  assert.equal((await send(port, 'POST', '/api/Employees', {body: {...ann, mobile: '+33612345600'}})).status, 200);
  const {json} = await send(port, 'POST', '/api/Employees/requestCode', {body: ann});
  assert.ok(json.enrol, JSON.stringify(json));
});
