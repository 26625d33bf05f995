package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/auth"
	"essaim/internal/office"
	"essaim/ledger"
	"essaim/money"
)

// Entry is a journal entry to book. Sections are codes of activities ("042", "SMUT", "CAE"), third parties their codes
// ("C00012"). An entry balances in total; liaison lines on 181 are added where it crosses activities.
type Entry struct {
	Journal string   `json:"journal" doc:"Code of a journal" example:"OD"`
	Date    date.Day `json:"date" doc:"Accounting day, within an open month" example:"2026-11-22"`
	DocDate date.Day `json:"docDate,omitempty" required:"false" doc:"Day of the document, the accounting day by default"`
	Ref     string   `json:"ref" doc:"Reference of the document"`
	Label   string   `json:"label"`
	Lines   []Line   `json:"lines"`
}

// Line is one line: either debit or credit, in cents.
type Line struct {
	Account  string      `json:"account" example:"6256"`
	Section  string      `json:"section" example:"042"`
	Third    string      `json:"third,omitempty" required:"false" doc:"Code of a third party" example:"F00012"`
	Axis     int64       `json:"axis,omitempty" required:"false" doc:"Deal, project or funding line"`
	Tax      string      `json:"tax,omitempty" required:"false" doc:"Code of VAT"`
	Due      date.Day    `json:"due,omitempty" required:"false" doc:"Due day of a line with a third party"`
	Debit    money.Cents `json:"debit,omitempty" required:"false" minimum:"0"`
	Credit   money.Cents `json:"credit,omitempty" required:"false" minimum:"0"`
	Label    string      `json:"label,omitempty" required:"false"`
	Currency string      `json:"currency,omitempty" required:"false" doc:"ISO 4217, when the amount was foreign"`
	Foreign  int64       `json:"foreignAmount,omitempty" required:"false" doc:"In minor units of the currency, signed as debit"`
	Settles  *struct {
		Entry int64 `json:"entry"`
		Line  int   `json:"line"`
	} `json:"settles,omitempty" required:"false" doc:"Open item this line settles"`
}

// Posted is what a booked entry got.
type Posted struct {
	ID     int64  `json:"id" doc:"Also its position in the chain"`
	Number int64  `json:"number" doc:"Within its journal and fiscal year"`
	Hash   string `json:"hash" doc:"SHA-256 of its content"`
}

func (e Entry) draft() office.EntryDraft {
	d := office.EntryDraft{Entry: ledger.Entry{Journal: e.Journal, Date: e.Date, DocDate: e.DocDate, Ref: e.Ref, Label: e.Label, Lines: make([]ledger.Line, len(e.Lines))}}
	d.Sections, d.Thirds = make([]string, len(e.Lines)), make([]string, len(e.Lines))
	for i, l := range e.Lines {
		x := ledger.Line{Account: l.Account, Axis: l.Axis, Tax: l.Tax, Due: l.Due, Amount: l.Debit - l.Credit, Label: l.Label, Currency: l.Currency, Foreign: l.Foreign}
		if l.Debit != 0 && l.Credit != 0 || l.Debit < 0 || l.Credit < 0 {
			x.Amount = 0 // the check refuses it on its field
		}
		if l.Settles != nil {
			x.Settles = ledger.ItemRef{Entry: l.Settles.Entry, Line: l.Settles.Line}
		}
		d.Lines[i], d.Sections[i], d.Thirds[i] = x, l.Section, l.Third
	}
	return d
}

// Third is a third party that an entry names.
type Third struct {
	Code string           `json:"code,omitempty" required:"false" doc:"Given by the cooperative, but for a body, which comes with its own" example:"F00012"`
	Kind ledger.ThirdKind `json:"kind" doc:"supplier or body to add; customers come with POST /customers, workers with the person" enum:"customer,supplier,worker,body"`
	Name string           `json:"name"`
}

func (s *server) thirds(api huma.API) {
	huma.Register(api, huma.Operation{OperationID: "list-thirds", Method: http.MethodGet, Path: "/api/v1/thirds", Summary: "List third parties of the books, by name", Tags: []string{"entries"}},
		func(ctx context.Context, in *struct {
			Spoken
			Kind  ledger.ThirdKind `query:"kind" enum:"customer,supplier,worker,body" doc:"All by default"`
			Q     string           `query:"q" maxLength:"100" doc:"Part of the code or name"`
			Limit int              `query:"limit" default:"50" minimum:"1" maximum:"500"`
		}) (*struct{ Body []Third }, error) {
			all, err := s.office.Thirds(ctx, actor(ctx), in.Kind, in.Q, in.Limit)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			out := &struct{ Body []Third }{make([]Third, len(all))}
			for i, t := range all {
				out.Body[i] = Third{t.Code, t.Kind, t.Name}
			}
			return out, nil
		})
	huma.Register(api, huma.Operation{OperationID: "add-third", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/thirds", Summary: "Add a supplier or a body", Tags: []string{"entries"}, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Once
			Body given[Third]
		}) (*struct{ Body Third }, error) {
			if in.Body.err != nil {
				return nil, refuse(in.Body.err, in.Lang)
			}
			b := in.Body.value
			t, err := s.office.AddThird(ctx, actor(ctx), ledger.Third{Kind: b.Kind, Code: b.Code, Name: b.Name}, in.Key)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body Third }{Third{t.Code, t.Kind, t.Name}}, nil
		})
}

