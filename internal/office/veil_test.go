package office_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// together is a house where Ada shares her activity with Bob, and works alone in a third one.
type together struct {
	*house
	bob          access.Actor
	adas, bobs   int64 // their third parties
	alone, paper int64 // Ada's own activity; a supplier
}

func newTogether(t *testing.T, db *store.DB) *together {
	h := &together{house: open(t, db)}
	ctx := t.Context()
	p, err := h.SavePerson(ctx, h.system, member.Person{FirstName: "Bob", LastName: "Collègue", Email: "bob@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: storetest.Today - 300}}})
	must(t, err)
	act, err := h.Activity(ctx, h.system, storetest.First)
	must(t, err)
	act.Shares = append(act.Shares, activity.Share{Person: p.ID, From: storetest.Today - 200, Parts: 1})
	_, err = h.SaveActivity(ctx, h.system, act)
	must(t, err)
	own, err := h.SaveActivity(ctx, h.system, activity.Activity{Code: "003", Name: "Ada seule", Trade: "Graphiste", Opened: act.Opened, Natures: []string{"service"}, Tax: "S20", Shares: []activity.Share{{Person: storetest.Person, From: act.Opened, Parts: 1}}})
	must(t, err)
	h.alone = own.ID
	h.ada.Activities = []int64{storetest.First, h.alone}
	h.bob = access.Actor{Coop: h.coop, Person: p.ID, Name: "Bob Collègue", Roles: []member.Role{member.Entrepreneur}, Activities: []int64{storetest.First}, Today: storetest.Today}
	for who, third := range map[int64]*int64{storetest.Person: &h.adas, p.ID: &h.bobs} {
		w, err := h.Worker(ctx, h.accountant, who)
		must(t, err)
		*third = w.ID
	}
	s, err := h.AddThird(ctx, h.accountant, ledger.Third{Kind: ledger.Supplier, Name: "Bois du Pilat"}, "")
	must(t, err)
	h.paper = s.ID
	return h
}

func (h *together) post(t *testing.T, journal, label string, lines ...ledger.Line) ledger.Entry {
	t.Helper()
	e, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: journal, Date: storetest.Today, Ref: "R", Label: label, Lines: lines}, "")
	must(t, err)
	return e
}

// seen opens every figure of an account and every movement, and returns all the words one reads.
func (h *together) seen(t *testing.T, a access.Actor, activityID int64) string {
	t.Helper()
	ctx := t.Context()
	v, err := h.Account(ctx, a, activityID, 0)
	must(t, err)
	var all strings.Builder
	tell := func(l office.PanelLine) {
		all.WriteString(strings.Join([]string{l.Label, l.Key, l.Ref, l.Document, l.Amount.String()}, "|") + "\n")
		if l.Veiled && (l.Label != "" || l.Ref != "" || l.Document != "" || l.Entry != 0) {
			t.Errorf("a veiled line says %+v", l)
		}
	}
	n := 0
	for _, key := range figures(t, v.Account) {
		p, err := h.Why(ctx, a, activityID, 0, key)
		must(t, err) // the lines sum to the figure, or it fails
		n++
		for _, l := range p.Lines {
			tell(l)
		}
	}
	if n < 40 {
		t.Errorf("only %d figures", n)
	}
	moves, err := h.Moves(ctx, a, activityID, storetest.Today-30, storetest.Today, 100)
	must(t, err)
	for _, l := range moves {
		tell(l)
	}
	return all.String()
}

