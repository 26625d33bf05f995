package office

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/joint"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// seesDeal says whether the actor may see a deal: a member, or who may see what a member does.
func seesDeal(a access.Actor, d joint.Deal) error {
	err := can(a, access.ViewDocument, access.Subject{Activity: d.Lead})
	for _, m := range d.Members {
		if can(a, access.ViewDocument, access.Subject{Activity: m.Activity}) == nil {
			return nil
		}
	}
	return err
}

func deal(tx *store.Tx, a access.Actor, id int64) (joint.Deal, error) {
	d, err := tx.Deal(id)
	if err != nil {
		return d, absent(a, access.ViewDocument, err)
	}
	if err := seesDeal(a, d); err != nil {
		return joint.Deal{}, err
	}
	return d, nil
}

func (o *Office) logDeal(tx *store.Tx, a access.Actor, d *joint.Deal, deed, comment string) error {
	if err := tx.AddJointEvent(store.ThingDeal, d.ID, deed, comment, a.Person, a.Name); err != nil {
		return err
	}
	return tx.Audit(a.Person, "deal."+deed, joint.DealDocument(d.ID), map[string]any{"name": d.Title, "comment": comment})
}

// SaveDeal proposes a deal, or another key for one whose money has not begun to be shared: everybody is asked again. The
// lead agrees by proposing.
func (o *Office) SaveDeal(ctx context.Context, a access.Actor, d joint.Deal, key string) (saved joint.Deal, err error) {
	err = o.write(ctx, a, func(tx *store.Tx) error {
		saved = d
		if d.ID == 0 {
			if id, done, err := once(tx, a, "deal", key, d); err != nil || done {
				if err == nil {
					saved, err = deal(tx, a, id)
				}
				return err
			}
		}
		if err := o.saveDeal(tx, a, &saved); err != nil {
			return err
		}
		if d.ID != 0 {
			return nil
		}
		return keep(tx, a, "deal", key, d, saved.ID)
	})
	return saved, err
}

func (o *Office) saveDeal(tx *store.Tx, a access.Actor, d *joint.Deal) error {
	title, note, members := strings.TrimSpace(d.Title), strings.TrimSpace(d.Note), d.Members
	old := joint.Deal{}
	if d.ID != 0 {
		var err error
		if old, err = deal(tx, a, d.ID); err != nil {
			return err
		}
		if d.Version != 0 && d.Version != old.Version {
			return fault.New(fault.Conflict, "joint.fault.changed")
		}
		if old.Status == joint.Closed {
			return fault.New(fault.Conflict, "joint.fault.deal_closed")
		}
		*d = old
	}
	if err := can(a, access.SubmitDocument, access.Subject{Activity: d.Lead}); err != nil {
		return err
	}
	d.Title, d.Note, d.Members = title, note, slices.Clone(members)
	for i := range d.Members { // what only the deal knows of a member
		m := &d.Members[i]
		was, _ := old.Of(m.Activity)
		m.Axis, m.By, m.ByName, m.At, m.Refused = was.Axis, was.By, was.ByName, was.At, ""
	}
	if err := d.Check(); err != nil {
		return err
	}
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	for n, m := range d.Members {
		if _, err := o.near.of(tx.Coop(), set).seller(tx, m.Activity); err != nil {
			return fault.At("members["+strconv.Itoa(n)+"].activity", "joint.fault.receiver")
		}
	}
	deed := "change"
	if d.ID == 0 || !joint.SameKey(old, *d) {
		if old.Begun {
			return fault.At("members[0].weight", "joint.fault.begun")
		}
		if err := stays(tx, old, *d); err != nil {
			return err
		}
		for i := range d.Members {
			m := &d.Members[i]
			m.By, m.ByName, m.At = 0, "", 0
			if m.Activity == d.Lead {
				m.By, m.ByName, m.At = a.Person, a.Name, tx.Now()
			}
		}
		d.Status, deed = joint.Proposed, "propose"
		if d.ID == 0 {
			d.Author, d.Begun = a.Person, false
		}
	}
	if err := tx.SaveDeal(d); err != nil {
		return err
	}
	return o.logDeal(tx, a, d, deed, "")
}

// stays refuses to leave out a member whose lines documents already bear.
func stays(tx *store.Tx, old, now joint.Deal) error {
	if old.ID == 0 {
		return nil
	}
	rows, err := tx.SalesOfDeal(old.ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		activity, _ := old.On(r.Axis)
		if _, ok := now.Of(activity); activity != 0 && !ok {
			return fault.At("members[0].activity", "joint.fault.member_bound")
		}
	}
	return nil
}

