// A mail server for tests, from npm.
import {SMTPServer} from 'smtp-server';

/** Quoted-printable as the text that it was. */
export const decoded = text => text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (all, hex) => String.fromCharCode(parseInt(hex, 16)));

/** A mail server on 127.0.0.1 that keeps what it takes. `options` are those of the package; `heard` is given each letter. */
export async function mailServer(test, options = {}, heard = () => {}) {
  const letters = [];
  const waiting = [];
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 1,
    disabledCommands: options.secure || options.key ? [] : ['STARTTLS'],
    onData(stream, session, done) {
      let text = '';
      stream.on('data', part => (text += part));
      stream.on('end', () => {
        const letter = {text, plain: decoded(text), session, envelope: session.envelope};
        letters.push(letter);
        heard(letter);
        done();
        waiting.splice(0).forEach(look => look());
      });
    },
    ...options,
  });
  server.on('error', () => {}); // Clients that hang up.
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => new Promise(resolve => server.close(resolve)));
  const count = async wanted => {
    while (letters.length < wanted) await new Promise(resolve => waiting.push(resolve));
    return letters;
  };
  return {letters, count, port: server.server.address().port};
}
