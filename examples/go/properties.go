package main

import (
	"os"
	"strings"
)

// properties are the lines NAME=VALUE of a file, comments aside.
func properties(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		name, value, whole := strings.Cut(line, "=")
		if whole && !strings.HasPrefix(line, "#") {
			found[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return found, nil
}
