// All that one does with keys, with any client.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

const { check, equal, refused } = require('./checks');

const SECRET = process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
const VALUES = JSON.parse(fs.readFileSync(process.env.SUITE_VALUES, 'utf8'));
const DESCRIPTION = 'für <alle> & "jeden" 100%';
// Names and values that a careless encoding would spoil.
const CONTEXT = { für: '<a> & "b" \'c\'', id: '12345678901234567890' };

async function useKeys(who, connect, ending) {
  const call = connect(SECRET);
  let KeyId;
  await check(`${who}-key-create`, async () => {
    ({ KeyId } = (await call('CreateKey', { Description: DESCRIPTION })).KeyMetadata);
  });
  if (!KeyId) {
    return;
  }
  const alias = `alias/suite/${who}`;

  await check(`${who}-key-describe`, async () => {
    const { KeyMetadata: found } = await call('DescribeKey', { KeyId });
    equal([found.Description, found.KeySpec], [DESCRIPTION, 'Aliyun_AES_256']);
    equal([found.KeyUsage, found.KeyState], ['ENCRYPT/DECRYPT', 'Enabled']);
  });

  await check(`${who}-key-alias`, async () => {
    await call('CreateAlias', { KeyId, AliasName: alias });
    const found = await call('ListAliasesByKeyId', { KeyId });
    equal(found.Aliases.Alias.map((entry) => entry.AliasName), [alias]);
  });

  for (const [kind, value] of Object.entries(VALUES)) {
    await check(`${who}-encrypt-and-decrypt-${kind}`, async () => {
      const Plaintext = Buffer.from(value).toString('base64');
      const sealed = await call('Encrypt', { KeyId: alias, Plaintext });
      const { CiphertextBlob } = sealed;
      const opened = await call('Decrypt', { CiphertextBlob });
      equal([opened.Plaintext, opened.KeyId], [Plaintext, KeyId]);
    });
  }

  await check(`${who}-key-tags`, () => tag(call, KeyId));

  await check(`${who}-data-key`, async () => {
    const { CiphertextBlob, Plaintext } = await call('GenerateDataKey', {
      KeyId,
      NumberOfBytes: 48,
    });
    equal(Buffer.from(Plaintext, 'base64').length, 48);
    equal((await call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
  });

  await check(`${who}-sign-and-verify`, () => sign(call));

  await check(`${who}-missing-key`, () =>
    refused(
      `Forbidden.KeyNotFound${ending}`,
      call('DescribeKey', { KeyId: 'key-hzz00000000000000000000' }),
    ),
  );

  await check(`${who}-disabled-key`, async () => {
    await call('DisableKey', { KeyId });
    await refused(`Rejected.Disabled${ending}`, call('Encrypt', { KeyId, Plaintext: 'eA==' }));
  });
}

/** The context travels as JSON, and what was encrypted in one is not decrypted in another. */
async function useContexts(who, connect, ending) {
  const call = connect(SECRET);
  const EncryptionContext = JSON.stringify(CONTEXT);
  const other = JSON.stringify({ ...CONTEXT, id: '12345678901234567891' });
  const { KeyId } = (await call('CreateKey', {})).KeyMetadata;
  const Plaintext = Buffer.from(VALUES.markup).toString('base64');
  const seal = () => call('Encrypt', { KeyId, Plaintext, EncryptionContext });

  await check(`${who}-context`, async () => {
    const { CiphertextBlob } = await seal();
    const opened = await call('Decrypt', { CiphertextBlob, EncryptionContext });
    equal(opened.Plaintext, Plaintext);
  });

  await check(`${who}-another-context`, async () => {
    const { CiphertextBlob } = await seal();
    const open = (context) => call('Decrypt', { CiphertextBlob, ...context });
    await refused(`InvalidParameter${ending}`, open({ EncryptionContext: other }));
    await refused(`InvalidParameter${ending}`, open({}));
  });
}

async function tag(call, KeyId) {
  const given = { für: '<alle> & %', id: '12345678901234567890' };
  const entries = Object.entries(given).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const found = async () => {
    const listed = await call('ListResourceTags', { KeyId });
    return Object.fromEntries(listed.Tags.Tag.map((entry) => [entry.TagKey, entry.TagValue]));
  };
  await call('TagResource', { KeyId, Tags: JSON.stringify(entries) });
  equal(await found(), given);
  await call('UntagResource', { KeyId, TagKeys: '["für"]' });
  equal(await found(), { id: given.id });
}

/** What KMS signs, the public key verifies without it. */
async function sign(call) {
  const { KeyMetadata: made } = await call('CreateKey', {
    KeySpec: 'EC_P256',
    KeyUsage: 'SIGN/VERIFY',
  });
  const { KeyId } = made;
  const listed = await call('ListKeyVersions', { KeyId });
  const { KeyVersionId } = listed.KeyVersions.KeyVersion[0];
  const message = Buffer.from(VALUES['other-scripts']);
  const digest = (bytes) => crypto.createHash('sha256').update(bytes).digest('base64');
  const how = { KeyId, KeyVersionId, Algorithm: 'ECDSA_SHA_256' };

  const { Value } = await call('AsymmetricSign', { ...how, Digest: digest(message) });
  const verify = (bytes) => call('AsymmetricVerify', { ...how, Value, Digest: digest(bytes) });
  equal((await verify(message)).Value, true);
  equal((await verify('other')).Value, false);

  const { PublicKey } = await call('GetPublicKey', { KeyId, KeyVersionId });
  const signature = Buffer.from(Value, 'base64');
  equal(crypto.verify('sha256', message, PublicKey, signature), true);
  equal(crypto.verify('sha256', Buffer.from('other'), PublicKey, signature), false);
}

module.exports = { useContexts, useKeys };
