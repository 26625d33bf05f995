package web

import (
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/joint"
)

// togetherPages are what activities do with each other: internal invoices, and deals that several share.
func (s *Server) togetherPages() {
	s.page("GET", "/{coop}/together", access.ReadDesk, s.togetherTeam)
	s.page("GET", "/{coop}/a/{activity}/together", access.ViewDocument, s.together)
	s.internalPages()
	s.dealPages()
}

// togetherData is the list: what waits for the reader first.
type togetherData struct {
	Waiting, Internal, Deals List
	Activity                 int64
	May                      bool // may write an internal invoice
	Propose                  bool // may propose a deal
	Team                     bool
	Nothing                  bool
}

func (s *Server) together(v *Visit) error {
	t, err := s.office.Together(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	d := togetherData{Activity: v.Activity, May: v.can(access.DraftDocument, v.Activity), Propose: v.can(access.SubmitDocument, v.Activity)}
	return s.showTogether(v, t, d)
}

func (s *Server) togetherTeam(v *Visit) error {
	t, err := s.office.Together(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	return s.showTogether(v, t, togetherData{Team: true})
}

func (s *Server) showTogether(v *Visit, t office.Together, d togetherData) error {
	waiting := map[int64]bool{}
	for _, i := range t.Waiting {
		waiting[i.ID] = true
		d.Waiting.Items = append(d.Waiting.Items, Item{Icon: "file-invoice", Name: i.Content.Title, Href: v.URL("internal", i.ID),
			About: v.P.T("together.asks", "sender", t.Names[i.Sender], "receiver", t.Names[i.Receiver], "number", i.Number), Amount: new(i.Net), Why: v.URL("internal", i.ID), Status: Status{Tone: ToneWait, Text: v.P.T("together.to_agree")}})
	}
	for _, x := range t.Asked {
		d.Waiting.Items = append(d.Waiting.Items, Item{Icon: "users-group", Name: x.Deal.Title, Href: v.URL("deals", x.Deal.ID),
			About: v.P.T("together.asks_key", "lead", t.Names[x.Deal.Lead], "member", t.Names[x.Member.Activity]), Status: Status{Tone: ToneWait, Text: v.P.T("together.key_to_agree")}})
	}
	for _, i := range t.Internal {
		if waiting[i.ID] {
			continue
		}
		item := Item{Icon: "arrows-exchange", Name: i.Content.Title, Href: v.URL("internal", i.ID), Why: v.URL("internal", i.ID), Status: v.internalStatus(i)}
		amount := i.Net
		if i.Kind == joint.Credit {
			amount = -amount
		}
		switch {
		case d.Activity == 0:
			item.About = v.P.T("together.from_to", "sender", t.Names[i.Sender], "receiver", t.Names[i.Receiver])
		case i.Sender == d.Activity && i.Receiver == 0:
			item.About = v.P.T("together.to_nobody")
		case i.Sender == d.Activity:
			item.About = v.P.T("together.sold_to", "activity", t.Names[i.Receiver])
		default:
			item.About, amount = v.P.T("together.bought_from", "activity", t.Names[i.Sender]), -amount
		}
		if i.Number != "" {
			item.About += " · " + i.Number
		}
		item.Amount = new(amount)
		if amount > 0 && d.Activity != 0 {
			item.Class = "pos"
		}
		d.Internal.Items = append(d.Internal.Items, item)
	}
	for _, x := range t.Deals {
		var others []string
		for _, m := range x.Members {
			if m.Activity != d.Activity {
				others = append(others, t.Names[m.Activity])
			}
		}
		d.Deals.Items = append(d.Deals.Items, Item{Icon: "users-group", Name: x.Title, Href: v.URL("deals", x.ID), About: v.P.T("together.with", "activities", strings.Join(others, ", ")), Status: v.dealStatus(x)})
	}
	d.Nothing = len(d.Waiting.Items)+len(d.Internal.Items)+len(d.Deals.Items) == 0
	page := Page{Title: v.P.T("together.title"), Section: "together", Main: "narrow", Team: d.Team}
	if !d.Team && !v.Actor.Owns(d.Activity) {
		page.Section, page.Team = "activities", true
	}
	return v.Show("together", page, d)
}

// internalStatus says where an internal invoice stands.
func (v *Visit) internalStatus(i joint.Invoice) Status {
	st := Status{Text: v.P.T("together.status." + string(i.Status))}
	switch i.Status {
	case joint.Booked:
		st.Tone = ToneOK
		if i.Kind == joint.Credit {
			st.Text = v.P.T("together.is_credit")
		}
	case joint.Sent, joint.Accepted:
		st.Tone = ToneWait
	case joint.Refused:
		st.Tone = ToneLate
	case joint.Draft:
		st.Icon = "pencil"
	case joint.Cancelled:
		st.Icon = "x"
	}
	return st
}

func (v *Visit) dealStatus(d joint.Deal) Status {
	st := Status{Text: v.P.T("together.deal_status." + string(d.Status))}
	switch d.Status {
	case joint.Agreed:
		st.Tone = ToneOK
	case joint.Proposed:
		st.Tone = ToneWait
		for _, m := range d.Members {
			if m.Refused != "" {
				st = Status{Tone: ToneLate, Text: v.P.T("together.deal_refused")}
			}
		}
	case joint.Closed:
		st.Icon = "lock"
	}
	return st
}

// partners are the other activities, as choices.
func (s *Server) partners(v *Visit, activity int64) ([]Option, error) {
	all, err := s.office.Partners(v.Ctx(), v.Actor, activity)
	if err != nil {
		return nil, err
	}
	list := []Option{{Label: v.P.T("together.choose")}}
	for _, p := range all {
		label := p.Name
		if p.People != "" && p.People != p.Name {
			label += " · " + p.People
		}
		list = append(list, Option{Value: idText(p.ID), Label: label})
	}
	return list, nil
}

// frameOf is the frame of a page about something of two activities: the reader's own first.
func (v *Visit) frameOf(page Page, activities ...int64) Page {
	v.Activity = activities[0]
	for _, id := range activities {
		if v.Actor.Owns(id) {
			v.Activity = id
			return page
		}
	}
	page.Team = true
	return page
}

// back leads to the list that the reader comes from.
func (v *Visit) togetherURL() string {
	if v.Actor.Owns(v.Activity) || !v.can(access.ReadDesk, 0) {
		return v.URL("a", v.Activity, "together")
	}
	return v.URL("together")
}

// story tells what happened, the latest first.
func (v *Visit) jointStory(events []jointEvent) []deed {
	var list []deed
	for i := range events {
		e := events[len(events)-1-i]
		w, known := jointDeeds[e.Deed]
		if !known {
			continue
		}
		x := deed{Icon: w[0], What: v.P.T(w[1]), Who: e.ByName, When: v.P.Instant(v.At(e.At)), Word: e.Comment}
		if e.Deed == "paid" {
			x.Word = ""
		}
		list = append(list, x)
	}
	return list
}
