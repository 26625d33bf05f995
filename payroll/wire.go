package payroll

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// The cases that are exchanged with models: what a payslip is computed from, its lines and totals without rounding, and
// the figures as it prints them. Names are those of the Urssaf's cases kept in testdata/cases.json.

// MaxCases bounds the cases of one file.
const MaxCases = 100_000

// Case is one payslip asked for.
type Case struct {
	ID       json.RawMessage // as it was written, a string or a number; nil: none
	Employer Employer
	Contract Contract
	Inputs   Inputs
	Element  string
	Target   *Target // what the gross is sought by; nil: the gross is given
	Err      error   // what is wrong with it, on the field
}

// ReadCases reads one case, an array of them, or a whole file whose cases stand under "cas". A case may stand under
// "entree" beside its results, which are left unread. What is wrong with one case is told in its Err and the others are
// read; an error is returned when there are no cases to be found.
func ReadCases(b []byte) ([]Case, error) {
	b = bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	if !json.Valid(b) {
		return nil, fault.New(fault.Invalid, "payroll.wire.json")
	}
	if b[0] == '{' {
		var file struct {
			Cases json.RawMessage `json:"cas"`
		}
		if err := json.Unmarshal(b, &file); err == nil && file.Cases != nil {
			b = bytes.TrimSpace(file.Cases)
		} else {
			b = slices.Concat([]byte{'['}, b, []byte{']'})
		}
	}
	if b[0] != '[' {
		return nil, fault.New(fault.Invalid, "payroll.wire.json")
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, fault.New(fault.Invalid, "payroll.wire.json").Wrap(err)
	}
	if len(raw) > MaxCases {
		return nil, fault.New(fault.Invalid, "payroll.wire.many", "most", MaxCases)
	}
	all := make([]Case, len(raw))
	for i, r := range raw {
		all[i] = readCase(r)
	}
	return all, nil
}

// beside are the names that a case may have next to "entree".
var beside = []string{"totaux", "totaux_2", "lignes", "controle", "paie"}

// reader takes the fields of one case.
type reader struct {
	fields map[string]json.RawMessage
	errs   []error
}

func (r *reader) bad(field, key string, args ...any) {
	r.errs = append(r.errs, fault.At(field, key, args...))
}

// take returns a field and strikes it out; null is as good as absent.
func (r *reader) take(name string) (json.RawMessage, bool) {
	v, ok := r.fields[name]
	delete(r.fields, name)
	return v, ok && string(v) != "null"
}

func (r *reader) text(name, standard string) string {
	v, ok := r.take(name)
	if !ok {
		return standard
	}
	var s string
	if err := json.Unmarshal(v, &s); err != nil || len(s) > 1000 {
		r.bad(name, "payroll.wire.text")
	}
	return s
}

func (r *reader) yes(name string) (b bool) {
	if v, ok := r.take(name); ok && json.Unmarshal(v, &b) != nil {
		r.bad(name, "payroll.wire.yes")
	}
	return b
}

// number reads a decimal of at most that many decimals, in units of the last.
func (r *reader) number(name string, decimals int, standard int64) (n int64, given bool) {
	v, ok := r.take(name)
	if !ok {
		return standard, false
	}
	n, ok = wholeOf(string(v), decimals)
	if !ok {
		r.bad(name, "payroll.wire.number", "decimals", decimals)
	}
	return n, true
}

// wholeOf reads a number of JSON exactly. Exponents are bounded: 1e999999999 is a number too.
func wholeOf(s string, decimals int) (int64, bool) {
	digits, power, _ := strings.Cut(strings.ToLower(s), "e")
	if power == "" {
		power = "0"
	}
	exp, err := strconv.Atoi(power)
	if err != nil || exp < -30 || exp > 12 || len(digits) > 40 || digits == "" || digits[0] == '"' {
		return 0, false
	}
	x, ok := new(big.Rat).SetString(digits)
	if !ok {
		return 0, false
	}
	exp += decimals
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
	if exp >= 0 {
		x.Mul(x, new(big.Rat).SetInt(ten))
	} else {
		x.Quo(x, new(big.Rat).SetInt(ten))
	}
	if !x.IsInt() || !x.Num().IsInt64() {
		return 0, false
	}
	return x.Num().Int64(), true
}

