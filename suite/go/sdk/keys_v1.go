package main

import (
	"encoding/json"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	"suite/checks"
)

func (c v1) CreateKey(spec, usage, description string) (string, error) {
	request := kms.CreateCreateKeyRequest()
	plain(request.RpcRequest)
	request.KeySpec, request.KeyUsage, request.Description = spec, usage, description
	answer, err := c.client.CreateKey(request)
	if err != nil {
		return "", err
	}
	return answer.KeyMetadata.KeyId, nil
}

func (c v1) DescribeKey(key string) ([2]string, error) {
	request := kms.CreateDescribeKeyRequest()
	plain(request.RpcRequest)
	request.KeyId = key
	answer, err := c.client.DescribeKey(request)
	if err != nil {
		return [2]string{}, err
	}
	return [2]string{answer.KeyMetadata.Description, answer.KeyMetadata.KeyState}, nil
}

func (c v1) Versions(key string) ([]string, error) {
	request := kms.CreateListKeyVersionsRequest()
	plain(request.RpcRequest)
	request.KeyId = key
	answer, err := c.client.ListKeyVersions(request)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, version := range answer.KeyVersions.KeyVersion {
		names = append(names, version.KeyVersionId)
	}
	return names, nil
}

func (c v1) CreateAlias(alias, key string) error {
	request := kms.CreateCreateAliasRequest()
	plain(request.RpcRequest)
	request.AliasName, request.KeyId = alias, key
	_, err := c.client.CreateAlias(request)
	return err
}

func (c v1) Aliases(key string) ([]string, error) {
	request := kms.CreateListAliasesByKeyIdRequest()
	plain(request.RpcRequest)
	request.KeyId = key
	answer, err := c.client.ListAliasesByKeyId(request)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, alias := range answer.Aliases.Alias {
		names = append(names, alias.AliasName)
	}
	return names, nil
}

func (c v1) Encrypt(key, plaintext string, context map[string]string) (string, error) {
	request := kms.CreateEncryptRequest()
	plain(request.RpcRequest)
	request.KeyId, request.Plaintext, request.EncryptionContext = key, plaintext, written(context)
	answer, err := c.client.Encrypt(request)
	if err != nil {
		return "", err
	}
	return answer.CiphertextBlob, nil
}

func (c v1) Decrypt(ciphertext string, context map[string]string) (string, error) {
	request := kms.CreateDecryptRequest()
	plain(request.RpcRequest)
	request.CiphertextBlob, request.EncryptionContext = ciphertext, written(context)
	answer, err := c.client.Decrypt(request)
	if err != nil {
		return "", err
	}
	return answer.Plaintext, nil
}

func (c v1) DataKey(key string) ([2]string, error) {
	request := kms.CreateGenerateDataKeyRequest()
	plain(request.RpcRequest)
	request.KeyId, request.NumberOfBytes = key, requests.NewInteger(48)
	answer, err := c.client.GenerateDataKey(request)
	if err != nil {
		return [2]string{}, err
	}
	return [2]string{answer.Plaintext, answer.CiphertextBlob}, nil
}

func (c v1) Sign(key, version, digest string) (string, error) {
	request := kms.CreateAsymmetricSignRequest()
	plain(request.RpcRequest)
	request.KeyId, request.KeyVersionId = key, version
	request.Algorithm, request.Digest = ecdsa, digest
	answer, err := c.client.AsymmetricSign(request)
	if err != nil {
		return "", err
	}
	return answer.Value, nil
}

func (c v1) Verify(key, version, digest, signature string) (bool, error) {
	request := kms.CreateAsymmetricVerifyRequest()
	plain(request.RpcRequest)
	request.KeyId, request.KeyVersionId = key, version
	request.Algorithm, request.Digest, request.Value = ecdsa, digest, signature
	answer, err := c.client.AsymmetricVerify(request)
	if err != nil {
		return false, err
	}
	return answer.Value, nil
}

func (c v1) PublicKey(key, version string) (string, error) {
	request := kms.CreateGetPublicKeyRequest()
	plain(request.RpcRequest)
	request.KeyId, request.KeyVersionId = key, version
	answer, err := c.client.GetPublicKey(request)
	if err != nil {
		return "", err
	}
	return answer.PublicKey, nil
}

func (c v1) DisableKey(key string) error {
	request := kms.CreateDisableKeyRequest()
	plain(request.RpcRequest)
	request.KeyId = key
	_, err := c.client.DisableKey(request)
	return err
}

// written is a context as the wire has it; none is left out.
func written(context map[string]string) string {
	if context == nil {
		return ""
	}
	return string(checks.Must(json.Marshal(context)))
}
