// Storage is a server of S3, somebody else's, that checks signatures. It runs a program of ours,
// whose path is its argument, and looks at what that one has put into a bucket.
package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
	"suite/checks"
)

const (
	bucket = "audit"
	key    = "AliyunLogs/Config/1/a b+c=%~.json"
	id     = "SuiteStorage"
	secret = "canary-storage-secret"
	body   = `{"eventName":"NonCompliant"}`
)

func main() {
	backend := s3mem.New()
	server := gofakes3.New(backend, gofakes3.WithV4Auth(map[string]string{id: secret}))
	var said http.Header
	handler := server.Server()
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said = r.Header.Clone()
		handler.ServeHTTP(w, r)
	}))
	defer listener.Close()
	if err := backend.CreateBucket(context.Background(), bucket); err != nil {
		panic(err)
	}

	put := func(with, what string) (string, error) {
		command := exec.Command(os.Args[1])
		command.Env = []string{
			"S3_ENDPOINT=" + listener.URL, "S3_BUCKET=" + bucket, "S3_KEY=" + key,
			"S3_ACCESS_KEY_ID=" + id, "S3_SECRET_ACCESS_KEY=" + with,
		}
		command.Stdin = strings.NewReader(what)
		out, err := command.CombinedOutput()
		return string(out), err
	}

	checks.Check("s3-takes-what-we-sign", func() {
		out, err := put(secret, body)
		if err != nil {
			panic(out)
		}
		object, err := backend.GetObject(context.Background(), bucket, key, nil)
		if err != nil {
			panic(err)
		}
		content, err := io.ReadAll(object.Contents)
		if err != nil {
			panic(err)
		}
		checks.Equal(string(content), body)
		checks.Equal(object.Metadata["Content-Type"], "application/json")
		checks.Equal(said.Get("x-amz-server-side-encryption"), "AES256")
	})
	checks.Check("s3-refuses-what-another-secret-signs", func() {
		out, err := put("another", "other")
		if err == nil {
			panic("it was taken")
		}
		if !strings.Contains(out, "SignatureDoesNotMatch") || strings.Contains(out, "another") {
			panic(out)
		}
		object, err := backend.GetObject(context.Background(), bucket, key, nil)
		if err != nil {
			panic(err)
		}
		content, _ := io.ReadAll(object.Contents)
		checks.Equal(string(content), body)
	})
	checks.Finish()
}