// dealDeed runs one deed on a deal.
func (o *Office) dealDeed(ctx context.Context, a access.Actor, id, version int64, deed, comment string, what any, change func(*store.Tx, *joint.Deal) error) (d joint.Deal, err error) {
	comment = strings.TrimSpace(comment)
	if len(comment) > joint.MaxNote {
		return d, fault.At("comment", "web.field_long", "n", joint.MaxNote)
	}
	again := func(tx *store.Tx, id int64) (err error) { d, err = deal(tx, a, id); return err }
	err = o.writeOnce(ctx, a, "deal."+deed, []any{id, version, what, comment}, again, func(tx *store.Tx) (int64, error) {
		if d, err = deal(tx, a, id); err != nil {
			return 0, err
		}
		seen := d.Version
		if err := change(tx, &d); err != nil {
			return 0, err
		}
		if version != 0 && version != seen {
			return 0, fault.New(fault.Conflict, "joint.fault.changed")
		}
		if err := tx.SaveDeal(&d); err != nil {
			return 0, err
		}
		return id, o.logDeal(tx, a, &d, deed, comment)
	})
	return d, err
}

// member finds the member that an actor answers for.
func (o *Office) member(a access.Actor, d *joint.Deal, activity int64) (*joint.Member, error) {
	n := slices.IndexFunc(d.Members, func(m joint.Member) bool { return m.Activity == activity })
	if n < 0 || activity == d.Lead {
		return nil, fault.New(fault.NotFound, "joint.absent")
	}
	if err := can(a, access.AgreeJoint, access.Subject{Activity: activity, Other: d.Lead, Author: d.Author}); err != nil {
		return nil, err
	}
	if d.Status != joint.Proposed {
		return nil, fault.New(fault.Conflict, "joint.fault.decided")
	}
	return &d.Members[n], nil
}

// AgreeDeal is a member's agreement to the key as it stands at a version. Once everybody has agreed, it binds.
func (o *Office) AgreeDeal(ctx context.Context, a access.Actor, id, version, activity int64) (joint.Deal, error) {
	return o.dealDeed(ctx, a, id, version, "agree", "", activity, func(tx *store.Tx, d *joint.Deal) error {
		m, err := o.member(a, d, activity)
		if err != nil {
			return err
		}
		m.By, m.ByName, m.At, m.Refused = a.Person, a.Name, tx.Now(), ""
		if d.Everybody() {
			d.Status = joint.Agreed
		}
		return nil
	})
}

// RefuseDeal says why not: the lead proposes something else.
func (o *Office) RefuseDeal(ctx context.Context, a access.Actor, id, version, activity int64, comment string) (joint.Deal, error) {
	return o.dealDeed(ctx, a, id, version, "refuse", comment, activity, func(_ *store.Tx, d *joint.Deal) error {
		m, err := o.member(a, d, activity)
		if err != nil {
			return err
		}
		if strings.TrimSpace(comment) == "" {
			return fault.At("comment", "joint.fault.comment")
		}
		m.By, m.ByName, m.At, m.Refused = 0, "", 0, strings.TrimSpace(comment)
		return nil
	})
}

// CloseDeal lets no new invoice join the deal; those it has go on being shared.
func (o *Office) CloseDeal(ctx context.Context, a access.Actor, id, version int64) (joint.Deal, error) {
	return o.dealDeed(ctx, a, id, version, "close", "", nil, func(_ *store.Tx, d *joint.Deal) error {
		if err := can(a, access.SubmitDocument, access.Subject{Activity: d.Lead}); err != nil {
			return err
		}
		if d.Status == joint.Closed {
			return fault.New(fault.Conflict, "joint.fault.deal_closed")
		}
		d.Status = joint.Closed
		return nil
	})
}

// DealPart is what a deal brings one member.
type DealPart struct {
	joint.Member
	Name      string
	Invoiced  money.Cents // of what customers were billed
	Collected money.Cents // of what they have paid: passed on already
	MayAgree  bool
}

// DealDocument is a document of a deal, with what of it is the deal's.
type DealDocument struct {
	Sale           sale.Document // only what a member may know, for who may not open it
	Net, Collected money.Cents
	Opens          bool
}

// DealSheet is a deal with all that its page says to this actor.
type DealSheet struct {
	Deal     joint.Deal
	Parts    []DealPart // of everybody: the key and what it makes is what they agreed on
	Quotes   []DealDocument
	Bills    []DealDocument // invoices and credit notes
	Shares   []store.JointPart
	Events   []store.JointEvent
	Internal []joint.Invoice // for the deal, those that the actor may see
	MayEdit  bool
	Margin   []DealMargin // of the activities whose documents the actor may see
}

// DealMargin is what a deal leaves one activity, out of the lines of its section that bear the deal's axes.
type DealMargin struct {
	Activity                                            int64
	Name                                                string
	Invoiced, Purchases, Given, Received, Left, Pending money.Cents // Left: the sum; Pending: invoiced and not collected
	Lines                                               []store.PostedLine
}

