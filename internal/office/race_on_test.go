//go:build race

package office_test

// raced says that the race detector watches: everything takes ten times as long, and the same code paths are seen with
// fewer rounds.
const raced = true
