// Alibaba Cloud's SDKs for Go against kms-server.
package main

import "suite/checks"

const (
	region = "cn-hangzhou"
	keyID  = "ALIBABA_CLOUD_ACCESS_KEY_ID"
)

func main() {
	checks.UseSecrets("go-v3", "SignatureDoesNotMatch", connectV3)
	checks.UseSecrets("go-v1", "SignatureDoesNotMatch", connectV1)
	secret := checks.Env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	checks.UseKeys("go-v3", connectV3(secret))
	checks.UseKeys("go-v1", connectV1(secret))
	create()
	checks.Finish()
}

// create leaves behind what the secrets client reads.
func create() {
	kms := connectV3(checks.Env("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
	checks.Check("go-create", func() {
		for _, value := range checks.Values(checks.Env("SUITE_VALUES")) {
			checks.Done(kms.Create("suite/go-read/"+value.Kind, value.Text))
		}
	})
}

// filters is ListSecrets' for names that begin so.
func filters(prefix string) string {
	return `[{"Key":"SecretName","Values":["` + prefix + `"]}]`
}