// What a colleague is paid or refunded opens from no figure and no movement, in whatever journal and however it was booked;
// one's own does, and what is nobody's.
func TestAColleaguesPayOpensNowhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newTogether(t, db)
		a, b := int64(storetest.First), h.alone
		line := func(account string, third int64, amount money.Cents, label string) ledger.Line {
			return ledger.Line{Account: account, Section: a, Third: third, Amount: amount, Label: label}
		}
		pay := h.post(t, "PA", "Paie Bob secret", line("6411", 0, 2000_00, ""), line("421", h.bobs, -2000_00, ""))
		mine := h.post(t, "PA", "Paie Ada ouverte", line("6411", 0, 1000_00, ""), line("421", h.adas, -1000_00, ""))
		h.post(t, "PA", "Paie des deux secret", line("6411", 0, 300_00, "Brut Bob secret"), line("6451", 0, 30_00, ""), line("431", 0, -30_00, ""), line("421", h.bobs, -200_00, "Net Bob secret"), line("421", h.adas, -100_00, "Net Ada ouvert"))
		h.post(t, "OD", "Prime Bob secret", line("6413", 0, 50_00, ""), line("421", h.bobs, -50_00, ""))
		h.post(t, "OD", "Provision Bob secret", line("6413", 0, 400_00, ""), line("6451", 0, 100_00, ""), line("4286", h.bobs, -400_00, ""), line("4386", 0, -100_00, ""))
		h.post(t, "OD", "Provision de personne secret", line("6412", 0, 70_00, ""), line("4282", 0, -70_00, ""))
		h.post(t, "BQ", "Versement direct secret", line("6411", 0, 15_00, ""), line("512", 0, -15_00, ""))
		h.post(t, "AC", "Note de frais Bob secret", line("6251", 0, 80_00, "Trajets de Bob secret"), line("425", h.bobs, -80_00, ""))
		h.post(t, "AC", "Note de frais Ada ouverte", line("6251", 0, 60_00, ""), line("425", h.adas, -60_00, ""))
		// One transfer for all: each activity has its line of the bank, each worker theirs.
		h.post(t, "BQ", "Virement des salaires secret",
			ledger.Line{Account: "421", Section: a, Third: h.bobs, Amount: 2000_00, Settles: ledger.ItemRef{Entry: pay.ID, Line: 2}, Label: "Virement, Bob secret"}, line("512", 0, -3000_00, ""),
			ledger.Line{Account: "421", Section: a, Third: h.adas, Amount: 1000_00, Settles: ledger.ItemRef{Entry: mine.ID, Line: 2}, Label: "Virement, Ada ouvert"},
			ledger.Line{Account: "421", Section: b, Third: h.adas, Amount: 500_00, Label: "Virement, Ada seule ouvert"}, ledger.Line{Account: "512", Section: b, Amount: -500_00, Label: "Banque, Ada seule ouvert"})
		// Paid by the bank of one activity for another: the half here names nobody, the other half does.
		h.post(t, "BQ", "Avance pour Bob secret", line("512", 0, -25_00, ""), ledger.Line{Account: "421", Section: storetest.Second, Third: h.bobs, Amount: 25_00})
		h.post(t, "AC", "Planches ouvertes", line("606", 0, 90_00, ""), line("401", h.paper, -90_00, ""))
		h.post(t, "OD", "Solde de la provision ouvert", ledger.Line{Account: "6412", Section: b, Amount: 10_00}, ledger.Line{Account: "4282", Section: b, Amount: -10_00})

		adas := h.seen(t, h.ada, a)
		if strings.Contains(adas, "secret") {
			t.Errorf("Ada reads of Bob:\n%s", lines(adas, "secret"))
		}
		for _, word := range []string{"Paie Ada ouverte", "Net Ada ouvert", "Note de frais Ada ouverte", "Planches ouvertes", "office.why.colleague", "office.why.together", "office.why.expenses|", "office.why.pay|"} {
			if !strings.Contains(adas, word) {
				t.Errorf("Ada does not read %q:\n%s", word, adas)
			}
		}
		bobs := h.seen(t, h.bob, a)
		if strings.Contains(bobs, "Ada") || !strings.Contains(bobs, "Paie Bob secret") || !strings.Contains(bobs, "Note de frais Bob secret") {
			t.Errorf("Bob reads:\n%s", bobs)
		}
		own := h.seen(t, h.ada, b) // nobody else ever worked there: all that is paid is hers
		if strings.Contains(own, "office.why.colleague") || strings.Contains(own, "office.why.pay") || !strings.Contains(own, "Virement, Ada seule ouvert") || !strings.Contains(own, "Banque, Ada seule ouvert") || !strings.Contains(own, "Solde de la provision ouvert") {
			t.Errorf("Ada reads of her own:\n%s", own)
		}
		advisor := access.Actor{Coop: h.coop, Person: storetest.Reader, Roles: []member.Role{member.Advisor}, Portfolio: []int64{a, b}, Today: storetest.Today}
		told := h.seen(t, advisor, a)
		if strings.Contains(told, "secret") || strings.Contains(told, "Ada ouv") || strings.Contains(told, "colleague") || !strings.Contains(told, "office.why.pay|") || !strings.Contains(told, "office.why.expenses_of|") || !strings.Contains(told, "Planches ouvertes") {
			t.Errorf("the advisor reads:\n%s", told)
		}
		if told := h.seen(t, h.accountant, a); !strings.Contains(told, "Paie Bob secret") || strings.Contains(told, "office.why.colleague") {
			t.Errorf("who keeps the books reads:\n%s", told)
		}
		// A token opens no pay, whoever's it is.
		token := h.accountant
		token.Token, token.Scopes = true, []string{access.ScopeAccountRead}
		if told := h.seen(t, token, a); strings.Contains(told, "secret") {
			t.Errorf("a token reads:\n%s", lines(told, "secret"))
		}
	})
}

