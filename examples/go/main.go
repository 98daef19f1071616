// Calls an API all the time with an AccessKey that it never writes down: all it knows is the name
// of the secret that hosts it. Where KMS is, and how to be let in, is in a file of the secrets
// client's.
//
// `hosted-access-key [RESOURCES]`, where RESOURCES is the folder of the two properties files:
// `resources` by default, `config/prod-aliyun/resources` in the cloud. Ends at SIGTERM or Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

func main() {
	folder := "resources"
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	failed, err := run(ended, folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// run calls until it is told to end; how many calls failed.
func run(ended context.Context, folder string) (int, error) {
	settings, err := properties(filepath.Join(folder, "application.properties"))
	if err != nil {
		return 0, err
	}
	pause, err := strconv.Atoi(settings["pause_milliseconds"])
	if err != nil {
		return 0, fmt.Errorf("pause_milliseconds: %w", err)
	}
	refresh, err := strconv.Atoi(settings["refresh_milliseconds"])
	if err != nil {
		return 0, fmt.Errorf("refresh_milliseconds: %w", err)
	}
	client, err := newClient(
		filepath.Join(folder, "managed_credentials_providers.properties"),
		settings["secret_name"],
		settings["region_id"],
		int64(refresh),
	)
	if err != nil {
		return 0, err
	}
	calls, failed := 0, 0
	for ended.Err() == nil {
		calls++
		answer, err := client.call(whoami(settings))
		if err != nil {
			failed++
			fmt.Println("FAILED", code(err))
		} else if calls == 1 {
			fmt.Println("calls as", answer)
		}
		select {
		case <-ended.Done():
		case <-time.After(time.Duration(pause) * time.Millisecond):
		}
	}
	fmt.Printf("%d calls, %d failed\n", calls, failed)
	return failed, nil
}

// whoami is the business of this program: it asks STS who it is.
func whoami(settings map[string]string) *requests.CommonRequest {
	request := requests.NewCommonRequest()
	request.Method = "POST"
	request.Domain = settings["endpoint"]
	request.Scheme = settings["protocol"]
	request.Version = "2015-04-01"
	request.ApiName = "GetCallerIdentity"
	return request
}

// code is what the API answered instead.
func code(err error) string {
	var refusal *sdkerrors.ServerError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return err.Error()
}
