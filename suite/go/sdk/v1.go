package main

import (
	"errors"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	"suite/checks"
)

// alibaba-cloud-sdk-go signs with HMAC-SHA1 in the query.
type v1 struct{ client *kms.Client }

func connectV1(secret string) v1 {
	client := checks.Must(kms.NewClientWithAccessKey(region, checks.Env(keyID), secret))
	client.Domain = checks.Env("KMS_ENDPOINT")
	return v1{client}
}

func plain(request *requests.RpcRequest) { request.Scheme = "http" }

func (c v1) Create(name, value string) error {
	request := kms.CreateCreateSecretRequest()
	plain(request.RpcRequest)
	request.SecretName, request.VersionId, request.SecretData = name, "v1", value
	_, err := c.client.CreateSecret(request)
	return err
}

func (c v1) Put(name, version, value string) error {
	request := kms.CreatePutSecretValueRequest()
	plain(request.RpcRequest)
	request.SecretName, request.VersionId, request.SecretData = name, version, value
	_, err := c.client.PutSecretValue(request)
	return err
}

func (c v1) Read(name string) (checks.Read, error) {
	request := kms.CreateGetSecretValueRequest()
	plain(request.RpcRequest)
	request.SecretName = name
	answer, err := c.client.GetSecretValue(request)
	if err != nil {
		return checks.Read{}, err
	}
	return checks.Read{
		Value:   answer.SecretData,
		Version: answer.VersionId,
		Stages:  answer.VersionStages.VersionStage,
	}, nil
}

func (c v1) Describe(name string) (string, error) {
	request := kms.CreateDescribeSecretRequest()
	plain(request.RpcRequest)
	request.SecretName = name
	answer, err := c.client.DescribeSecret(request)
	if err != nil {
		return "", err
	}
	return answer.Description, nil
}

func (c v1) Update(name, description string) error {
	request := kms.CreateUpdateSecretRequest()
	plain(request.RpcRequest)
	request.SecretName, request.Description = name, description
	_, err := c.client.UpdateSecret(request)
	return err
}

func (c v1) List(prefix string) ([]string, error) {
	request := kms.CreateListSecretsRequest()
	plain(request.RpcRequest)
	request.PageSize = requests.NewInteger(100)
	request.Filters = filters(prefix)
	answer, err := c.client.ListSecrets(request)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, secret := range answer.SecretList.Secret {
		names = append(names, secret.SecretName)
	}
	return names, nil
}

func (c v1) Delete(name string) error {
	request := kms.CreateDeleteSecretRequest()
	plain(request.RpcRequest)
	request.SecretName, request.ForceDeleteWithoutRecovery = name, "true"
	_, err := c.client.DeleteSecret(request)
	return err
}

func (c v1) Code(err error) string {
	var refusal *sdkerrors.ServerError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return ""
}