func lines(text, word string) string {
	var all []string
	for l := range strings.Lines(text) {
		if strings.Contains(l, word) {
			all = append(all, l)
		}
	}
	return strings.Join(all, "")
}

// Beyond what a panel shows one by one, the rest still holds nothing of a colleague's.
func TestTheRestOfAPanelIsVeiledToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newTogether(t, db)
		a := int64(storetest.First)
		early := date.MustParse("2026-01-10")
		var es []ledger.Entry
		add := func(day date.Day, journal, label string, third int64, amount money.Cents) {
			account := "421"
			if third == 0 {
				account, third = "401", h.paper
			}
			charge := "6411"
			if account == "401" {
				charge = "606"
			}
			es = append(es, ledger.Entry{Journal: journal, Date: day, Ref: "R", Label: label, Lines: []ledger.Line{{Account: charge, Section: a, Amount: amount}, {Account: account, Section: a, Third: third, Amount: -amount}}})
		}
		add(early, "OD", "Salaire de Bob", h.bobs, 1000_00)
		add(early, "OD", "Salaire d’Ada", h.adas, 500_00)
		for range 420 {
			add(storetest.Today, "PA", "Paie d’Ada", h.adas, 1_00)
		}
		_, err := h.PostEntries(t.Context(), h.accountant, es, "")
		must(t, err)
		p, err := h.Why(t.Context(), h.ada, a, 0, "pay-year")
		must(t, err)
		byKey := map[string]money.Cents{}
		for _, l := range p.Lines {
			byKey[l.Key] += l.Amount
		}
		if byKey["office.why.colleague"].Abs() != 1000_00 || byKey["office.why.more"].Abs() != 520_00 || p.More != 21 {
			t.Errorf("%v, %d more", byKey, p.More)
		}
	})
}

