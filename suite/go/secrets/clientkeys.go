package main

import (
	"os"
	"strings"

	"suite/checks"
)

// keys is the folder of the suite's ClientKeys.
func keys() string { return checks.Env("SUITE_FOLDER") + "/" }

// withClientKeys reads what the clients for Python have read.
func withClientKeys() {
	authority := string(checks.Must(os.ReadFile(checks.Env("KMS_CA_FILE"))))
	use("go-gcs", "instance", []string{"ACSCurrent"}, func(key string) instance {
		return connectInstance(key, authority)
	})
	useInstanceKeys(connectInstance("own", authority))
	use("go-cache-instance", "instance", nil, onInstance)
	use("go-cache-shared", "shared", nil, onShared)
}

// withoutOurAuthority is a program of its own, for the SDK keeps the first trust that it is given.
func withoutOurAuthority() {
	checks.Check("go-gcs-without-our-ca", func() {
		_, err := connectInstance("own", "").Read("suite/instance/json")
		checks.Equal(err != nil && strings.Contains(err.Error(), "x509:"), true)
	})
}

// use reads with a ClientKey, and with one that is deleted.
func use[C checks.Reader](who, gateway string, stages []string, connect checks.Connect[C]) {
	kms := connect("own")
	for _, value := range checks.Values(keys() + gateway + ".json") {
		checks.Check(who+"-reads-"+value.Kind, func() {
			found := checks.Must(kms.Read(value.Kind))
			checks.Equal(found, checks.Read{Value: value.Text, Version: "v1", Stages: stages})
		})
	}
	checks.Check(who+"-missing-secret", func() {
		checks.Refused(kms, "Forbidden.ResourceNotFound", "suite/"+gateway+"/nowhere")
	})
	checks.Check(who+"-deleted-key", func() {
		checks.Refused(connect("deleted"), "InvalidAccessKeyId.NotFound", "suite/"+gateway+"/json")
	})
}
