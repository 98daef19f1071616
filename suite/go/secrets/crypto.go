package main

import (
	"encoding/json"
	"os"

	"github.com/alibabacloud-go/tea/tea"
	gcs "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/sdk"
	"suite/checks"
)

// useInstanceKeys encrypts and signs on the instance's gateway, with keys of the instance.
func useInstanceKeys(c instance) {
	var ids struct{ Encrypt, Sign string }
	checks.Done(json.Unmarshal(checks.Must(os.ReadFile(keys()+"keys.json")), &ids))
	for _, value := range checks.Values(checks.Env("SUITE_VALUES")) {
		checks.Check("go-gcs-encrypt-and-decrypt-"+value.Kind, func() {
			made := checks.Must(c.client.EncryptWithOptions(&gcs.EncryptRequest{
				KeyId: &ids.Encrypt, Plaintext: []byte(value.Text),
			}, c.options()))
			opened := checks.Must(c.client.DecryptWithOptions(&gcs.DecryptRequest{
				KeyId: made.KeyId, CiphertextBlob: made.CiphertextBlob, Iv: made.Iv,
			}, c.options()))
			checks.Equal(string(opened.Plaintext), value.Text)
		})
	}
	checks.Check("go-gcs-sign-and-verify", func() {
		raw, message := tea.String("RAW"), []byte("ключ")
		made := checks.Must(c.client.SignWithOptions(&gcs.SignRequest{
			KeyId: &ids.Sign, Message: message, MessageType: raw,
		}, c.options()))
		verify := func(text []byte) bool {
			return tea.BoolValue(checks.Must(c.client.VerifyWithOptions(&gcs.VerifyRequest{
				KeyId: &ids.Sign, Message: text, MessageType: raw, Signature: made.Signature,
			}, c.options())).Value)
		}
		checks.Equal(verify(message), true)
		checks.Equal(verify([]byte("other")), false)
	})
}
