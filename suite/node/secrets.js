// All that one does with secrets, with any client.
'use strict';

const fs = require('node:fs');

const { check, equal, refused } = require('./checks');

const SECRET = process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
const VALUES = Object.entries(JSON.parse(fs.readFileSync(process.env.SUITE_VALUES, 'utf8')));
const CHANGED = 'hunter3 <ü> & "more" 100%';

async function useSecrets(who, connect, ending) {
  const call = connect(SECRET);
  const prefix = `suite/${who}/`;
  const missing = `Forbidden.ResourceNotFound${ending}`;
  const read = (SecretName) => call('GetSecretValue', { SecretName });

  for (const [kind, SecretData] of VALUES) {
    await check(`${who}-create-and-read-${kind}`, async () => {
      const SecretName = prefix + kind;
      const made = await call('CreateSecret', { SecretName, VersionId: 'v1', SecretData });
      equal([made.SecretName, made.VersionId], [SecretName, 'v1']);
      const found = await read(SecretName);
      equal([found.SecretData, found.VersionId], [SecretData, 'v1']);
      equal(found.VersionStages.VersionStage, ['ACSCurrent']);
    });
  }

  await check(`${who}-list`, async () => {
    const found = await call('ListSecrets', { PageSize: 100 });
    const names = found.SecretList.Secret.map((secret) => secret.SecretName);
    const ours = names.filter((name) => name.startsWith(prefix)).sort();
    equal(ours, VALUES.map(([kind]) => prefix + kind).sort());
  });

  await check(`${who}-put`, async () => {
    const SecretName = `${prefix}plain`;
    await call('PutSecretValue', { SecretName, VersionId: 'v2', SecretData: CHANGED });
    const found = await read(SecretName);
    equal([found.SecretData, found.VersionId], [CHANGED, 'v2']);
    const listed = await call('ListSecretVersionIds', { SecretName });
    const stages = listed.VersionIds.VersionId.map((version) => [
      version.VersionId,
      version.VersionStages.VersionStage,
    ]);
    equal(stages.sort(), [['v1', ['ACSPrevious']], ['v2', ['ACSCurrent']]]);
  });

  await check(`${who}-update-and-describe`, async () => {
    const SecretName = `${prefix}json`;
    await call('UpdateSecret', { SecretName, Description: 'für <alle> & "jeden"' });
    const found = await call('DescribeSecret', { SecretName });
    equal(found.Description, 'für <alle> & "jeden"');
  });

  await check(`${who}-tag`, async () => {
    const SecretName = `${prefix}json`;
    const tag = (tags) => call('TagResource', { SecretName, Tags: JSON.stringify(tags) });
    await tag([{ TagKey: 'für', TagValue: '<alle> & %' }, { TagKey: 'id', TagValue: '1' }]);
    await tag([{ TagKey: 'id', TagValue: '12345678901234567890' }]);
    const found = await call('DescribeSecret', { SecretName, FetchTags: 'true' });
    const tags = found.Tags.Tag.map((entry) => [entry.TagKey, entry.TagValue]);
    equal(Object.fromEntries(tags), { für: '<alle> & %', id: '12345678901234567890' });
  });

  await check(`${who}-delete`, async () => {
    const SecretName = `${prefix}lines`;
    await call('DeleteSecret', { SecretName, ForceDeleteWithoutRecovery: 'true' });
    await refused(missing, read(SecretName));
  });

  await check(`${who}-missing-secret`, () => refused(missing, read('suite/nowhere')));

  await check(`${who}-wrong-secret-of-the-accesskey`, () =>
    refused(
      `SignatureDoesNotMatch${ending}`,
      connect(`not${SECRET}`)('GetSecretValue', { SecretName: 'suite/nowhere' }),
    ),
  );
}

module.exports = { useSecrets };
