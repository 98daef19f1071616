package main

import (
	"errors"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
	"suite/checks"
)

// kms-20160120/v3 signs with ACS3-HMAC-SHA256.
type v3 struct{ client *kms.Client }

func connectV3(secret string) v3 {
	return v3{checks.Must(kms.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(checks.Env(keyID)),
		AccessKeySecret: tea.String(secret),
		Endpoint:        tea.String(checks.Env("KMS_ENDPOINT")),
		Protocol:        tea.String("http"),
	}))}
}

func (c v3) Create(name, value string) error {
	_, err := c.client.CreateSecret(&kms.CreateSecretRequest{
		SecretName: &name, VersionId: tea.String("v1"), SecretData: &value,
	})
	return err
}

func (c v3) Put(name, version, value string) error {
	_, err := c.client.PutSecretValue(&kms.PutSecretValueRequest{
		SecretName: &name, VersionId: &version, SecretData: &value,
	})
	return err
}

func (c v3) Read(name string) (checks.Read, error) {
	answer, err := c.client.GetSecretValue(&kms.GetSecretValueRequest{SecretName: &name})
	if err != nil {
		return checks.Read{}, err
	}
	return checks.Read{
		Value:   tea.StringValue(answer.Body.SecretData),
		Version: tea.StringValue(answer.Body.VersionId),
		Stages:  tea.StringSliceValue(answer.Body.VersionStages.VersionStage),
	}, nil
}

func (c v3) Describe(name string) (string, error) {
	answer, err := c.client.DescribeSecret(&kms.DescribeSecretRequest{SecretName: &name})
	if err != nil {
		return "", err
	}
	return tea.StringValue(answer.Body.Description), nil
}

func (c v3) Update(name, description string) error {
	_, err := c.client.UpdateSecret(&kms.UpdateSecretRequest{
		SecretName: &name, Description: &description,
	})
	return err
}

func (c v3) List(prefix string) ([]string, error) {
	answer, err := c.client.ListSecrets(&kms.ListSecretsRequest{
		PageSize: tea.Int32(100), Filters: tea.String(filters(prefix)),
	})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, secret := range answer.Body.SecretList.Secret {
		names = append(names, tea.StringValue(secret.SecretName))
	}
	return names, nil
}

func (c v3) Delete(name string) error {
	_, err := c.client.DeleteSecret(&kms.DeleteSecretRequest{
		SecretName: &name, ForceDeleteWithoutRecovery: tea.String("true"),
	})
	return err
}

func (c v3) Code(err error) string {
	var refusal *tea.SDKError
	if errors.As(err, &refusal) {
		return tea.StringValue(refusal.Code)
	}
	return ""
}
