package main

import (
	"encoding/json"
	"errors"
	"os"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk"
	"suite/checks"
)

// aliyun-secretsmanager-client-go reads through its cache.
type cache struct{ client *sdk.SecretManagerCacheClient }

// withAccessKey has this secret of the AccessKey.
func withAccessKey(secret string) cache {
	return connect(map[string]string{
		"credentials_type":          "ak",
		"credentials_access_key_id": checks.Env("ALIBABA_CLOUD_ACCESS_KEY_ID"),
		"credentials_access_secret": secret,
		"cache_client_region_id":    list(place("KMS_TLS_ENDPOINT")),
	})
}

// onShared has a ClientKey and asks the shared gateway, whose certificate it does not look at.
func onShared(key string) cache {
	return connect(map[string]string{
		"credentials_type":                   "client_key",
		"client_key_private_key_path":        keys() + key + ".json",
		"client_key_password_from_file_path": keys() + key + "_Password.txt",
		"cache_client_region_id":             list(place("KMS_TLS_ENDPOINT")),
	})
}

// onInstance has a ClientKey and asks the instance's gateway.
func onInstance(key string) cache {
	settings := place("KMS_INSTANCE_ENDPOINT")
	settings["clientKeyFile"] = keys() + key + ".json"
	settings["passwordFromFilePath"] = keys() + key + "_Password.txt"
	settings["ignoreSslCerts"] = false
	settings["CaCert"] = string(checks.Must(os.ReadFile(checks.Env("KMS_CA_FILE"))))
	return connect(map[string]string{"cache_client_dkms_config_info": list(settings)})
}

func (c cache) Read(name string) (checks.Read, error) {
	info, err := c.client.GetSecretInfo(name)
	if err != nil {
		return checks.Read{}, err
	}
	return checks.Read{Value: info.SecretValue, Version: info.VersionId}, nil
}

func (c cache) Code(err error) string {
	var refusal *sdkerrors.ServerError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return ""
}

// connect lets it find its settings in the environment.
func connect(settings map[string]string) cache {
	for name, value := range settings {
		checks.Done(os.Setenv(name, value))
		defer os.Unsetenv(name)
	}
	return cache{checks.Must(sdk.NewClient())}
}

func place(endpoint string) map[string]any {
	return map[string]any{"regionId": "cn-hangzhou", "endpoint": checks.Env(endpoint), "vpc": ""}
}

func list(setting map[string]any) string {
	return string(checks.Must(json.Marshal([]any{setting})))
}
