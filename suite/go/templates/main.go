// Templates as Go's text/template and Sprig render them: the golden cases of ack-secret-manager
// are shown to be theirs. `write` in front of the folder notes what they give instead.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	_ "time/tzdata"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"

	"suite/checks"
)

// A file of cases over the same data.
type file struct {
	Data  map[string]string `json:"data"`
	Cases []*golden         `json:"cases"`
}

// golden is a template and what it gives: a text, or bytes in base64, or an error.
type golden struct {
	Template string `json:"template"`
	Gives    string `json:"gives,omitempty"`
	Bytes    string `json:"bytes,omitempty"`
	Fails    bool   `json:"fails,omitempty"`
}

func main() {
	arguments := os.Args[1:]
	write := len(arguments) == 2 && arguments[0] == "write"
	folder := arguments[len(arguments)-1]
	for _, path := range checks.Must(filepath.Glob(filepath.Join(folder, "*.json"))) {
		var cases file
		checks.Done(json.Unmarshal(checks.Must(os.ReadFile(path)), &cases))
		if write {
			cases.write(path)
			continue
		}
		topic := strings.TrimSuffix(filepath.Base(path), ".json")
		for at, one := range cases.Cases {
			checks.Check(fmt.Sprintf("template-%s-%d", topic, at), func() {
				checks.Equal(one.rendered(cases.Data), *one)
			})
		}
	}
	if !write {
		checks.Finish()
	}
}

func (cases file) write(path string) {
	for _, one := range cases.Cases {
		*one = one.rendered(cases.Data)
	}
	var out bytes.Buffer
	out.WriteString("{\"data\": " + encoded(cases.Data) + ",\n\"cases\": [\n")
	for at, one := range cases.Cases {
		if at > 0 {
			out.WriteString(",\n")
		}
		out.WriteString(encoded(one))
	}
	out.WriteString("\n]}\n")
	checks.Done(os.WriteFile(path, out.Bytes(), 0o644))
}

func encoded(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	checks.Done(encoder.Encode(value))
	return strings.TrimSpace(out.String())
}

// rendered is the same case with what comes out here.
func (one golden) rendered(data map[string]string) golden {
	answer := golden{Template: one.Template}
	dot := map[string]any{}
	for key, value := range data {
		dot[key] = value
	}
	var out bytes.Buffer
	parsed, err := template.New("").Funcs(functions()).Parse(one.Template)
	if err == nil {
		err = parsed.Execute(&out, dot)
	}
	switch {
	case err != nil:
		answer.Fails = true
	case utf8.Valid(out.Bytes()):
		answer.Gives = out.String()
	default:
		answer.Bytes = base64.StdEncoding.EncodeToString(out.Bytes())
	}
	return answer
}

// functions are Sprig's without those that are left out, and the four of ack-secret-manager's own
// that are not of chance, in the words of reference k8s-sync.
func functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	all["toLines"] = func(text string) []string {
		if text == "" {
			return []string{}
		}
		return strings.Split(strings.TrimSpace(text), "\n")
	}
	all["parseKeyValue"] = func(text string) map[string]string {
		pairs := map[string]string{}
		for _, line := range strings.Split(text, "\n") {
			line = strings.TrimSpace(line)
			key, value, found := strings.Cut(line, "=")
			if found && !strings.HasPrefix(line, "#") {
				pairs[strings.TrimSpace(key)] = strings.TrimSpace(value)
			}
		}
		return pairs
	}
	all["jsonPath"] = func(text, path string) any {
		var found any
		if json.Unmarshal([]byte(text), &found) != nil {
			return ""
		}
		if path == "" {
			return found
		}
		for _, part := range strings.Split(path, ".") {
			var there bool
			if found, there = step(found, part); !there {
				return ""
			}
		}
		return found
	}
	all["mergeJson"] = func(base, other string) string {
		var into, from map[string]any
		if json.Unmarshal([]byte(base), &into) != nil || json.Unmarshal([]byte(other), &from) != nil {
			return base
		}
		return string(checks.Must(json.Marshal(merged(into, from))))
	}
	return all
}

func step(value any, part string) (any, bool) {
	switch value := value.(type) {
	case map[string]any:
		found, there := value[part]
		return found, there
	case []any:
		var at int
		if _, err := fmt.Sscanf(part, "%d", &at); err != nil || at < 0 || at >= len(value) {
			return nil, false
		}
		return value[at], true
	}
	return nil, false
}

func merged(into, from map[string]any) map[string]any {
	all := map[string]any{}
	for key, value := range into {
		all[key] = value
	}
	for key, value := range from {
		inner, is := all[key].(map[string]any)
		other, also := value.(map[string]any)
		if is && also {
			value = merged(inner, other)
		}
		all[key] = value
	}
	return all
}
