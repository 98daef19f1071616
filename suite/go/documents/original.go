package main

// What stands between the original operator and these libraries, in 0.5.8 and 0.6.7.

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/jmespath/go-jmespath"
	"gopkg.in/yaml.v3"
)

// Version is whose glue.
type Version int

// The two that are known.
const (
	V05 Version = iota
	V06
)

// isJSON: strictly, and from the first byte on.
func isJSON(document []byte) bool {
	if len(document) == 0 || document[0] != '{' && document[0] != '[' {
		return false
	}
	var any interface{}
	return json.Unmarshal(document, &any) == nil
}

func extract(version Version, document []byte) (map[string][]byte, error) {
	values := map[string]interface{}{}
	var err error
	json_ := false
	if version == V06 {
		if json_ = isJSON(document); json_ {
			err = json.Unmarshal(document, &values)
		} else {
			err = yaml.Unmarshal(document, &values)
		}
	} else if err = yaml.Unmarshal(document, &values); err != nil {
		json_ = true
		err = json.Unmarshal(document, &values)
	}
	if err != nil {
		return nil, err
	}
	keys := map[string][]byte{}
	for key, value := range values {
		keys[key], _ = marshal(value, json_)
		if text, ok := value.(string); ok {
			keys[key] = []byte(text)
		}
	}
	return keys, nil
}

func marshal(value interface{}, json_ bool) ([]byte, error) {
	if json_ {
		return json.Marshal(value)
	}
	return yaml.Marshal(value)
}

func rename(version Version, keys map[string][]byte, paths []Path) map[string][]byte {
	if version == V05 || keys == nil {
		return keys
	}
	renamed := map[string][]byte{}
	for key, value := range keys {
		for _, path := range paths {
			if path.Path == key {
				if path.Alias != "" {
					key = path.Alias
				}
				break
			}
		}
		renamed[key] = value
	}
	return renamed
}

// search answers the aliases, and the paths that gave nothing. Nothing at all is an error here; the
// original stores the whole document then.
func search(
	version Version, document []byte, name string, paths []Path,
) (map[string][]byte, []string, error) {
	var value interface{}
	yamlError := yaml.Unmarshal(document, &value)
	if yamlError != nil {
		value = nil
		if json.Unmarshal(document, &value) != nil {
			return nil, all(paths), errors.New("neither JSON nor YAML")
		}
	}
	json_ := yamlError != nil
	if version == V06 {
		json_ = isJSON(document)
	}
	keys := map[string][]byte{}
	var missed []string
	for _, path := range paths {
		found, err := find(path.Path, value)
		var text []byte
		if err == nil {
			text, err = textOf(found, json_)
		}
		if err != nil {
			missed = append(missed, path.Path)
			continue
		}
		alias := path.Alias
		if alias == "" {
			// In 0.5.8 it is the empty key, which no Secret can have.
			alias = name
		}
		keys[alias] = text
	}
	sort.Strings(missed)
	if len(keys) == 0 {
		return nil, missed, errors.New("nothing matched")
	}
	return keys, missed, nil
}

// find fails where the library panics, which ends the whole round of the original.
func find(path string, value interface{}) (found interface{}, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	return jmespath.Search(path, value)
}

func all(paths []Path) []string {
	var missed []string
	for _, path := range paths {
		missed = append(missed, path.Path)
	}
	sort.Strings(missed)
	return missed
}

func textOf(value interface{}, json_ bool) ([]byte, error) {
	switch value := value.(type) {
	case string:
		return []byte(value), nil
	case int, int64, uint, uint64, float32, float64, bool:
		return []byte(fmt.Sprintf("%v", value)), nil
	case map[string]interface{}, []interface{}:
		return marshal(value, json_)
	}
	return nil, fmt.Errorf("%T has no text", value)
}

// replace fails where a rule does not compile, in 0.5.8, too, which drops all keys instead.
func replace(
	version Version, keys map[string][]byte, rules []Rule, valuesToo bool,
) (map[string][]byte, error) {
	for _, rule := range rules {
		expression, err := regexp.Compile(rule.Source)
		if err != nil {
			return nil, err
		}
		replaced := map[string][]byte{}
		for key, value := range keys {
			replaced[expression.ReplaceAllString(key, rule.Target)] = value
		}
		keys = replaced
	}
	if version == V06 && valuesToo {
		for key, value := range keys {
			for _, rule := range rules {
				value = []byte(strings.ReplaceAll(string(value), rule.Source, rule.Target))
			}
			keys[key] = value
		}
	}
	return keys, nil
}
