// Package checks says one line per check, `ok NAME` or `FAIL NAME reason`: the suite counts these
// lines.
package checks

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
)

var failed bool

// Check counts what happens inside; a panic is a failed check, and the next one still runs.
func Check(name string, run func()) {
	defer func() {
		if reason := recover(); reason != nil {
			failed = true
			fmt.Println("FAIL", name, strings.Join(strings.Fields(fmt.Sprint(reason)), " "))
			return
		}
		fmt.Println("ok", name)
	}()
	run()
}

// Equal is like an assertion, but says what was found.
func Equal(found, expected any) {
	if !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("found %#v, not %#v", found, expected))
	}
}

// Must takes the error out of an answer.
func Must[T any](answer T, err error) T {
	Done(err)
	return answer
}

// Done is for calls that answer nothing.
func Done(err error) {
	if err != nil {
		panic(err)
	}
}

// Finish ends the program.
func Finish() {
	if failed {
		os.Exit(1)
	}
}

// Env is a variable that the suite sets.
func Env(name string) string {
	value, set := os.LookupEnv(name)
	if !set {
		panic(name + " is not set")
	}
	return value
}

// A Value is one that something on the way could spoil, and what it is called.
type Value struct{ Kind, Text string }

// Values reads a file of values, as of suite/values.json.
func Values(path string) []Value {
	var read map[string]string
	Done(json.Unmarshal(Must(os.ReadFile(path)), &read))
	values := make([]Value, 0, len(read))
	for kind, text := range read {
		values = append(values, Value{kind, text})
	}
	sort.Slice(values, func(a, b int) bool { return values[a].Kind < values[b].Kind })
	return values
}
