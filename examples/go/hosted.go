package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"

	core "github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	secrets "github.com/aliyun/aliyun-secretsmanager-client-go/sdk"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/logger"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/service"
)

// expired are the refusals that mean another AccessKey: gone, or disabled.
var expired = map[string]bool{
	"InvalidAccessKeyId.NotFound": true,
	"InvalidAccessKeyId":          true,
	"InvalidAccessKeyId.Inactive": true,
}

// client signs each call with the AccessKey that the secret holds at the time.
type client struct {
	secret string
	cache  *secrets.SecretManagerCacheClient

	mutex sync.Mutex
	// Of the API, made for value.
	core  *core.Client
	value string
	// Where the API is asked.
	region string
}

// accessKey is what a secret of a RAM user is read as.
type accessKey struct{ AccessKeyId, AccessKeySecret string }

// newClient reads where KMS is from a file, and the secret again whenever what it has is older than
// so many milliseconds.
func newClient(file, secret, region string, refresh int64) (*client, error) {
	gateway := service.NewDefaultSecretManagerClientBuilder().WithCustomConfigFile(file).Build()
	cache, err := secrets.NewSecretCacheClientBuilder(gateway).
		WithSecretTTL(secret, refresh).
		WithLogger(logger.NewDefaultLogger(log.New(os.Stderr, "", log.LstdFlags))).
		Build()
	if err != nil {
		return nil, fmt.Errorf("reaching KMS: %w", err)
	}
	return &client{secret: secret, region: region, cache: cache}, nil
}

// call makes a call; when the key at hand turns out to be no longer the right one, it reads the
// secret again and makes the call once more.
func (c *client) call(request *requests.CommonRequest) (string, error) {
	answer, err := c.once(request)
	if err == nil || !expired[code(err)] {
		return answer, err
	}
	if _, err := c.cache.RefreshNow(c.secret); err != nil {
		return "", fmt.Errorf("reading %s again: %w", c.secret, err)
	}
	return c.once(request)
}

func (c *client) once(request *requests.CommonRequest) (string, error) {
	signer, err := c.current()
	if err != nil {
		return "", err
	}
	answer, err := signer.ProcessCommonRequest(request)
	if err != nil {
		return "", err
	}
	return answer.GetHttpContentString(), nil
}

// current is a client of the API with the key of now.
func (c *client) current() (*core.Client, error) {
	value, err := c.cache.GetStringValue(c.secret)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", c.secret, err)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.core == nil || value != c.value {
		var key accessKey
		if err := json.Unmarshal([]byte(value), &key); err != nil {
			return nil, fmt.Errorf("%s holds no AccessKey", c.secret)
		}
		// A failed call is to be seen here.
		config := core.NewConfig().WithAutoRetry(false)
		made, err := core.NewClientWithOptions(
			c.region,
			config,
			credentials.NewAccessKeyCredential(key.AccessKeyId, key.AccessKeySecret),
		)
		if err != nil {
			return nil, err
		}
		c.core, c.value = made, value
	}
	return c.core, nil
}
