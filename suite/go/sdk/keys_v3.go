package main

import (
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
)

const ecdsa = "ECDSA_SHA_256"

func (c v3) CreateKey(spec, usage, description string) (string, error) {
	answer, err := c.client.CreateKey(&kms.CreateKeyRequest{
		KeySpec: &spec, KeyUsage: &usage, Description: &description,
	})
	if err != nil {
		return "", err
	}
	return tea.StringValue(answer.Body.KeyMetadata.KeyId), nil
}

func (c v3) DescribeKey(key string) ([2]string, error) {
	answer, err := c.client.DescribeKey(&kms.DescribeKeyRequest{KeyId: &key})
	if err != nil {
		return [2]string{}, err
	}
	found := answer.Body.KeyMetadata
	return [2]string{tea.StringValue(found.Description), tea.StringValue(found.KeyState)}, nil
}

func (c v3) Versions(key string) ([]string, error) {
	answer, err := c.client.ListKeyVersions(&kms.ListKeyVersionsRequest{KeyId: &key})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, version := range answer.Body.KeyVersions.KeyVersion {
		names = append(names, tea.StringValue(version.KeyVersionId))
	}
	return names, nil
}

func (c v3) CreateAlias(alias, key string) error {
	_, err := c.client.CreateAlias(&kms.CreateAliasRequest{AliasName: &alias, KeyId: &key})
	return err
}

func (c v3) Aliases(key string) ([]string, error) {
	answer, err := c.client.ListAliasesByKeyId(&kms.ListAliasesByKeyIdRequest{KeyId: &key})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, alias := range answer.Body.Aliases.Alias {
		names = append(names, tea.StringValue(alias.AliasName))
	}
	return names, nil
}

func (c v3) Encrypt(key, plaintext string, context map[string]string) (string, error) {
	answer, err := c.client.Encrypt(&kms.EncryptRequest{
		KeyId: &key, Plaintext: &plaintext, EncryptionContext: anything(context),
	})
	if err != nil {
		return "", err
	}
	return tea.StringValue(answer.Body.CiphertextBlob), nil
}

func (c v3) Decrypt(ciphertext string, context map[string]string) (string, error) {
	answer, err := c.client.Decrypt(&kms.DecryptRequest{
		CiphertextBlob: &ciphertext, EncryptionContext: anything(context),
	})
	if err != nil {
		return "", err
	}
	return tea.StringValue(answer.Body.Plaintext), nil
}

func (c v3) DataKey(key string) ([2]string, error) {
	answer, err := c.client.GenerateDataKey(&kms.GenerateDataKeyRequest{
		KeyId: &key, NumberOfBytes: tea.Int32(48),
	})
	if err != nil {
		return [2]string{}, err
	}
	plain, sealed := answer.Body.Plaintext, answer.Body.CiphertextBlob
	return [2]string{tea.StringValue(plain), tea.StringValue(sealed)}, nil
}

func (c v3) Sign(key, version, digest string) (string, error) {
	answer, err := c.client.AsymmetricSign(&kms.AsymmetricSignRequest{
		KeyId: &key, KeyVersionId: &version, Algorithm: tea.String(ecdsa), Digest: &digest,
	})
	if err != nil {
		return "", err
	}
	return tea.StringValue(answer.Body.Value), nil
}

func (c v3) Verify(key, version, digest, signature string) (bool, error) {
	answer, err := c.client.AsymmetricVerify(&kms.AsymmetricVerifyRequest{
		KeyId: &key, KeyVersionId: &version, Algorithm: tea.String(ecdsa), Digest: &digest,
		Value: &signature,
	})
	if err != nil {
		return false, err
	}
	return tea.BoolValue(answer.Body.Value), nil
}

func (c v3) PublicKey(key, version string) (string, error) {
	answer, err := c.client.GetPublicKey(&kms.GetPublicKeyRequest{
		KeyId: &key, KeyVersionId: &version,
	})
	if err != nil {
		return "", err
	}
	return tea.StringValue(answer.Body.PublicKey), nil
}

func (c v3) DisableKey(key string) error {
	_, err := c.client.DisableKey(&kms.DisableKeyRequest{KeyId: &key})
	return err
}

func anything(context map[string]string) map[string]interface{} {
	if context == nil {
		return nil
	}
	values := map[string]interface{}{}
	for name, value := range context {
		values[name] = value
	}
	return values
}
