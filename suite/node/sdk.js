// Alibaba Cloud's SDKs for Node.js against kms-server.
'use strict';

const { finish } = require('./checks');
const { kms20160120, openApiClient, popCore } = require('./clients');
const { useContexts, useKeys } = require('./keys');
const { useSecrets } = require('./secrets');

// How each connects, and what it puts behind a refusal's code.
const CLIENTS = {
  'node-kms': [kms20160120, 'Error'],
  'node-pop-get': [popCore('GET'), ''],
  'node-pop-post': [popCore('POST'), ''],
  'node-openapi': [openApiClient, ''],
};

async function main() {
  for (const [who, [connect, ending]] of Object.entries(CLIENTS)) {
    await useSecrets(who, connect, ending);
    await useKeys(who, connect, ending);
    // @alicloud/kms20160120 makes parameters `EncryptionContext.<name>` of it, which KMS has not.
    if (connect !== kms20160120) {
      await useContexts(who, connect, ending);
    }
  }
  finish();
}

main();
