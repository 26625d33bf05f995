package main

import (
	"strings"
	"testing"
)

// A part that does not exist is wrong use, told with those that do.
func TestBenchWrongPart(t *testing.T) {
	var out, told strings.Builder
	if exit := run([]string{"bench", "--only", "speed", "--lang", "en"}, &out, &told); exit != exitUsage {
		t.Errorf("exit %d", exit)
	}
	if !strings.Contains(told.String(), "entry") || !strings.Contains(told.String(), "speed") || out.Len() > 0 {
		t.Errorf("told %q, printed %q", told.String(), out.String())
	}
}

func TestBenchHelp(t *testing.T) {
	var out, told strings.Builder
	if exit := run([]string{"bench", "--help"}, &out, &told); exit != exitClean {
		t.Errorf("exit %d: %s", exit, told.String())
	}
	if text := out.String(); !strings.Contains(text, "Example: essaim bench") || strings.Contains(text, "floor-addr") {
		t.Errorf("help: %s", text)
	}
}
