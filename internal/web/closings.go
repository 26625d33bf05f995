package web

import (
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"sync"

	"essaim/access"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// closingPages are the closings that the law asks of software that records payments (CGI art. 286-I-3° bis), and what
// identifies this software.
func (s *Server) closingPages() {
	s.page("GET", "/{coop}/closings", access.ViewLedger, s.closings)
	s.page("GET", "/{coop}/closings.csv", access.ViewLedger, s.closings)
	s.page("POST", "/{coop}/closings", access.ClosePeriod, s.closingsAsked)
}

// software is the version of this program and the SHA-256 of its file: what an attestation names.
var software = sync.OnceValue(func() (s struct{ Version, Hash string }) {
	s.Version = "dev"
	if b, ok := debug.ReadBuildInfo(); ok {
		if v := b.Main.Version; v != "" && v != "(devel)" {
			s.Version = v
		}
		for _, kv := range b.Settings {
			if kv.Key == "vcs.revision" {
				s.Version = kv.Value[:min(12, len(kv.Value))]
			}
		}
	}
	path, err := os.Executable()
	if err != nil {
		return s
	}
	f, err := os.Open(path) //nolint:gosec // the program's own file
	if err != nil {
		return s
	}
	defer func() { _ = f.Close() }() // only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err == nil {
		s.Hash = hex.EncodeToString(h.Sum(nil))
	}
	return s
})

type closingsData struct {
	F             *Form
	Grand         string
	Open          Table
	OpenCount     int
	Years         Table
	Months, Days  []closingFold // by year, by month
	Older, Latest string        // days before those shown, and back
	May           bool
	Version, Hash string
	Audit, CSV    string
	Any           bool
}

func (s *Server) closings(v *Visit) error {
	limit, before := closingDays, v.queryID("before")
	if v.wantsCSV() {
		limit, before = 100_000, 0
	}
	view, err := s.office.Closings(v.Ctx(), v.Actor, before, limit)
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		out := [][]string{{"Clôture", "Numéro", "Du", "Au", "Opérations", "Total", "Total depuis l’origine", "Empreinte", "Chaîne"}}
		for _, all := range [][]store.ClosedAt{view.Days, view.Months, view.Years} {
			for _, c := range all {
				out = append(out, []string{v.P.T("closing.kind." + string(c.Kind)), v.P.Int(c.ID), c.From.String(), c.To.String(), v.P.Int(int64(c.Count)), c.Total.String(), c.Grand.String(), hex.EncodeToString(c.Hash), hex.EncodeToString(c.Chain)})
			}
		}
		return v.csv("clotures.csv", out)
	}
	p := v.P
	d := closingsData{F: v.NewForm(), Grand: p.Euros(view.Grand), OpenCount: view.Open.Count, May: v.can(access.ClosePeriod, 0), CSV: v.csvHref(), Any: len(view.Days) > 0}
	d.Version, d.Hash = software().Version, software().Hash
	d.Open = closingTable(p, p.T("closing.open"), []store.ClosedAt{{Closing: view.Open}}, false)
	d.Years = closingTable(p, p.T("closing.years"), view.Years, true)
	d.Months = closingFolds(p, view.Months, func(c store.ClosedAt) string { return strconv.Itoa(c.To.Month().Year()) })
	days := view.Days
	if n := len(days); view.Older != 0 && n > 0 { // the month that is cut goes with those before
		whole := n
		for whole > 0 && days[whole-1].To.Month() == days[n-1].To.Month() {
			whole--
		}
		if whole > 0 {
			days, view.Older = days[:whole], days[whole-1].ID
		}
	}
	d.Days = closingFolds(p, days, func(c store.ClosedAt) string { return p.Month(c.To.Month()) })
	if view.Older != 0 {
		d.Older = v.URL("closings") + "?before=" + strconv.FormatInt(view.Older, 10)
	}
	if before != 0 {
		d.Latest = v.URL("closings")
		d.Any = true
	}
	if v.can(access.ViewAudit, 0) {
		d.Audit = v.URL("audit") + "?action=events"
	}
	return v.Show("closings", Page{Title: p.T("closing.title"), Section: "closings", Team: true, Wide: true}, d)
}

// closingDays is how many closings of days a page shows at most, those of a month kept together.
const closingDays = 124

// closingFold is a year of months, or a month of days: the latest stands open.
type closingFold struct {
	Label, About string
	Table        Table
}

func closingFolds(p i18n.Printer, all []store.ClosedAt, label func(store.ClosedAt) string) (folds []closingFold) {
	for len(all) > 0 {
		n, name, total := 0, label(all[0]), money.Cents(0)
		for n < len(all) && label(all[n]) == name {
			total += all[n].Total
			n++
		}
		about := p.T("closing.folded."+string(all[0].Kind), "n", n) + " · " + p.Euros(total)
		folds = append(folds, closingFold{Label: name, About: about, Table: closingTable(p, p.T("closing.kinds."+string(all[0].Kind), "of", name), all[:n], true)})
		all = all[n:]
	}
	return folds
}

// closingTable shows closings with their totals by rate and by means.
func closingTable(p i18n.Printer, caption string, all []store.ClosedAt, dated bool) Table {
	t := Table{Caption: caption, Class: "plain closed", Cols: []Col{{Label: p.T("closing.period")}, {Label: p.T("closing.count"), Num: true}, {Label: p.T("closing.by_means")}, {Label: p.T("closing.by_rate")}, {Label: p.T("closing.total"), Num: true}, {Label: p.T("closing.grand"), Num: true}, {Label: p.T("closing.seal")}}}
	for _, c := range all {
		period := ""
		switch {
		case !dated:
			period = p.T("closing.today")
		case c.Kind == sale.ClosingDay:
			period = p.Day(c.To)
		case c.Kind == sale.ClosingMonth:
			period = p.Month(c.To.Month())
		default:
			period = p.T("closing.from_to", "from", c.From, "to", c.To)
		}
		means, rates := new(markup).raw(`<div class="kvs">`), new(markup).raw(`<div class="kvs">`)
		for _, m := range c.Means {
			means.raw(`<div class="kv"><span>`).text(p.T("closing.means."+string(m.Means))).raw("</span> ").amount(p, m.Amount, "", "").raw("</div>")
		}
		for _, r := range c.Rates {
			label := p.T("closing.no_rate")
			if r.Rate != sale.NoRate {
				label = p.T("closing.rate", "rate", r.Rate, "vat", r.VAT)
			}
			rates.raw(`<div class="kv"><span>`).text(label).raw("</span> ").amount(p, r.Gross, "", "").raw("</div>")
		}
		seal := template.HTML("")
		if len(c.Chain) > 0 {
			seal = new(markup).raw("<code>").text(hex.EncodeToString(c.Chain)[:16]).raw("</code>").html()
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(period), cellNumber(p.Int(int64(c.Count))), cellHTML(means.raw("</div>").html()), cellHTML(rates.raw("</div>").html()), cellAmount(c.Total, "", "strong"), cellAmount(c.Grand, ""), cellHTML(seal)}})
	}
	return t
}

func (s *Server) closingsAsked(v *Visit) error {
	if _, err := v.Form(); err != nil {
		return err
	}
	n, err := s.office.CloseTakings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	v.Say("closing.made", "n", n)
	return v.Go(v.URL("closings"))
}
