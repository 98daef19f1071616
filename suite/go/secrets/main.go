// Alibaba Cloud's clients for Go that read secrets and nothing else: the secrets client with a cache
// and the SDK of the instance gateway. A module of their own, for the secrets client was made for
// an older core: today's would ask STS for a session before it uses a ClientKey.
package main

import (
	"os"

	"suite/checks"
)

func main() {
	switch os.Args[1] {
	case "accesskey":
		withAnAccessKey()
	case "client-keys":
		withClientKeys()
	case "without-our-ca":
		withoutOurAuthority()
	}
	checks.Finish()
}

// withAnAccessKey reads what this client's SDK has made.
func withAnAccessKey() {
	kms := withAccessKey(checks.Env("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
	for _, value := range checks.Values(checks.Env("SUITE_VALUES")) {
		checks.Check("go-cache-reads-"+value.Kind, func() {
			read := checks.Must(kms.Read("suite/go-read/" + value.Kind))
			checks.Equal(read, checks.Read{Value: value.Text, Version: "v1"})
		})
	}
	checks.Errors("go-cache", "SignatureDoesNotMatch", withAccessKey)
}
