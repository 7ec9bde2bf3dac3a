// Writes the most used passwords that are long enough to be chosen as one text of C++, a line each, in the order of their
// bytes.
import fs from 'node:fs';
import {dictionary} from '@zxcvbn-ts/language-common';

const shortest = 8;

const passwords = dictionary['passwords-common'].filter(password => password.length >= shortest && /^[!-~ ]+$/.test(password));
const rows = [...new Set(passwords)].sort((a, b) => (a < b ? -1 : 1)).map(password => `${JSON.stringify(`${password}\n`)}`);
fs.writeFileSync(process.argv[2], rows.join('\n') + '\n');
