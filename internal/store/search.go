package store

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"essaim/money"
	"essaim/sale"
)

// Normal returns a text as the search columns hold it: lower case, without accents, ligatures in two letters, one space
// between words, straight apostrophes. Both engines then compare bytes.
func Normal(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := true // no space at the beginning
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		switch r = unicode.ToLower(r); r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		case 'ß':
			b.WriteString("ss")
		case 'ø':
			b.WriteByte('o')
		case 'ł':
			b.WriteByte('l')
		case '’', '‘', 'ʼ':
			b.WriteByte('\'')
		case '‐', '‑', '–', '—':
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
		space = false
	}
	return strings.TrimSuffix(b.String(), " ")
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// queryMax bounds what is searched for, in bytes.
const queryMax = 100

// holding returns the pattern of LIKE … ESCAPE '\' that finds a text anywhere in a search column.
func holding(q string) string {
	return "%" + likeEscape.Replace(Normal(cut(q, queryMax))) + "%"
}

// amountIn reads a query as an amount: « 1240 », « 1 240,00 », « 1240.5 ».
func amountIn(q string) (money.Cents, bool) {
	amount, err := money.ParseCents(q)
	return amount, err == nil && amount > 0
}

// amountToken stands for the total of a document in its search column.
func amountToken(gross money.Cents) string { return " =" + strconv.FormatInt(int64(gross), 10) + ";" }

// Hit is something a search found.
type Hit struct {
	Kind     string // person, activity, customer, quote, invoice, credit
	ID       int64
	Title    string
	Detail   string
	Activity int64 // 0: of the cooperative
}

// Search looks for a text in persons, activities, customers and documents; an amount also finds the documents of that
// total. With a list of activities only these, their customers and their documents are looked at, and nobody else.
func (tx *Tx) Search(q string, activities []int64, limit int) ([]Hit, error) {
	if Normal(q) == "" {
		return nil, nil
	}
	limit = atMost(limit)
	var all []Hit
	add := func(kind, head, tail, column string, read func(scan func(...any) error, h *Hit) error) error {
		if len(all) >= limit {
			return nil
		}
		w := where{args: []any{tx.coop}}
		if activities != nil {
			w.in(column, activities)
		}
		w.search(q, nil)
		hits, err := list(tx, w.text(head, tail, limit-len(all)), w.args, read)
		for i := range hits {
			hits[i].Kind = kind
		}
		all = append(all, hits...)
		return err
	}
	if activities == nil {
		if err := add("person", `SELECT id, first_name, last_name, email FROM person WHERE coop_id = $1`, ` ORDER BY search, id LIMIT CAST(? AS BIGINT)`, "", func(scan func(...any) error, h *Hit) error {
			var first, last string
			err := scan(&h.ID, &first, &last, &h.Detail)
			h.Title = strings.TrimSpace(first + " " + last)
			return err
		}); err != nil {
			return nil, err
		}
	}
	if err := add("activity", `SELECT id, name, code FROM activity WHERE coop_id = $1`, ` ORDER BY search, id LIMIT CAST(? AS BIGINT)`, "id", func(scan func(...any) error, h *Hit) error {
		err := scan(&h.ID, &h.Title, &h.Detail)
		h.Activity = h.ID
		return err
	}); err != nil {
		return nil, err
	}
	if err := add("customer", `SELECT id, name, siren, activity_id FROM customer WHERE coop_id = $1`, ` ORDER BY search, id LIMIT CAST(? AS BIGINT)`, "activity_id", func(scan func(...any) error, h *Hit) error {
		return scan(&h.ID, &h.Title, &h.Detail, &h.Activity)
	}); err != nil {
		return nil, err
	}
	if len(all) >= limit {
		return all, nil
	}
	rows, err := tx.Sales(SaleFilter{Activities: activities, Q: q, Limit: limit - len(all)})
	return append(all, Hits(rows)...), err
}

// Hits are documents as a search finds them.
func Hits(rows []SaleRow) (all []Hit) {
	for _, r := range rows {
		h := Hit{Kind: string(r.Kind), ID: r.ID, Title: r.Number, Detail: joinNonEmpty(r.Buyer, r.Title), Activity: r.Activity}
		if r.Number == "" {
			h.Title, h.Detail = joinNonEmpty(r.Title, ""), r.Buyer
		}
		if h.Title == "" {
			h.Title, h.Detail = r.Buyer, ""
		}
		if r.Kind == "" {
			h.Kind = string(sale.Invoice)
		}
		all = append(all, h)
	}
	return all
}

func joinNonEmpty(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
