package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"io"
	"os"
	"runtime/debug"
	"slices"
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
	s.page("GET", "/{coop}/closings/events", access.ViewLedger, s.moneyEvents)
	s.page("GET", "/{coop}/closings/events.csv", access.ViewLedger, s.moneyEvents)
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
	Title, None   string
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
		return v.closingsCSV(slices.Concat(view.Days, view.Months, view.Years))
	}
	p := v.P
	d := closingsData{F: v.NewForm(), Title: p.T("closing.grand_before"), None: p.T("closing.none"), Grand: p.Euros(view.Grand), OpenCount: view.Open.Count, May: v.can(access.ClosePeriod, 0), CSV: v.csvHref(), Any: len(view.Days) > 0}
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
	if view.Until != 0 {
		d.Title = p.T("closing.grand_until", "date", view.Until)
	} else if v.Actor.Year() != 0 && !v.can(access.ViewLedger, 0) {
		d.Title, d.Grand, d.None = p.T("closing.title"), "", p.T("closing.none_years")
	}
	d.Audit = v.URL("closings", "events")
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

// closingsCSV holds the closings with what each means and each rate makes of them.
func (v *Visit) closingsCSV(all []store.ClosedAt) error {
	var rates []money.Rate
	var means []sale.Means
	for _, c := range all {
		for _, r := range c.Rates {
			if !slices.Contains(rates, r.Rate) {
				rates = append(rates, r.Rate)
			}
		}
		for _, m := range c.Means {
			if !slices.Contains(means, m.Means) {
				means = append(means, m.Means)
			}
		}
	}
	slices.SortFunc(rates, func(a, b money.Rate) int { return cmp.Compare(b, a) })
	slices.Sort(means)
	p := v.P
	head := []string{"Clôture", "Numéro", "Du", "Au", "Opérations", "Total", "Total depuis l’origine"}
	for _, m := range means {
		head = append(head, p.T("closing.means."+string(m)))
	}
	for _, r := range rates {
		if r == sale.NoRate {
			head = append(head, p.T("closing.no_rate"))
			continue
		}
		rate := p.Rate(r)
		head = append(head, rate+" HT", rate+" TVA", rate+" TTC")
	}
	out := [][]string{append(head, "Empreinte", "Chaîne")}
	for _, c := range all {
		row := []string{p.T("closing.kind." + string(c.Kind)), strconv.FormatInt(c.ID, 10), c.From.String(), c.To.String(), strconv.Itoa(c.Count), plain(c.Total), plain(c.Grand)}
		for _, m := range means {
			var x sale.ClosedMeans
			if i := slices.IndexFunc(c.Means, func(x sale.ClosedMeans) bool { return x.Means == m }); i >= 0 {
				x = c.Means[i]
			}
			row = append(row, plain(x.Amount))
		}
		for _, r := range rates {
			var x sale.ClosedRate
			if i := slices.IndexFunc(c.Rates, func(x sale.ClosedRate) bool { return x.Rate == r }); i >= 0 {
				x = c.Rates[i]
			}
			if r != sale.NoRate {
				row = append(row, plain(x.Net), plain(x.VAT))
			}
			row = append(row, plain(x.Gross))
		}
		out = append(out, append(row, hex.EncodeToString(c.Hash), hex.EncodeToString(c.Chain)))
	}
	return v.csv("clotures.csv", out)
}

// moneyEvents is the event journal, for who reads the books: an auditor finds there what was put right, closed, exported or
// decided in the years of theirs.
func (s *Server) moneyEvents(v *Visit) error {
	limit := auditRows + 1
	if v.wantsCSV() {
		limit = 100_000
	}
	all, names, called, err := s.office.MoneyEvents(v.Ctx(), v.Actor, v.queryID("before"), limit)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		return v.auditCSV(h, names, called, all)
	}
	p := v.P
	next := ""
	if len(all) > auditRows {
		all = all[:auditRows]
		next = v.With("before", strconv.FormatInt(all[len(all)-1].ID, 10))
	}
	page := Page{Title: p.T("closing.events_title"), Section: "closings", Team: true, Wide: true}
	head := Head{Title: p.T("closing.events_title"), Lead: p.T("closing.events_lead"), Acts: []Link{{p.T("closing.title"), v.URL("closings"), "arrow-left"}, {p.T("house.export"), v.csvHref(), "download"}}}
	if len(all) == 0 {
		return v.Blocks(page, head, Empty{Title: p.T("audit.none"), Text: p.T("closing.events_none")})
	}
	return v.written(page, func(m *markup) {
		head.write(m, p)
		m.part(v.auditTable(h, names, called, all), p)
		m.raw(`<nav class="pager"`).attr("aria-label", p.T("web.pages")).raw(`><span class="fresh">`).text(p.T("web.rows", "n", len(all))).raw(`</span><span class="acts">`)
		if v.queryID("before") != 0 {
			m.raw(`<a class="b q" href="`).text(v.With("before", "")).raw(`">`).text(p.T("audit.first")).raw("</a>")
		}
		if next != "" {
			m.raw(`<a class="b" rel="next" href="`).text(next).raw(`">`).text(p.T("audit.older")).raw("</a>")
		}
		m.raw("</span></nav>")
	})
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