// standardAccident is the mean rate of accidents, taken when a case says none (2.12 % in 2025, 2.08 % from 2026).
func standardAccident(year int) int64 {
	if year <= 2025 {
		return 21_200
	}
	return 20_800
}

func readCase(b json.RawMessage) (c Case) {
	r := &reader{}
	if json.Unmarshal(b, &r.fields) != nil || r.fields == nil {
		c.Err = fault.New(fault.Invalid, "payroll.wire.object")
		return c
	}
	if inner, ok := r.fields["entree"]; ok {
		for name := range r.fields {
			if name != "entree" && !slices.Contains(beside, name) {
				r.bad(name, "payroll.wire.unknown", "name", name)
			}
		}
		r.fields = nil
		if json.Unmarshal(inner, &r.fields) != nil || r.fields == nil {
			c.Err = fault.New(fault.Invalid, "payroll.wire.object")
			return c
		}
	}
	if id, ok := r.take("id"); ok {
		if id[0] == '{' || id[0] == '[' || len(id) > 200 {
			r.bad("id", "payroll.wire.id")
		} else {
			c.ID = id
		}
	}
	r.text("modele", "")
	r.text("note", "")
	day := r.day()
	c.Contract = Contract{Regime: regimeOf(r.text("regime", "cdi")), From: date.Of(2020, 1, 1), Executive: r.yes("cadre"), Cover: Cover{HealthEmployer: money.One / 2}}
	hours := int64(35_00)
	if c.Contract.Regime != Permanent && c.Contract.Regime != FixedTerm {
		hours = 0
	}
	whole := func(name string, decimals int, standard int64) int64 {
		n, _ := r.number(name, decimals, standard)
		return n
	}
	hours = whole("heuresSemaine", 2, hours)
	staff := whole("effectif", 0, 1)
	c.Contract.Cover.Health = money.Cents(whole("mutuelle", 2, 40_00))
	c.Employer = Employer{Accident: money.Rate(whole("tauxATMP", 4, standardAccident(day.Month().Year()))), Mobility: money.Rate(whole("tauxVM", 4, 0)),
		Apprentices: money.Rate(whole("ratioAlternants", 4, 0)), Alsace: r.yes("alsaceMoselle")}
	c.Contract.Hours, c.Employer.Staff = int(min(max(hours, -1), 1_000_000)), int(min(max(staff, -1), 1_000_000_000))
	c.Inputs = Inputs{Month: day.Month(), Paid: day}
	if rate, given := r.number("tauxPAS", 4, 0); given {
		c.Inputs.Tax = new(money.Rate)
		*c.Inputs.Tax = money.Rate(rate)
	}
	c.Element = "salary"
	if c.Contract.Regime == CESA || c.Contract.Regime == CAPE {
		c.Element = "variable_advance"
	}
	r.amounts(&c)
	for name := range r.fields {
		r.bad(name, "payroll.wire.unknown", "name", name)
	}
	slices.SortStableFunc(r.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	c.Err = errors.Join(r.errs...)
	return c
}

// day reads the day of the payslip, which is also the day it is paid on: dd/mm/yyyy.
func (r *reader) day() date.Day {
	standard := date.Of(2026, 7, 1)
	s := r.text("date", "01/07/2026")
	parts := strings.Split(s, "/")
	if len(parts) == 3 && len(parts[0]) == 2 && len(parts[1]) == 2 && len(parts[2]) == 4 {
		if d, err := date.Parse(parts[2] + "-" + parts[1] + "-" + parts[0]); err == nil {
			return d
		}
	}
	r.bad("date", "payroll.wire.date", "date", clip(s))
	return standard
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func regimeOf(s string) Regime {
	if s == "mandataire" {
		return Manager
	}
	return Regime(clip(s))
}

// amounts reads what the payslip is computed from: a gross, or what it is sought by.
func (r *reader) amounts(c *Case) {
	amounts := map[string]money.Cents{}
	for _, name := range []string{"brut", "coutTotal", "netAvantImpot"} {
		if n, given := r.number(name, 2, 0); given {
			amounts[name] = money.Cents(n)
			if n < 0 || money.Cents(n) > 3*MaxGross {
				r.bad(name, "payroll.wire.amount", "max", MaxGross)
			}
		}
	}
	way := strings.ReplaceAll(r.text("sens", ""), "→", "->")
	if way == "" {
		for name, w := range map[string]string{"brut": "brut->tout", "coutTotal": "cout->brut", "netAvantImpot": "net->brut"} {
			if _, ok := amounts[name]; !ok {
				continue
			}
			if way != "" {
				r.bad("sens", "payroll.wire.way_missing")
			}
			way = w
		}
	}
	name := ""
	switch way {
	case "brut->tout", "":
		name = "brut"
	case "cout->brut":
		name, c.Target = "coutTotal", &Target{By: ByCost}
	case "net->brut":
		name, c.Target = "netAvantImpot", &Target{By: ByNet}
	default:
		r.bad("sens", "payroll.wire.way", "way", clip(way))
		return
	}
	amount, ok := amounts[name]
	if !ok {
		r.bad(name, "payroll.wire.missing", "name", name)
	}
	if c.Target != nil {
		c.Target.Amount = amount
		return
	}
	c.Inputs.Items = []Item{{Element: c.Element, Amount: amount}}
}

// fieldsOf are the names of a case for the fields that are refused.
var fieldsOf = map[string]string{"contract.regime": "regime", "contract.hours": "heuresSemaine", "employer.accident": "tauxATMP", "employer.mobility": "tauxVM", "employer.apprentices": "ratioAlternants",
	"contract.cover.health": "mutuelle", "employer.staff": "effectif", "tax": "tauxPAS", "month": "date", "contract.from": "date", "items": "brut", "items[0].amount": "brut"}

// Answer computes a case: the exact payslip and the printed one, of the gross that is given or found.
func (c Case) Answer(t *Table) (Exact, Payslip, error) {
	if c.Err != nil {
		return Exact{}, Payslip{}, c.Err
	}
	p := t.On(c.Inputs.Month)
	in := c.Inputs
	if c.Target != nil {
		s, _, err := Solve(p, c.Employer, c.Contract, YearToDate{}, in, c.Element, *c.Target)
		if err != nil {
			return Exact{}, Payslip{}, c.named(err)
		}
		in.Items = s.Items
	}
	s, _, err := Compute(p, c.Employer, c.Contract, YearToDate{}, in)
	if err != nil {
		return Exact{}, Payslip{}, c.named(err)
	}
	x, err := ComputeExact(p, c.Employer, c.Contract, YearToDate{}, in)
	return x, s, err
}

// named gives refusals the names of the case's own fields.
func (c Case) named(err error) error {
	var errs []error
	for _, e := range fault.All(err) {
		named := *e
		named.Field = fieldsOf[e.Field]
		if e.Field == "target" {
			named.Field = map[By]string{ByCost: "coutTotal", ByNet: "netAvantImpot"}[c.Target.By]
		}
		errs = append(errs, &named)
	}
	if len(errs) == 0 {
		return err
	}
	return errors.Join(errs...)
}

// euros is a number of cents as a number of euros with two decimals.
func euros(c money.Cents) json.RawMessage { return json.RawMessage(c.String()) }

func number(f Fine) json.RawMessage { return json.RawMessage(f.String()) }

// percent is a rate as a number of hundredths.
func percent(r money.Rate) json.RawMessage { return json.RawMessage(Fine(r * 100_000_000).String()) }

// wireLine is one line of an answer.
type wireLine struct {
	Code   string          `json:"code"`
	Part   Part            `json:"part"`
	Base   json.RawMessage `json:"base"`
	Rate   json.RawMessage `json:"taux"` // in per cent; null when the amount is not base × rate
	Amount json.RawMessage `json:"montant"`
}

type named struct {
	name  string
	value json.RawMessage
}

// object writes names in their order.
func object(b []byte, all []named) []byte {
	b = append(b, '{')
	for i, n := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, n.name)
		b = append(append(b, ':'), n.value...)
	}
	return append(b, '}')
}

