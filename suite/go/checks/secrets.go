package checks

// Secrets is what the checks ask of a client, which it does in its own words.
type Secrets interface {
	Reader
	// Create makes a secret with one version, `v1`.
	Create(name, value string) error
	// Put adds a version.
	Put(name, version, value string) error
	// Describe tells the description.
	Describe(name string) (string, error)
	// Update changes the description.
	Update(name, description string) error
	// Tag adds tags.
	Tag(name string, tags map[string]string) error
	// Tags tells all tags.
	Tags(name string) (map[string]string, error)
	// List names the secrets that begin so.
	List(prefix string) ([]string, error)
	// Delete deletes for good.
	Delete(name string) error
}

// Reader is a client that only reads.
type Reader interface {
	// Read reads the current version.
	Read(name string) (Read, error)
	// Code is that of an error which the client raised, empty if it is another kind of error.
	Code(err error) string
}

// Read is what a client found.
type Read struct {
	Value, Version string
	// Stages is empty for clients that do not tell.
	Stages []string
}

// Connect makes a client with this secret of the AccessKey.
type Connect[C any] func(secret string) C

// UseSecrets does with a client all that one does with secrets. A wrong secret of the AccessKey
// has this code.
func UseSecrets[C Secrets](who, wrongSecret string, connect Connect[C]) {
	prefix := "suite/" + who + "/"
	values := Values(Env("SUITE_VALUES"))
	kms := connect(Env("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
	var names []string
	for _, value := range values {
		name := prefix + value.Kind
		names = append(names, name)
		Check(who+"-create-and-read-"+value.Kind, func() {
			Done(kms.Create(name, value.Text))
			Equal(Must(kms.Read(name)), Read{value.Text, "v1", []string{"ACSCurrent"}})
		})
	}
	Check(who+"-list", func() {
		// `Values` sorts as the server does.
		Equal(Must(kms.List(prefix)), names)
	})
	Check(who+"-put", func() {
		Done(kms.Put(prefix+"plain", "v2", "hunter3 <ü>"))
		Equal(Must(kms.Read(prefix+"plain")), Read{"hunter3 <ü>", "v2", []string{"ACSCurrent"}})
	})
	Check(who+"-update-and-describe", func() {
		Done(kms.Update(prefix+"json", "für <alle> & \"jeden\""))
		Equal(Must(kms.Describe(prefix+"json")), "für <alle> & \"jeden\"")
	})
	Check(who+"-tag", func() {
		// Kept as they are, and named once more with another value.
		Done(kms.Tag(prefix+"json", map[string]string{"für": "<alle> & %", "id": "1"}))
		Done(kms.Tag(prefix+"json", map[string]string{"id": "12345678901234567890"}))
		expected := map[string]string{"für": "<alle> & %", "id": "12345678901234567890"}
		Equal(Must(kms.Tags(prefix+"json")), expected)
	})
	Check(who+"-delete", func() {
		Done(kms.Delete(prefix + "lines"))
		Refused(kms, "Forbidden.ResourceNotFound", prefix+"lines")
	})
	Errors(who, wrongSecret, connect)
}

// Errors looks for a secret that is not there, and asks with a wrong secret of the AccessKey.
func Errors[C Reader](who, wrongSecret string, connect Connect[C]) {
	secret := Env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	Check(who+"-missing-secret", func() {
		Refused(connect(secret), "Forbidden.ResourceNotFound", "suite/nowhere")
	})
	Check(who+"-wrong-secret-of-the-accesskey", func() {
		Refused(connect("not"+secret), wrongSecret, "suite/nowhere")
	})
}

// Refused reads what must not be answered.
func Refused(kms Reader, code, name string) {
	read, err := kms.Read(name)
	if err == nil {
		panic("it was answered: " + read.Version)
	}
	if kms.Code(err) != code {
		panic("found " + kms.Code(err) + ", not " + code + ": " + err.Error())
	}
}
