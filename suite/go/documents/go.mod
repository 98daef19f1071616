module suite/documents

go 1.21

require (
	github.com/jmespath/go-jmespath v0.4.0
	gopkg.in/yaml.v3 v3.0.1
	suite/checks v0.0.0
)

replace suite/checks => ../checks
