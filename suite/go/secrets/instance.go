package main

import (
	"errors"
	"os"
	"strings"

	"github.com/alibabacloud-go/tea/tea"
	openapi "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/openapi"
	util "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/openapi-util"
	gcs "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/sdk"
	"suite/checks"
)

// alibabacloud-dkms-gcs-go-sdk speaks protobuf with the instance's gateway.
type instance struct {
	client *gcs.Client
	// In PEM; without it the client trusts the machine's authorities.
	authority string
}

func connectInstance(key, authority string) instance {
	password := string(checks.Must(os.ReadFile(keys() + key + "_Password.txt")))
	return instance{checks.Must(gcs.NewClient(&openapi.Config{
		Protocol:      tea.String("https"),
		Endpoint:      tea.String(checks.Env("KMS_INSTANCE_ENDPOINT")),
		ClientKeyFile: tea.String(keys() + key + ".json"),
		Password:      tea.String(strings.TrimSpace(password)),
	})), authority}
}

func (c instance) options() *util.RuntimeOptions {
	options := &util.RuntimeOptions{Autoretry: tea.Bool(false)}
	if c.authority != "" {
		options.Verify = tea.String(c.authority)
	}
	return options
}

func (c instance) Read(name string) (checks.Read, error) {
	answer, err := c.client.GetSecretValueWithOptions(
		&gcs.GetSecretValueRequest{SecretName: &name}, c.options(),
	)
	if err != nil {
		return checks.Read{}, err
	}
	return checks.Read{
		Value:   tea.StringValue(answer.SecretData),
		Version: tea.StringValue(answer.VersionId),
		Stages:  tea.StringSliceValue(answer.VersionStages),
	}, nil
}

func (c instance) Code(err error) string {
	var refusal *tea.SDKError
	if errors.As(err, &refusal) {
		return tea.StringValue(refusal.Code)
	}
	return ""
}
