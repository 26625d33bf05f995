//go:build !race

package office_test

const raced = false
