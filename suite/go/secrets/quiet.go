package main

import (
	"fmt"

	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/logger"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/utils"
	"suite/checks"
)

// It logs to standard output, every refusal twice and with its stack; the checks say enough.
type quiet struct{}

func init() { checks.Done(logger.RegisterLogger(utils.ModeName, quiet{})) }

func (quiet) Flush()                       {}
func (quiet) Tracef(_ string, _ ...any)    {}
func (quiet) Infof(_ string, _ ...any)     {}
func (quiet) Debugf(_ string, _ ...any)    {}
func (quiet) Warnf(_ string, _ ...any)     {}
func (quiet) Errorf(form string, _ ...any) { fmt.Println("the client logs:", form) }