// Nobody books their own pay, in whatever section it stands, nor takes back what books it (practice 23).
func TestNobodyBooksTheirOwnPay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		own, err := h.Worker(ctx, h.accountant, h.accountant.Person)
		must(t, err)
		ada, err := h.Worker(ctx, h.accountant, storetest.Person)
		must(t, err)
		other := h.accountant
		other.Person = storetest.Person // another accountant
		for _, account := range []string{"421", "425", "4286"} {
			for _, section := range []int64{ledger.House, ledger.Mutual, storetest.First} {
				e := ledger.Entry{Journal: "OD", Date: storetest.Today, Ref: "R", Label: "Pour moi", Lines: []ledger.Line{{Account: "6411", Section: section, Amount: 90_00}, {Account: account, Section: section, Third: own.ID, Amount: -90_00}}}
				_, err := h.PostEntry(ctx, h.accountant, e, "")
				isRefused(t, err, fault.Forbidden, "access.denied.own_pay")
				posted, err := h.PostEntry(ctx, other, e, "")
				must(t, err)
				_, err = h.ReverseEntry(ctx, h.accountant, posted.ID, 0, "")
				isRefused(t, err, fault.Forbidden, "access.denied.own_pay")
				transfer := ledger.Entry{Journal: "BQ", Date: storetest.Today, Ref: "R", Label: "Virement", Lines: []ledger.Line{{Account: account, Section: section, Third: own.ID, Amount: 90_00}, {Account: "512", Section: section, Amount: -90_00}}}
				_, err = h.PostEntry(ctx, h.accountant, transfer, "")
				isRefused(t, err, fault.Forbidden, "access.denied.own_pay")
				transfer.Lines[0].Settles = ledger.ItemRef{Entry: posted.ID, Line: 2}
				_, err = h.PostEntry(ctx, h.accountant, transfer, "") // what another booked, to the cent
				must(t, err)
				_, err = h.PostEntry(ctx, h.accountant, transfer, "") // and not a cent more
				isRefused(t, err, fault.Conflict, "ledger.item_over")
				e.Lines[1].Third = ada.ID
				_, err = h.PostEntry(ctx, h.accountant, e, "")
				must(t, err)
			}
		}
		_, err = h.PostDrafts(ctx, h.accountant, []office.EntryDraft{{Entry: ledger.Entry{Journal: "OD", Date: storetest.Today, Ref: "R", Label: "Pour moi", Lines: []ledger.Line{{Account: "6411", Amount: 9_00}, {Account: "421", Amount: -9_00}}}, Sections: []string{"CAE", "CAE"}, Thirds: []string{"", own.Code}}}, "")
		isRefused(t, err, fault.Forbidden, "access.denied.own_pay")
	})
}

func isRefused(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	all := fault.All(err)
	if fault.KindOf(err) != kind || len(all) != 1 || all[0].Key != key {
		t.Errorf("%v %v, want %s %s", fault.KindOf(err), err, kind, key)
	}
}

// Suppliers and bodies are opened by who keeps the books, once under a name; customers and workers come with their own.
func TestWhoOpensThirdParties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		_, err := h.AddThird(ctx, h.accountant, ledger.Third{Kind: ledger.Supplier, Name: " Papeterie  Lœuil "}, "")
		must(t, err)
		known, err := h.Thirds(ctx, h.accountant, ledger.Supplier, "loeuil", 5)
		must(t, err)
		if len(known) != 1 || known[0].Name != "Papeterie Lœuil" || known[0].Code == "" {
			t.Fatalf("%+v", known)
		}
		for _, c := range []struct {
			third ledger.Third
			kind  fault.Kind
			key   string
		}{
			{ledger.Third{Kind: ledger.Supplier, Name: "PAPETERIE LOEUIL"}, fault.Conflict, "office.third_known"},
			{ledger.Third{Kind: ledger.Supplier, Name: " "}, fault.Invalid, "office.third_name"},
			{ledger.Third{Kind: ledger.Supplier, Name: strings.Repeat("é", 201)}, fault.Invalid, "office.third_name_long"},
			{ledger.Third{Kind: ledger.Worker, Name: "Bob"}, fault.Invalid, "store.third_person"},
			{ledger.Third{Kind: ledger.Worker, Name: "Bob", Person: storetest.Person}, fault.Invalid, "store.third_person"},
			{ledger.Third{Kind: ledger.Customer, Name: "Bob"}, fault.Invalid, "office.third_customer"},
			{ledger.Third{Kind: "dog", Name: "Bob"}, fault.Invalid, "office.third_kind"},
			{ledger.Third{Kind: ledger.Body, Name: "Msa"}, fault.Invalid, "store.third_code"},
			{ledger.Third{Kind: ledger.Body, Code: "M SA", Name: "Msa"}, fault.Invalid, "office.third_code_spaces"},
			{ledger.Third{Kind: ledger.Body, Code: known[0].Code, Name: "Msa"}, fault.Conflict, "store.code_taken"},
		} {
			_, err := h.AddThird(ctx, h.accountant, c.third, "")
			isRefused(t, err, c.kind, c.key)
		}
		one, err := h.AddThird(ctx, h.accountant, ledger.Third{Kind: ledger.Body, Code: "msa", Name: "Msa"}, "k")
		must(t, err)
		two, err := h.AddThird(ctx, h.accountant, ledger.Third{Kind: ledger.Body, Code: "msa", Name: "Msa"}, "k")
		must(t, err)
		if one != two || one.Code != "MSA" {
			t.Errorf("%+v then %+v", one, two)
		}
		for _, a := range []access.Actor{h.ada, h.gestionary} {
			if _, err := h.AddThird(ctx, a, ledger.Third{Kind: ledger.Supplier, Name: "X"}, ""); err == nil {
				t.Errorf("%v adds suppliers", a.Roles)
			}
		}
	})
}

