// Takes documents apart with the libraries that the original operator does it with, and looks
// whether the golden files say what comes of it. With -write it writes them.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"suite/checks"
)

// Case is one entry of a golden file.
type Case struct {
	Name string `json:"name"`
	// extract, jmes or replace
	Op       string `json:"op"`
	Document string `json:"document,omitempty"`
	// The document, where it is no text.
	Base64 string `json:"base64,omitempty"`
	// The document is that of the case before.
	Same  bool   `json:"same,omitempty"`
	Paths []Path `json:"paths,omitempty"`
	Rules []Rule `json:"rules,omitempty"`
	// What replace begins with.
	Keys map[string]string `json:"keys,omitempty"`
	// Rules change values, too.
	ValuesToo bool   `json:"valuesToo,omitempty"`
	Old       Answer `json:"0.5"`
	New       Answer `json:"0.6"`

	bytes []byte
}

// Path is an entry of jmesPath.
type Path struct {
	Path  string `json:"path"`
	Alias string `json:"objectAlias"`
}

// Rule is an entry of replaceRule.
type Rule struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// Answer is what comes of a case in one version.
type Answer struct {
	// Values that are no text are in base64, behind that word.
	Keys map[string]string `json:"keys"`
	// Paths that gave nothing.
	Missed []string `json:"missed,omitempty"`
	// Nothing comes of it.
	Fails bool `json:"fails,omitempty"`
}

func main() {
	write := flag.Bool("write", false, "write what comes of the cases into the golden files")
	flag.Parse()
	files := checks.Must(filepath.Glob(filepath.Join(flag.Arg(0), "*.json")))
	sort.Strings(files)
	for _, file := range files {
		cases := read(file)
		for index := range cases {
			one := &cases[index]
			one.bytes = []byte(one.Document)
			if one.Base64 != "" {
				one.bytes = checks.Must(base64.StdEncoding.DecodeString(one.Base64))
			}
			if one.Same {
				one.bytes = cases[index-1].bytes
			}
			old, new := one.answer(V05), one.answer(V06)
			if *write {
				one.Old, one.New = old, new
				continue
			}
			name := strings.TrimSuffix(filepath.Base(file), ".json") + "/" + one.Name
			checks.Check(name, func() {
				checks.Equal(old, one.Old)
				checks.Equal(new, one.New)
			})
		}
		if *write {
			store(file, cases)
		}
	}
	checks.Finish()
}

func read(file string) []Case {
	decoder := json.NewDecoder(bytes.NewReader(checks.Must(os.ReadFile(file))))
	decoder.DisallowUnknownFields()
	var cases []Case
	checks.Done(decoder.Decode(&cases))
	return cases
}

// store gives each case a line of its own.
func store(file string, cases []Case) {
	var lines []string
	for _, one := range cases {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		checks.Done(encoder.Encode(one))
		lines = append(lines, strings.TrimSpace(line.String()))
	}
	text := "[\n" + strings.Join(lines, ",\n") + "\n]\n"
	checks.Done(os.WriteFile(file, []byte(text), 0o644))
}

func (c *Case) answer(version Version) Answer {
	answers := map[string]bool{}
	var first Answer
	// Go goes through maps in another order each time: a case must not depend on it.
	for i := 0; i < 8; i++ {
		answer := c.once(version)
		answers[string(checks.Must(json.Marshal(answer)))] = true
		first = answer
	}
	if len(answers) != 1 {
		panic(c.Name + " depends on chance: leave it out")
	}
	return first
}

func (c *Case) once(version Version) (answer Answer) {
	defer func() {
		// A panic fails the whole round of the original.
		if reason := recover(); reason != nil {
			answer = Answer{Fails: true}
		}
	}()
	var keys map[string][]byte
	var err error
	switch c.Op {
	case "extract":
		keys, err = extract(version, c.bytes)
		keys = rename(version, keys, c.Paths)
	case "jmes":
		keys, answer.Missed, err = search(version, c.bytes, "name", c.Paths)
	case "replace":
		keys = map[string][]byte{}
		for key, value := range c.Keys {
			keys[key] = []byte(value)
		}
		keys, err = replace(version, keys, c.Rules, c.ValuesToo)
	default:
		panic(c.Op)
	}
	if err != nil {
		answer.Fails = true
		return answer
	}
	answer.Keys = map[string]string{}
	for key, value := range keys {
		// As in the request to the API server.
		key = strings.ToValidUTF8(key, "\uFFFD")
		answer.Keys[key] = printable(value)
	}
	return answer
}

func printable(value []byte) string {
	if utf8.Valid(value) {
		return string(value)
	}
	return "base64:" + base64.StdEncoding.EncodeToString(value)
}