const hexDigits = "0123456789abcdef"

func hexOf(b []byte) string {
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		out = append(out, hexDigits[c>>4], hexDigits[c&15])
	}
	return string(out)
}

func posted(e ledger.Entry) Posted { return Posted{ID: e.ID, Number: e.Number, Hash: hexOf(e.Hash)} }

// bodyMax bounds a bulk: some tens of thousands of lines.
const bodyMax = 16 << 20

func (s *server) entries(api huma.API) {
	// Described here, answered by postEntry.
	one := huma.Operation{OperationID: "post-entry", Method: http.MethodPost, Path: "/api/v1/entries", Summary: "Book one entry", Tags: []string{"entries"}, DefaultStatus: http.StatusCreated,
		Parameters: []*huma.Param{
			{Name: "Accept-Language", In: "header", Description: "fr or en: the language of messages", Schema: &huma.Schema{Type: huma.TypeString}},
			{Name: "Idempotency-Key", In: "header", Description: "Makes a repeat harmless", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(200)}},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(typeOf[Entry](), true, "Entry")}}},
		Responses:   map[string]*huma.Response{"201": {Description: "Booked", Content: map[string]*huma.MediaType{"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(typeOf[Posted](), true, "Posted")}}}}}
	api.OpenAPI().AddOperation(&one)

	huma.Register(api, huma.Operation{OperationID: "post-entries", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/entries/bulk", Summary: "Book entries, all together or not at all", Tags: []string{"entries"}, MaxBodyBytes: bodyMax, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Once
			RawBody []byte
		}) (*struct{ Body []Posted }, error) {
			var list []Entry
			if err := strict(in.RawBody, &list); err != nil {
				return nil, refuse(err, in.Lang)
			}
			if len(list) == 0 || len(list) > 5000 {
				return nil, refuse(fault.New(fault.Invalid, "api.bulk", "max", 5000), in.Lang)
			}
			drafts := make([]office.EntryDraft, len(list))
			for i := range list {
				drafts[i] = list[i].draft()
			}
			done, err := s.office.PostDrafts(ctx, actor(ctx), drafts, in.Key)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			out := &struct{ Body []Posted }{make([]Posted, len(done))}
			for i := range done {
				out.Body[i] = posted(done[i])
			}
			return out, nil
		})

	huma.Register(api, huma.Operation{OperationID: "get-entry", Method: http.MethodGet, Path: "/api/v1/entries/{id}", Summary: "Read an entry", Tags: []string{"entries"}},
		func(ctx context.Context, in *struct {
			Spoken
			ID int64 `path:"id"`
		}) (*struct{ Body ledger.Entry }, error) {
			e, _, err := s.office.Entry(ctx, actor(ctx), in.ID)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body ledger.Entry }{e}, nil
		})

	huma.Register(api, huma.Operation{OperationID: "reverse-entry", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/entries/{id}/reverse", Summary: "Book the reversal of an entry", Tags: []string{"entries"}, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Once
			ID   int64 `path:"id"`
			Body given[Reversal]
		}) (*struct{ Body Posted }, error) {
			if in.Body.err != nil {
				return nil, refuse(in.Body.err, in.Lang)
			}
			e, err := s.office.ReverseEntry(office.Keyed(ctx, in.Key), actor(ctx), in.ID, in.Body.value.Date, in.Body.value.Label)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body Posted }{posted(e)}, nil
		})
}

// Reversal says how an entry is reversed.
type Reversal struct {
	Date  date.Day `json:"date,omitempty" required:"false" doc:"Today by default"`
	Label string   `json:"label,omitempty" required:"false" maxLength:"250"`
}

// postEntry books one entry: the body is decoded strictly and bounded, the answer is written by hand.
func (s *server) postEntry(w http.ResponseWriter, r *http.Request) {
	a, err := s.who(r.Context(), r.Header.Get("Authorization"))
	if errors.Is(err, auth.ErrToken) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		answer(w, http.StatusUnauthorized, noToken(r.Header.Get("Accept-Language")))
		return
	}
	if err == nil {
		err = plainKey(r.Header.Get("Idempotency-Key"))
	}
	var body []byte
	if err == nil {
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20)); err != nil {
			if _, large := errors.AsType[*http.MaxBytesError](err); large {
				answer(w, http.StatusRequestEntityTooLarge, &Problem{Status: http.StatusRequestEntityTooLarge, Title: i18n.For(r.Header.Get("Accept-Language")).T("api.large"), Kind: string(fault.Invalid)})
				return
			}
			err = fault.New(fault.Invalid, "api.json").Wrap(err)
		}
	}
	var e Entry
	if err == nil {
		err = strict(body, &e)
	}
	var done []ledger.Entry
	if err == nil {
		done, err = s.office.PostDrafts(r.Context(), a, []office.EntryDraft{e.draft()}, r.Header.Get("Idempotency-Key"))
	}
	if err != nil {
		status, p := problem(err, r.Header.Get("Accept-Language"))
		answer(w, status, p)
		return
	}
	answer(w, http.StatusCreated, posted(done[0]))
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	if status >= 400 {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client went away: nobody to tell
}