// AppendAnswer writes an answer as JSON: lines and totals without rounding, and the figures in cents as a payslip prints
// them. Numbers are decimals written exactly (a third of a cent of reference SMIC to the twelfth decimal).
func AppendAnswer(b []byte, c Case, x Exact, s Payslip) ([]byte, error) {
	lines := make([]wireLine, len(x.Lines))
	for i, l := range x.Lines {
		lines[i] = wireLine{l.Code, l.Part, number(l.Base), percent(l.Rate), number(l.Amount)}
		if l.Code == reduction25 || l.Code == reduction26 {
			lines[i].Rate = json.RawMessage("null")
		}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return b, err
	}
	v := x.Totals
	totals := object(nil, []named{{"brut", number(v.Gross)}, {"salaire_contrat", number(v.Gross)}, {"assiette", number(v.Pay)}, {"pmss", number(fine(v.CeilingMonth))}, {"plafond_proratise", number(v.Ceiling)},
		{"csg_base", number(v.CSGBase)}, {"smic_rg", number(Fine(money.MulDiv(v.SMIC, int64(perCent), smicParts)))}, {"smic_horaire", number(fine(v.SMICHour))}, {"prevoyance_employeur_reintegree", number(fine(v.Excess))},
		{"cotisations_salarie", number(v.Employee)}, {"cotisations_employeur", number(v.Employer)}, {"net_avant_impot", number(v.Net)}, {"net_imposable", number(v.NetTaxable)}, {"montant_net_social", number(v.NetSocial)},
		{"taux_pas", percent(v.TaxRate)}, {"pas", number(fine(v.Tax))}, {"net_paye", number(v.Net - fine(v.Tax))}, {"cout_total_employeur", number(v.Cost)}})
	w := s.Totals
	paid := object(nil, []named{{"brut", euros(w.Gross)}, {"cotisations_salarie", euros(w.Employee)}, {"cotisations_employeur_apres_allegement", euros(w.Employer)}, {"net_avant_impot", euros(w.Net)},
		{"montant_net_social", euros(w.NetSocial)}, {"net_imposable", euros(w.NetTaxable)}, {"taux_pas", percent(w.TaxRate)}, {"pas", euros(w.Tax)}, {"net_paye", euros(w.Paid)}, {"cout_total_employeur", euros(w.Cost)}})
	var all []named
	if c.ID != nil {
		all = append(all, named{"id", c.ID})
	}
	all = append(all, named{"lignes", text}, named{"totaux", totals}, named{"paie", paid})
	if c.Target != nil {
		all = append(all, named{"reste", euros(c.Target.Left(s))})
	}
	return object(b, all), nil
}

// AppendRefusal writes what is wrong with a case, by its rank from 1, in words.
func AppendRefusal(b []byte, c Case, rank int, words string) ([]byte, error) {
	text, err := json.Marshal(words)
	if err != nil {
		return b, err
	}
	var all []named
	if c.ID != nil {
		all = append(all, named{"id", c.ID})
	}
	return object(b, append(all, named{"rang", json.RawMessage(strconv.Itoa(rank))}, named{"erreur", text})), nil
}
