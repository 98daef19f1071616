// Alibaba Cloud's SDK for Node.js with the credentials of the CLI's profile, whose process is the agent
// (`External`): calls STS without pause until it is told to end.
'use strict';

const { setTimeout: pause } = require('node:timers/promises');
const { default: Credential } = require('@alicloud/credentials');
const { default: OpenApi, ...openApi } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

let ended = false;
process.on('SIGTERM', () => {
  ended = true;
});

const how = new openApi.Params({
  action: 'GetCallerIdentity',
  version: '2015-04-01',
  protocol: 'HTTP',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
});

async function main() {
  // The default chain: the profile is all that there is.
  const credential = new Credential();
  const client = new OpenApi(
    new openApi.Config({ credential, endpoint: process.env.BUSINESS, protocol: 'http' }),
  );
  let calls = 0;
  let failed = 0;
  while (!ended) {
    calls += 1;
    try {
      await client.callApi(how, new openApi.OpenApiRequest({}), new RuntimeOptions({}));
    } catch (error) {
      failed += 1;
      console.log('FAILED', error.code ?? String(error));
    }
    await pause(100);
  }
  console.log(`${calls} calls, ${failed} failed`);
}

main();
