// Alibaba Cloud's SDK for Go with the credentials that it finds by CREDENTIALS_URI: calls STS
// without pause until it is told to end.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/credentials-go/credentials"
	"suite/checks"
)

func main() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	// The default chain: ALIBABA_CLOUD_CREDENTIALS_URI is all that there is.
	credential := checks.Must(credentials.NewCredential(nil))
	client := checks.Must(openapi.NewClient(&openapi.Config{
		Credential: credential,
		Endpoint:   tea.String(checks.Env("BUSINESS")),
		Protocol:   tea.String("http"),
	}))
	how := &openapi.Params{
		Action:      tea.String("GetCallerIdentity"),
		Version:     tea.String("2015-04-01"),
		Protocol:    tea.String("HTTP"),
		Pathname:    tea.String("/"),
		Method:      tea.String("POST"),
		AuthType:    tea.String("AK"),
		Style:       tea.String("RPC"),
		ReqBodyType: tea.String("formData"),
		BodyType:    tea.String("json"),
	}
	calls, failed := 0, 0
	for {
		calls++
		_, err := client.CallApi(how, &openapi.OpenApiRequest{}, &util.RuntimeOptions{})
		if err != nil {
			failed++
			fmt.Println("FAILED", code(err))
		}
		select {
		case <-ended:
			fmt.Printf("%d calls, %d failed\n", calls, failed)
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func code(err error) string {
	var refusal *tea.SDKError
	if errors.As(err, &refusal) {
		return tea.StringValue(refusal.Code)
	}
	return err.Error()
}
