// Calls in the name of who is signed in. Where one needs a fresher or stronger proof, it is asked for, and the call made
// again; where the session is over, it ends here too.

import {call} from './call.js';
import {below} from './place.js';
import * as session from './session.js';
import {prove} from './step_up.js';

// Nothing was done, and nothing has to be said: the proof was not given, or the session is over and the page says so.
export class Given extends Error {}

export const at = (path, accounts) => `${below}${accounts}${path}`;

// Of the account itself: mine('GET', '/factors')
export const mine = (method, path, body) => {
  const {userId} = session.now() ?? {};
  return ours(method, `/${encodeURIComponent(userId)}${path}`, body);
};

// Of its model: ours('POST', '/change-password', {...})
export async function ours(method, path, body) {
  const tried = [];
  for (;;) {
    const {token, at: accounts, isEnrolment} = session.now() ?? {};
    if (!token) throw new Given();
    try {
      return await call(method, at(path, accounts), {body, token});
    } catch (error) {
      if (error.code === 'STEP_UP_REQUIRED' && !isEnrolment) {
        if (!await prove(tried)) throw new Given();
      } else if (isOver(error)) {
        session.end(isEnrolment ? 'That took too long. Sign in again.' : 'Your session has ended. Sign in again.');
        throw new Given();
      } else {
        throw error;
      }
    }
  }
}

const isOver = ({status, code}) => status === 401 && code !== 'LOGIN_FAILED';

// What `work` cannot do is told by `tell`.
export async function attempt(work, tell) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Given)) tell(error);
  }
}
