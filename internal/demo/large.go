package demo

import "errors"

func (w *world) large() error { return errors.New("not yet") }