// Deal returns a deal for its page.
func (o *Office) Deal(ctx context.Context, a access.Actor, id int64) (s DealSheet, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		s = DealSheet{}
		if s.Deal, err = deal(tx, a, id); err != nil {
			return err
		}
		return o.dealSheet(tx, a, &s)
	})
	return s, err
}

func (o *Office) dealSheet(tx *store.Tx, a access.Actor, s *DealSheet) error {
	d := s.Deal
	rows, err := tx.SalesOfDeal(d.ID)
	if err != nil {
		return err
	}
	invoiced, collected := map[int64]money.Cents{}, map[int64]money.Cents{}
	docs := map[int64]*DealDocument{}
	opens := can(a, access.ViewDocument, access.Subject{Activity: d.Lead}) == nil
	var order []int64
	for _, r := range rows {
		x := docs[r.Sale]
		if x == nil {
			doc, err := tx.Sale(r.Sale)
			if fault.KindOf(err) == fault.NotFound {
				continue // a draft that was thrown away
			}
			if err != nil {
				return err
			}
			x = &DealDocument{Sale: doc, Opens: opens}
			if !opens {
				x.Sale = sale.Document{ID: doc.ID, Kind: doc.Kind, Number: doc.Number, Date: doc.Date, Status: doc.Status}
			}
			docs[r.Sale] = x
			order = append(order, r.Sale)
		}
		if x.Opens && !bears(x.Sale, r.Axis) {
			continue // taken off a draft since
		}
		net := r.Net
		if x.Sale.Kind == sale.CreditNote {
			net = -net
		}
		x.Net += net
		x.Collected += r.Collected
		if r.Numbered && x.Sale.Kind != sale.Quote {
			invoiced[r.Axis] += net
			collected[r.Axis] += r.Collected
		}
	}
	for _, id := range order {
		x := *docs[id]
		switch {
		case x.Sale.Kind == sale.Quote && (opens || x.Sale.Number != ""):
			s.Quotes = append(s.Quotes, x)
		case x.Sale.Kind != sale.Quote && (opens || x.Sale.Number != ""):
			s.Bills = append(s.Bills, x)
		}
	}
	due, paid := d.Parts(invoiced), d.Parts(collected)
	for n, m := range d.Members {
		names, err := o.activityNames(tx, m.Activity)
		if err != nil {
			return err
		}
		p := DealPart{Member: m, Name: names[m.Activity], Invoiced: due[n], Collected: paid[n]}
		_, err = o.member(a, &d, m.Activity)
		p.MayAgree = err == nil && m.At == 0
		s.Parts = append(s.Parts, p)
	}
	if s.Shares, err = tx.PartsOfDeal(d.ID); err != nil {
		return err
	}
	if !opens { // a member who does not lead sees what came to them
		s.Shares = slices.DeleteFunc(s.Shares, func(p store.JointPart) bool {
			return can(a, access.ViewDocument, access.Subject{Activity: p.Activity}) != nil
		})
	}
	if s.Events, err = tx.JointEvents(store.ThingDeal, d.ID); err != nil {
		return err
	}
	s.MayEdit = d.Status != joint.Closed && can(a, access.SubmitDocument, access.Subject{Activity: d.Lead}) == nil
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	var ids []int64
	for _, m := range d.Members {
		ids = append(ids, m.Activity)
	}
	all, err := tx.Internals(store.InternalFilter{Activities: ids, Limit: 500})
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Content.Deal == d.ID && seesInternal(set, a, i) == nil {
			s.Internal = append(s.Internal, i)
		}
	}
	return o.dealMargins(tx, a, s)
}

func bears(d sale.Document, axis int64) bool {
	return slices.ContainsFunc(d.Content.Lines, func(l sale.Line) bool { return l.Axis == axis }) || d.Kind == sale.Invoice && d.Number != ""
}

// dealMargins reads what the deal left each activity that the actor may look into: its account, not only its documents.
func (o *Office) dealMargins(tx *store.Tx, a access.Actor, s *DealSheet) error {
	by := map[int64]*DealMargin{}
	for _, p := range s.Parts {
		if can(a, access.ViewAccount, access.Subject{Activity: p.Activity}) == nil {
			by[p.Activity] = &DealMargin{Activity: p.Activity, Name: p.Name}
		}
	}
	if len(by) == 0 {
		return nil
	}
	for _, axis := range s.Deal.Axes() {
		lines, err := tx.AxisLines(axis)
		if err != nil {
			return err
		}
		for _, l := range lines {
			m := by[l.Section]
			if m == nil || !ledger.Result(l.Account) {
				continue
			}
			switch {
			case strings.HasPrefix(l.Account, joint.Bought):
				m.Given -= l.Amount
			case strings.HasPrefix(l.Account, joint.Sold):
				m.Received -= l.Amount
			case l.Account[0] == '7':
				m.Invoiced -= l.Amount
			case l.Account[0] == '6':
				m.Purchases -= l.Amount
			default:
				continue
			}
			m.Left -= l.Amount
			m.Lines = append(m.Lines, l)
		}
	}
	for _, p := range s.Parts {
		m := by[p.Activity]
		if m == nil {
			continue
		}
		slices.SortStableFunc(m.Lines, func(x, y store.PostedLine) int {
			return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Entry, y.Entry), cmp.Compare(x.N, y.N))
		})
		m.Pending = p.Invoiced - p.Collected
		s.Margin = append(s.Margin, *m)
	}
	return nil
}

