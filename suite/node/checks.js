// One line per check, `ok NAME` or `FAIL NAME reason`: the suite counts these lines.
'use strict';

const { isDeepStrictEqual, inspect } = require('node:util');

let failed = false;

/** Counts what happens inside; an exception is a failed check, and the next one still runs. */
async function check(name, run) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    failed = true;
    console.log(`FAIL ${name} ${String(error).replace(/\s+/g, ' ')}`);
  }
}

/** Like an assertion, but says what was found. */
function equal(found, expected) {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`found ${inspect(found)}, not ${inspect(expected)}`);
  }
}

/** A call that must not be answered, and the code of the client's own error. */
async function refused(code, call) {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    if (error.code !== code) {
      throw error;
    }
    return;
  }
  throw new Error(`it was answered: ${Object.keys(answer)}`);
}

/** Ends the program. */
function finish() {
  process.exit(failed ? 1 : 0);
}

module.exports = { check, equal, refused, finish };
