package checks

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
)

// Keys is what the checks ask of a client, which it does in its own words. Bytes are in base64, as
// they are on the wire.
type Keys interface {
	// CreateKey makes a key of this kind and tells its id.
	CreateKey(spec, usage, description string) (string, error)
	// DescribeKey tells the description and the state.
	DescribeKey(key string) ([2]string, error)
	// Versions names a key's versions.
	Versions(key string) ([]string, error)
	CreateAlias(alias, key string) error
	// Aliases names a key's aliases.
	Aliases(key string) ([]string, error)
	Encrypt(key, plaintext string, context map[string]string) (string, error)
	Decrypt(ciphertext string, context map[string]string) (string, error)
	// DataKey is one of 48 bytes, in plain and encrypted.
	DataKey(key string) ([2]string, error)
	Sign(key, version, digest string) (string, error)
	Verify(key, version, digest, signature string) (bool, error)
	// PublicKey is in PEM.
	PublicKey(key, version string) (string, error)
	DisableKey(key string) error
	// TagKey takes the tags as JSON, as the wire has them.
	TagKey(key, tags string) error
	// UntagKey takes the tags' keys as JSON.
	UntagKey(key, tagKeys string) error
	KeyTags(key string) (map[string]string, error)
	// Code is that of an error which the client raised, empty if it is another kind of error.
	Code(err error) string
}

const description = `für <alle> & "jeden" 100%`

// Names and values that a careless encoding would spoil.
func context() map[string]string {
	return map[string]string{"für": `<a> & "b" 'c'`, "id": "12345678901234567890"}
}

// UseKeys does with a client all that one does with keys.
func UseKeys(who string, kms Keys) {
	var key string
	Check(who+"-key-create", func() {
		key = Must(kms.CreateKey("Aliyun_AES_256", "ENCRYPT/DECRYPT", description))
	})
	if key == "" {
		return
	}
	alias := "alias/suite/" + who
	Check(who+"-key-describe", func() {
		Equal(Must(kms.DescribeKey(key)), [2]string{description, "Enabled"})
	})
	Check(who+"-key-alias", func() {
		Done(kms.CreateAlias(alias, key))
		Equal(Must(kms.Aliases(key)), []string{alias})
	})
	for _, value := range Values(Env("SUITE_VALUES")) {
		Check(who+"-encrypt-and-decrypt-"+value.Kind, func() {
			plaintext := encoded([]byte(value.Text))
			sealed := Must(kms.Encrypt(alias, plaintext, context()))
			Equal(Must(kms.Decrypt(sealed, context())), plaintext)
		})
	}
	Check(who+"-another-context", func() {
		sealed := Must(kms.Encrypt(alias, encoded([]byte("x")), context()))
		other := context()
		other["id"] = "12345678901234567891"
		_, err := kms.Decrypt(sealed, other)
		isRefused(kms, "InvalidParameter", err)
	})
	Check(who+"-key-tags", func() {
		Done(kms.TagKey(key, `[{"TagKey":"für","TagValue":"<alle> & %"},`+
			`{"TagKey":"id","TagValue":"12345678901234567890"}]`))
		expected := map[string]string{"für": "<alle> & %", "id": "12345678901234567890"}
		Equal(Must(kms.KeyTags(key)), expected)
		Done(kms.UntagKey(key, `["für"]`))
		delete(expected, "für")
		Equal(Must(kms.KeyTags(key)), expected)
	})
	Check(who+"-data-key", func() {
		made := Must(kms.DataKey(key))
		Equal(len(Must(base64.StdEncoding.DecodeString(made[0]))), 48)
		Equal(Must(kms.Decrypt(made[1], nil)), made[0])
	})
	Check(who+"-sign-and-verify", func() { sign(kms) })
	Check(who+"-missing-key", func() {
		_, err := kms.DescribeKey("key-hzz00000000000000000000")
		isRefused(kms, "Forbidden.KeyNotFound", err)
	})
	Check(who+"-disabled-key", func() {
		Done(kms.DisableKey(key))
		_, err := kms.Encrypt(key, "eA==", nil)
		isRefused(kms, "Rejected.Disabled", err)
	})
}

// sign has a message signed, which the public key verifies without KMS.
func sign(kms Keys) {
	key := Must(kms.CreateKey("EC_P256", "SIGN/VERIFY", ""))
	version := Must(kms.Versions(key))[0]
	digest, other := sha256.Sum256([]byte("ключ")), sha256.Sum256([]byte("other"))
	value := Must(kms.Sign(key, version, encoded(digest[:])))
	Equal(Must(kms.Verify(key, version, encoded(digest[:]), value)), true)
	Equal(Must(kms.Verify(key, version, encoded(other[:]), value)), false)

	block, _ := pem.Decode([]byte(Must(kms.PublicKey(key, version))))
	if block == nil {
		panic("the public key is no PEM")
	}
	public := Must(x509.ParsePKIXPublicKey(block.Bytes)).(*ecdsa.PublicKey)
	signature := Must(base64.StdEncoding.DecodeString(value))
	Equal(ecdsa.VerifyASN1(public, digest[:], signature), true)
	Equal(ecdsa.VerifyASN1(public, other[:], signature), false)
}

func isRefused(kms Keys, code string, err error) {
	if err == nil {
		err = errors.New("it was answered")
	}
	if kms.Code(err) != code {
		panic("found " + kms.Code(err) + ", not " + code + ": " + err.Error())
	}
}

func encoded(bytes []byte) string { return base64.StdEncoding.EncodeToString(bytes) }