// Partner is another activity that one may work with.
type Partner struct {
	ID     int64
	Name   string
	People string
}

// Partners lists the open activities that an activity may work with, by name.
func (o *Office) Partners(ctx context.Context, a access.Actor, activityID int64) (all []Partner, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		activities, err := tx.Activities()
		if err != nil {
			return err
		}
		for _, act := range activities {
			if act.ID == activityID || act.Opened > a.Today || act.Closed != 0 && act.Closed < a.Today {
				continue
			}
			people, err := o.peopleOf(tx, act.ID)
			if err != nil {
				return err
			}
			all = append(all, Partner{act.ID, act.Name, strings.Join(people, ", ")})
		}
		slices.SortFunc(all, func(x, y Partner) int { return cmp.Compare(store.Normal(x.Name), store.Normal(y.Name)) })
		return nil
	})
	return all, err
}

// Together is what an activity does with others, or what the team sees of all (activity 0).
type Together struct {
	Internal []joint.Invoice
	Deals    []joint.Deal
	Names    map[int64]string
	Waiting  []joint.Invoice // sent, and the actor may answer
	Asked    []DealAsked     // deals whose key the actor may agree to
	Today    date.Day
}

// DealAsked is a member of a deal whose agreement is asked.
type DealAsked struct {
	Deal   joint.Deal
	Member joint.Member
}

// Together reads it.
func (o *Office) Together(ctx context.Context, a access.Actor, activityID int64) (t Together, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		t = Together{Names: map[int64]string{}, Today: a.Today}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		of, _, err := mayList(set, a, activityID, "")
		if err != nil {
			return err
		}
		if activityID != 0 {
			of = []int64{activityID}
		}
		all, err := tx.Internals(store.InternalFilter{Activities: of, Limit: 500})
		if err != nil {
			return err
		}
		for _, i := range all {
			if seesInternal(set, a, i) != nil || activityID != 0 && i.Sender != activityID && i.Status == joint.Draft {
				continue
			}
			t.Internal = append(t.Internal, i)
			if i.Status == joint.Sent && (activityID == 0 || i.Receiver == activityID) && mayAgree(set, a, i) == nil {
				t.Waiting = append(t.Waiting, i)
			}
			t.Names[i.Sender], t.Names[i.Receiver] = "", ""
		}
		deals, err := tx.Deals(of)
		if err != nil {
			return err
		}
		for _, d := range deals {
			if seesDeal(a, d) != nil {
				continue
			}
			t.Deals = append(t.Deals, d)
			for _, m := range d.Members {
				t.Names[m.Activity] = ""
				if m.At == 0 && m.Refused == "" && (activityID == 0 || m.Activity == activityID) {
					if _, err := o.member(a, &d, m.Activity); err == nil {
						t.Asked = append(t.Asked, DealAsked{d, m})
					}
				}
			}
		}
		delete(t.Names, 0)
		for id := range t.Names {
			names, err := o.activityNames(tx, id)
			if err != nil {
				return err
			}
			t.Names[id] = names[id]
		}
		return nil
	})
	return t, err
}

// DealAxis is a choice for the line of a quote or an invoice: what is everybody's, or one member's.
type DealAxis struct {
	Axis         int64
	Deal, Member string // Member is "" for everybody's
}

// DealAxes lists the axes of the deals that an activity leads and that are not closed, for the form of a document.
func (o *Office) DealAxes(ctx context.Context, a access.Actor, activityID int64) (all []DealAxis, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		deals, err := tx.Deals([]int64{activityID})
		if err != nil {
			return err
		}
		for _, d := range deals {
			if d.Lead != activityID || d.Status == joint.Closed {
				continue
			}
			all = append(all, DealAxis{Axis: d.ID, Deal: d.Title})
			for _, m := range d.Members {
				names, err := o.activityNames(tx, m.Activity)
				if err != nil {
					return err
				}
				all = append(all, DealAxis{m.Axis, d.Title, names[m.Activity]})
			}
		}
		return nil
	})
	return all, err
}
