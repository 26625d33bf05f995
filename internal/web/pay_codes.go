package web

import (
	"net/http"
	"strconv"
	"strings"

	"essaim/format/variables"
	"essaim/internal/office"
)

// payCodes is what each element of pay is called in the software: without a code an element is not sent, and whoever has
// some is told.
func (s *Server) payCodes(v *Visit) error {
	return s.showPayCodes(v, nil, http.StatusOK)
}

func (s *Server) showPayCodes(v *Visit, f *Form, status int) error {
	t, err := s.office.PayTables(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	if f == nil {
		f = v.NewForm().Set("prefix", t.Variables.Prefix)
		for e, c := range t.Variables.Codes {
			if !c.Example {
				f.Set("codes."+string(e)+".code", c.Code)
			}
			f.Set("codes."+string(e)+".label", c.Label)
		}
	}
	title := p.T("pay_outside.codes")
	return v.written(Page{Title: title, Section: "pay", Team: true, Status: status}, func(m *markup) {
		Head{Back: Link{Label: p.T("pay_month.title"), Href: v.URL("pay")}, Title: title, Lead: p.T("pay_outside.codes_lead", "software", t.Variables.Software)}.write(m, p)
		m.put(f.Summary())
		if n := len(t.Variables.Examples()); n > 0 {
			m.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.examples", "n", n), Text: p.T("pay_outside.examples_about")})
		}
		if t.Variables.Layout == variables.ByElement {
			m.raw(`<form class="pane stack" method="post" action="`).text(v.URL("pay-codes")).raw(`" data-main>`).put(f.Once())
			for _, e := range variables.Elements() {
				was, said := t.Variables.Codes[e], p.T("variables.element."+string(e))
				place := ""
				if was.Example {
					place = p.T("pay_outside.example", "code", was.Code)
				}
				m.raw(`<div class="frow">`).put(f.Field("codes."+string(e)+".code", said, "maxlength=60", "autocomplete=off", "placeholder="+place)).put(f.Field("codes."+string(e)+".label", p.T("pay_outside.code_label", "element", said), "maxlength=120", "autocomplete=off")).raw("</div>")
			}
			m.put(f.Field("prefix", p.T("pay_outside.prefix"), "maxlength="+strconv.Itoa(variables.MaxPrefix), "autocomplete=off", "hint="+p.T("pay_outside.prefix_hint")))
			m.raw(`<div class="acts"><button class="b go">`).text(p.T("web.save")).raw("</button></div></form>")
		} else {
			m.note(Note{Strong: p.T("pay_outside.by_person"), Text: p.T("pay_outside.by_person_about")})
		}
		m.raw(`<div class="bh"><h2>`).text(p.T("pay_outside.tables")).raw("</h2></div>")
		list := Table{Caption: p.T("pay_outside.tables"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.table")}, {Label: p.T("pay_outside.table_from")}, {Label: p.T("pay_outside.file")}}}
		for _, kind := range []string{office.PayVariables, office.PayResults, office.PayLines, office.PayJournal} {
			from := p.T("pay_outside.table_ours")
			if own, ok := t.Own[kind]; ok {
				from = p.T("pay_outside.table_yours", "name", h.PersonName(own.By), "at", p.Instant(v.At(own.At)))
			}
			name, _, err := t.Table(kind)
			if err != nil {
				continue
			}
			list.Rows = append(list.Rows, Row{Cells: []Cell{cellText(p.T("pay_outside.table." + kind)), cellText(from), cellLink(name, v.URL("pay-codes", kind+".json"))}})
		}
		m.put(list.HTML(p))
		m.raw(`<form class="pane stack" method="post" action="`).text(v.URL("pay-codes", "table")).raw(`">`).put(v.NewForm().Once())
		m.put(f.Select("kind", p.T("pay_outside.table"), options(p, "pay_outside.table.", office.PayVariables, office.PayResults, office.PayLines, office.PayJournal)))
		m.put(f.Area("table", p.T("pay_outside.table_json"), "rows=8", "spellcheck=false", "hint="+p.T("pay_outside.table_hint")))
		m.raw(`<div class="acts"><button class="b">`).text(p.T("pay_outside.table_save")).raw("</button></div></form>")
	})
}

func (s *Server) payCodesSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	t, err := s.office.PayTables(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	codes := map[variables.Element]variables.Code{}
	for _, e := range variables.Elements() {
		c := t.Variables.Codes[e] // keeps what the form does not show
		c.Code, c.Label = f.Text("codes."+string(e)+".code", 60), f.Text("codes."+string(e)+".label", 120)
		codes[e] = c
	}
	if f.OK() {
		err := s.office.SavePayCodes(v.Ctx(), v.Actor, f.Text("prefix", variables.MaxPrefix), codes)
		if err == nil {
			v.Say("pay_outside.said_codes")
			return v.Go(v.URL("pay-codes"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPayCodes(v, f, http.StatusUnprocessableEntity)
}

func (s *Server) payTableSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	kind := f.Choice("kind", office.PayVariables, office.PayResults, office.PayLines, office.PayJournal)
	text := strings.TrimSpace(f.Get("table"))
	if text == "" && f.OK() {
		f.Refuse("table", "web.field_needed")
	}
	if f.OK() {
		err := s.office.SavePayTable(v.Ctx(), v.Actor, kind, []byte(text))
		if err == nil {
			v.Say("pay_outside.said_table")
			return v.Go(v.URL("pay-codes"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPayCodes(v, f, http.StatusUnprocessableEntity)
}

func (s *Server) payTableFile(v *Visit) error {
	t, err := s.office.PayTables(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	name, b, err := t.Table(strings.TrimSuffix(v.PathValue("file"), ".json"))
	if err != nil {
		return err
	}
	return v.sendPiece(name, "application/json", b)
}