// The log of every change says who did what, and no amount: who reads it may open no figure.
func TestTheLogHoldsNoFigure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		h.wholeSale(t)
		must(t, h.SetReserve(ctx, h.ada, storetest.First, 777_00))
		act, err := h.Activity(ctx, h.system, storetest.First)
		must(t, err)
		_, err = h.SaveActivity(ctx, h.system, act)
		must(t, err)
		admin := access.Actor{Coop: h.coop, Person: 99, Roles: []member.Role{member.Administrator}, Today: storetest.Today}
		all, _, _, err := h.AuditLog(ctx, admin, office.AuditQuery{AuditFilter: store.AuditFilter{Limit: 1000}})
		must(t, err)
		deeds := map[string]bool{}
		for _, r := range all {
			deeds[r.Action] = true
			for _, figure := range []string{"120000", "77700", `"gross":1`, "amount", `"paid"`} {
				if strings.Contains(r.Detail, figure) {
					t.Errorf("%s of %s says %s: %s", r.Action, r.Subject, figure, r.Detail)
				}
			}
		}
		for _, deed := range []string{"sale.submit", "sale.validate", "payment", "activity.reserve", "activity.save"} {
			if !deeds[deed] {
				t.Errorf("no %s in the log: %v", deed, deeds)
			}
		}
	})
}

// wholeSale is an invoice of 1 000.00 net, read and paid.
func (h *house) wholeSale(t *testing.T) {
	t.Helper()
	d, err := h.CreateAndSubmit(t.Context(), h.ada, saleOf(h.customer(t)), "")
	must(t, err)
	d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
	must(t, err)
	_, err = h.Receive(t.Context(), h.gestionary, paidOf(d), "")
	must(t, err)
}

func saleOf(c sale.Customer) sale.Document {
	return sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: services(1000_00)}
}

func paidOf(d sale.Document) sale.Payment {
	return sale.Payment{Date: storetest.Today, Amount: d.Totals.Gross, Means: sale.Transfer, Customer: d.Customer, Allocations: []sale.Allocation{{Invoice: d.ID, Amount: d.Totals.Gross}}}
}

// figures returns the key of every figure that an account holds, wherever it stands.
func figures(t *testing.T, a activity.Account) (keys []string) {
	t.Helper()
	b, err := json.Marshal(a)
	must(t, err)
	var whole any
	must(t, json.Unmarshal(b, &whole))
	var walk func(any)
	walk = func(x any) {
		switch x := x.(type) {
		case []any:
			for _, each := range x {
				walk(each)
			}
		case map[string]any:
			if key, ok := x["key"].(string); ok && x["scope"] != nil && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
			for _, name := range slices.Sorted(maps.Keys(x)) {
				walk(x[name])
			}
		}
	}
	walk(whole)
	return keys
}
