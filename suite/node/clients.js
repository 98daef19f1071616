// Each client as a function `call(action, parameters)`, with the names of the API on both sides.
'use strict';

const { default: Kms, ...models } = require('@alicloud/kms20160120');
const { default: Credential } = require('@alicloud/credentials');
const { default: OpenApi, ...openApi } = require('@alicloud/openapi-client');
const { RPCClient } = require('@alicloud/pop-core');
const { Config } = require('@alicloud/rpc-client');
const { toMap } = require('@alicloud/tea-typescript');
const { RuntimeOptions } = require('@alicloud/tea-util');

const env = process.env;
const ID = env.ALIBABA_CLOUD_ACCESS_KEY_ID;
const VERSION = '2016-01-20';

// Its own three seconds are few where many build at the same time.
const PATIENCE = 20_000;

/** @alicloud/kms20160120 signs with HMAC-SHA1, and knows no other way than TLS. */
function kms20160120(secret) {
  const client = new Kms(
    new Config({
      accessKeyId: ID,
      accessKeySecret: secret,
      endpoint: env.KMS_TLS_ENDPOINT,
      readTimeout: PATIENCE,
    }),
  );
  return async (action, parameters) => {
    const Request = models[`${action}Request`];
    const fields = Object.entries(Request.names()).map(([field, name]) => [
      field,
      parameters[name],
    ]);
    const method = action[0].toLowerCase() + action.slice(1);
    return toMap(await client[method](new Request(Object.fromEntries(fields))));
  };
}

/** @alicloud/pop-core by GET has all in the query, by POST all in the form. */
function popCore(method) {
  return (secret) => {
    const client = new RPCClient({
      accessKeyId: ID,
      accessKeySecret: secret,
      endpoint: `https://${env.KMS_TLS_ENDPOINT}`,
      apiVersion: VERSION,
    });
    return (action, parameters) =>
      client.request(action, parameters, { method, timeout: PATIENCE });
  };
}

/** @alicloud/openapi-client signs with ACS3-HMAC-SHA256; its credential comes from the chain. */
function openApiClient(secret) {
  const before = env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
  env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = secret;
  const credential = new Credential();
  const client = new OpenApi(
    new openApi.Config({ credential, endpoint: env.KMS_ENDPOINT, protocol: 'http' }),
  );
  return async (action, query) => {
    const how = new openApi.Params({
      action,
      version: VERSION,
      protocol: 'HTTP',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = secret;
    try {
      const runtime = new RuntimeOptions({ readTimeout: PATIENCE });
      const request = new openApi.OpenApiRequest({ query });
      return (await client.callApi(how, request, runtime)).body;
    } finally {
      env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = before;
    }
  };
}

module.exports = { kms20160120, openApiClient, popCore };
