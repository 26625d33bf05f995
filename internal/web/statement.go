package web

import (
	"strings"

	"essaim/date"
)

// statement sends the monthly statement of an activity (R7331-5 Code du travail).
func (s *Server) statement(v *Visit) error {
	text, pdf := strings.CutSuffix(v.PathValue("file"), ".pdf")
	month, err := date.ParseMonth(text)
	if err != nil || !pdf {
		return errAbsent()
	}
	name, body, err := s.office.Statement(v.Ctx(), v.Actor, v.Activity, month)
	if err != nil {
		return err
	}
	return v.Send(name, body, true)
}
