module suite/checks

go 1.21
