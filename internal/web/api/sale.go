package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func (s *server) customers(api huma.API) {
	huma.Register(api, huma.Operation{OperationID: "save-customer", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/customers", Summary: "Create a customer of an activity, or change one (id)", Tags: []string{"customers"}, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Once
			Body given[sale.Customer]
		}) (*struct{ Body sale.Customer }, error) {
			if in.Body.err != nil {
				return nil, refuse(in.Body.err, in.Lang)
			}
			c, err := s.office.SaveCustomer(ctx, actor(ctx), in.Body.value, in.Key)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body sale.Customer }{c}, nil
		})
	huma.Register(api, huma.Operation{OperationID: "list-customers", Method: http.MethodGet, Path: "/api/v1/customers", Summary: "List the customers of an activity", Tags: []string{"customers"}},
		func(ctx context.Context, in *struct {
			Spoken
			Activity int64  `query:"activity" required:"true"`
			Q        string `query:"q" maxLength:"200"`
			Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
		}) (*struct{ Body []sale.Customer }, error) {
			all, err := s.office.Customers(ctx, actor(ctx), store.CustomerFilter{Activity: in.Activity, Q: in.Q, Limit: in.Limit})
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body []sale.Customer }{some(all)}, nil
		})
}

// Line of a quote, an invoice or a credit note.
type writtenLine struct {
	Label        string      `json:"label"`
	Nature       string      `json:"nature" doc:"service, goods, training, works …" default:"service"`
	Quantity     string      `json:"quantity,omitempty" required:"false" doc:"Decimal text, 1 by default" example:"1.5"`
	Unit         string      `json:"unit,omitempty" required:"false"`
	Price        string      `json:"price" doc:"Unit price, decimal text, net or VAT included as gross says" example:"350.00"`
	Discount     string      `json:"discount,omitempty" required:"false" doc:"Per cent, decimal text"`
	DiscountFlat money.Cents `json:"discountFlat,omitempty" required:"false"`
	Tax          string      `json:"tax" doc:"Code of VAT" example:"S20"`
	Axis         int64       `json:"axis,omitempty" required:"false"`
}

type written struct {
	Activity   int64         `json:"activity"`
	Customer   int64         `json:"customer"`
	Title      string        `json:"title"`
	Lines      []writtenLine `json:"lines"`
	Gross      bool          `json:"gross,omitempty" required:"false" doc:"Prices include VAT"`
	Delivered  date.Day      `json:"delivered,omitempty" required:"false" doc:"Delivery, or end of the service: compulsory on invoices"`
	DueDays    int           `json:"dueDays,omitempty" required:"false"`
	DueMonth   coop.MonthEnd `json:"dueMonth,omitempty" required:"false" doc:"then: the days, then the end of that month. from: the end of the month, then the days. Absent: net days"`
	DueDay     int           `json:"dueDay,omitempty" required:"false" doc:"The first such day of a month from then on"`
	ValidUntil date.Day      `json:"validUntil,omitempty" required:"false"`
	OrderRef   string        `json:"orderRef,omitempty" required:"false"`
	Service    string        `json:"service,omitempty" required:"false"`
	Commitment string        `json:"commitment,omitempty" required:"false"`
	Contract   string        `json:"contract,omitempty" required:"false"`
	Note       string        `json:"note,omitempty" required:"false"`
	Reason     string        `json:"reason,omitempty" required:"false"`
	Origin     int64         `json:"origin,omitempty" required:"false" doc:"Accepted quote of an invoice, invoice of a credit note"`
	// As the box on the form of a document: what is absent is no.
	SendWhenValidated bool `json:"sendWhenValidated,omitempty" required:"false" doc:"Invoices and credit notes: mailed to the customer's address as soon as it is validated, with the same trace as when it is sent by hand; refused on submission when the customer has no address. Absent: no"`
	Submit            bool `json:"submit,omitempty" required:"false" doc:"Send to the reading desk; a document that the trust rules let leave alone is numbered and booked at once"`
}

func (b written) document(kind sale.Kind) (sale.Document, error) {
	d := sale.Document{Kind: kind, Activity: b.Activity, Customer: b.Customer, Content: sale.Content{
		Title: b.Title, Gross: b.Gross, Delivered: b.Delivered, DueDays: b.DueDays, DueMonth: b.DueMonth, DueDay: b.DueDay, ValidUntil: b.ValidUntil, OrderRef: b.OrderRef,
		Service: b.Service, Commitment: b.Commitment, Contract: b.Contract, Note: b.Note, Reason: b.Reason,
		SendWhenValidated: b.SendWhenValidated,
	}}
	if kind == sale.CreditNote {
		d.Corrects = b.Origin
	} else {
		d.Origin = b.Origin
	}
	for i, l := range b.Lines {
		x := sale.Line{Label: l.Label, Nature: l.Nature, Quantity: money.Unit, Unit: l.Unit, DiscountFlat: l.DiscountFlat, Tax: l.Tax, Axis: l.Axis}
		var err error
		if l.Quantity != "" {
			if x.Quantity, err = money.ParseMicro(l.Quantity); err != nil {
				return d, fault.At(fmt.Sprintf("lines[%d].quantity", i), "api.number")
			}
		}
		if x.Price, err = money.ParseMicro(l.Price); err != nil {
			return d, fault.At(fmt.Sprintf("lines[%d].price", i), "api.number")
		}
		if l.Discount != "" {
			if x.Discount, err = money.ParseRate(l.Discount); err != nil {
				return d, fault.At(fmt.Sprintf("lines[%d].discount", i), "api.number")
			}
		}
		d.Content.Lines = append(d.Content.Lines, x)
	}
	return d, nil
}

func (s *server) sales(api huma.API) {
	for _, k := range []struct {
		kind       sale.Kind
		name, path string
	}{{sale.Quote, "quote", "quotes"}, {sale.Invoice, "invoice", "invoices"}, {sale.CreditNote, "credit-note", "credit-notes"}} {
		huma.Register(api, huma.Operation{OperationID: "create-" + k.name, SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/" + k.path, Summary: "Write one, and submit it if wanted", Tags: []string{k.path}, DefaultStatus: http.StatusCreated},
			func(ctx context.Context, in *struct {
				Once
				Body given[written]
			}) (*struct{ Body sale.Document }, error) {
				var d sale.Document
				err := in.Body.err
				if err == nil {
					d, err = in.Body.value.document(k.kind)
				}
				if err == nil {
					if in.Body.value.Submit {
						d, err = s.office.CreateAndSubmit(ctx, actor(ctx), d, in.Key)
					} else {
						d, err = s.office.SaveDraft(ctx, actor(ctx), d, in.Key)
					}
				}
				if err != nil {
					return nil, refuse(err, in.Lang)
				}
				return &struct{ Body sale.Document }{d}, nil
			})
		huma.Register(api, huma.Operation{OperationID: "list-" + k.path, Method: http.MethodGet, Path: "/api/v1/" + k.path, Summary: "List, the newest first", Tags: []string{k.path}},
			func(ctx context.Context, in *struct {
				Spoken
				Activity int64    `query:"activity" doc:"0: every activity that is open to you"`
				Customer int64    `query:"customer"`
				State    string   `query:"state" enum:"overdue,unpaid,paid,partly,"`
				Q        string   `query:"q" maxLength:"200"`
				From     date.Day `query:"from"`
				To       date.Day `query:"to"`
				Before   int64    `query:"before" doc:"Id of the last row of the page before"`
				Limit    int      `query:"limit" default:"50" minimum:"1" maximum:"500"`
			}) (*struct{ Body []store.SaleRow }, error) {
				rows, _, err := s.office.Sales(ctx, actor(ctx), store.SaleFilter{Kind: k.kind, Activity: in.Activity, Customer: in.Customer, State: in.State, Q: in.Q, From: in.From, To: in.To, Before: in.Before, Limit: in.Limit})
				if err != nil {
					return nil, refuse(err, in.Lang)
				}
				return &struct{ Body []store.SaleRow }{some(rows)}, nil
			})
		huma.Register(api, huma.Operation{OperationID: "get-" + k.name, Method: http.MethodGet, Path: "/api/v1/" + k.path + "/{id}", Summary: "Read one", Tags: []string{k.path}},
			func(ctx context.Context, in *struct {
				Spoken
				ID int64 `path:"id"`
			}) (*struct{ Body sale.Document }, error) {
				d, err := s.ofKind(ctx, k.kind, in.ID)
				if err != nil {
					return nil, refuse(err, in.Lang)
				}
				return &struct{ Body sale.Document }{d}, nil
			})
		huma.Register(api, huma.Operation{OperationID: "validate-" + k.name, SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/" + k.path + "/{id}/validate", Summary: "Validate a submitted one: number, day, entry. Never one's own", Tags: []string{k.path}},
			func(ctx context.Context, in *struct {
				Once
				ID int64 `path:"id"`
			}) (*struct{ Body sale.Document }, error) {
				d, err := s.ofKind(ctx, k.kind, in.ID)
				if err == nil {
					d, err = s.office.Validate(office.Keyed(ctx, in.Key), actor(ctx), in.ID, 0)
				}
				if err != nil {
					return nil, refuse(err, in.Lang)
				}
				return &struct{ Body sale.Document }{d}, nil
			})
		huma.Register(api, huma.Operation{OperationID: "submit-" + k.name, SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/" + k.path + "/{id}/submit", Summary: "Submit a draft: to the reading desk, or numbered and booked at once when the trust rules let it leave alone", Tags: []string{k.path}},
			func(ctx context.Context, in *struct {
				Once
				ID int64 `path:"id"`
			}) (*struct{ Body sale.Document }, error) {
				d, err := s.ofKind(ctx, k.kind, in.ID)
				if err == nil {
					d, err = s.office.Submit(office.Keyed(ctx, in.Key), actor(ctx), in.ID, 0)
				}
				if err != nil {
					return nil, refuse(err, in.Lang)
				}
				return &struct{ Body sale.Document }{d}, nil
			})
	}
	huma.Register(api, huma.Operation{OperationID: "accept-quote", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/quotes/{id}/accept", Summary: "Record that the customer accepted a quote, on paper or by a message", Tags: []string{"quotes"}},
		func(ctx context.Context, in *struct {
			Once
			ID   int64 `path:"id"`
			Body given[Acceptance]
		}) (*struct{ Body sale.Document }, error) {
			d, err := s.ofKind(ctx, sale.Quote, in.ID)
			if err == nil {
				err = in.Body.err
			}
			if err == nil {
				d, err = s.office.RecordAcceptance(office.Keyed(ctx, in.Key), actor(ctx), in.ID, office.Agreement{Name: in.Body.value.Name, Options: in.Body.value.Options, Variants: in.Body.value.Variants}, in.Body.value.On)
			}
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body sale.Document }{d}, nil
		})
}

// Acceptance is what a customer answered otherwise than on the link.
type Acceptance struct {
	Name string   `json:"name" doc:"Who accepted"`
	On   date.Day `json:"on,omitempty" required:"false" doc:"Day it was accepted, today by default"`

	Options  []string          `json:"options,omitempty" required:"false" doc:"Options of the quote that were taken, by name"`
	Variants map[string]string `json:"variants,omitempty" required:"false" doc:"Of each variant of the quote, the alternative that was taken"`
}

// some is a list that is [] when nothing is in it.
func some[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// ofKind reads a document; one of another kind is not at this address.
func (s *server) ofKind(ctx context.Context, kind sale.Kind, id int64) (sale.Document, error) {
	d, err := s.office.Document(ctx, actor(ctx), id)
	if err == nil && d.Doc.Kind != kind {
		err = fault.New(fault.NotFound, "office.absent")
	}
	return d.Doc, err
}

// Received is money that came from a customer.
type Received struct {
	Customer    int64             `json:"customer"`
	Date        date.Day          `json:"date"`
	Amount      money.Cents       `json:"amount"`
	Means       sale.Means        `json:"means" enum:"transfer,cheque,card,cash,debit,advance"`
	Reference   string            `json:"reference,omitempty" required:"false"`
	Allocations []sale.Allocation `json:"allocations"`
	Excess      money.Cents       `json:"excess,omitempty" required:"false" doc:"What is above the allocations, kept as an advance of the customer"`
	Ahead       bool              `json:"ahead,omitempty" required:"false" doc:"What came before its invoice is kept as an advance and used on the day of the invoice"`
}

func (s *server) payments(api huma.API) {
	huma.Register(api, huma.Operation{OperationID: "record-payment", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/payments", Summary: "Record money received. Never for one's own activity", Tags: []string{"payments"}, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Once
			Body given[Received]
		}) (*struct{ Body sale.Payment }, error) {
			if in.Body.err != nil {
				return nil, refuse(in.Body.err, in.Lang)
			}
			b := in.Body.value
			p, err := s.office.Receive(ctx, actor(ctx), sale.Payment{Customer: b.Customer, Date: b.Date, Amount: b.Amount, Means: b.Means, Reference: b.Reference, Allocations: b.Allocations, Excess: b.Excess, Ahead: b.Ahead}, in.Key)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body sale.Payment }{p}, nil
		})
	huma.Register(api, huma.Operation{OperationID: "reverse-payment", SkipValidateBody: true, Method: http.MethodPost, Path: "/api/v1/payments/{id}/reverse", Summary: "Reverse a payment", Tags: []string{"payments"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Once
			ID int64 `path:"id"`
		}) (*struct{}, error) {
			return nil, refuse(s.office.Unreceive(office.Keyed(ctx, in.Key), actor(ctx), in.ID), in.Lang)
		})
	huma.Register(api, huma.Operation{OperationID: "get-payment", Method: http.MethodGet, Path: "/api/v1/payments/{id}", Summary: "Read a payment", Tags: []string{"payments"}},
		func(ctx context.Context, in *struct {
			Spoken
			ID int64 `path:"id"`
		}) (*struct{ Body sale.Payment }, error) {
			p, _, _, err := s.office.Payment(ctx, actor(ctx), in.ID)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body sale.Payment }{p}, nil
		})
	huma.Register(api, huma.Operation{OperationID: "list-payments", Method: http.MethodGet, Path: "/api/v1/payments", Summary: "List the payments of an activity, the newest first; what is allocated elsewhere bears no invoice", Tags: []string{"payments"}},
		func(ctx context.Context, in *struct {
			Spoken
			Activity int64    `query:"activity" required:"true"`
			Customer int64    `query:"customer"`
			Invoice  int64    `query:"invoice" doc:"Allocated to this invoice"`
			From     date.Day `query:"from"`
			To       date.Day `query:"to"`
			Before   int64    `query:"before" doc:"Id of the last row of the page before"`
			Limit    int      `query:"limit" default:"50" minimum:"1" maximum:"100"`
		}) (*struct{ Body []sale.Payment }, error) {
			all, err := s.office.Payments(ctx, actor(ctx), store.PaymentFilter{Activity: in.Activity, Customer: in.Customer, Sale: in.Invoice, From: in.From, To: in.To, Before: in.Before, Limit: in.Limit})
			for i := range all {
				if err == nil { // each with what of it may be seen
					all[i], _, _, err = s.office.Payment(ctx, actor(ctx), all[i].ID)
				}
			}
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body []sale.Payment }{some(all)}, nil
		})
}

func (s *server) accounts(api huma.API) {
	huma.Register(api, huma.Operation{OperationID: "get-account", Method: http.MethodGet, Path: "/api/v1/activities/{id}/account", Summary: "The activity account, every figure with what it is made of", Tags: []string{"account"}},
		func(ctx context.Context, in *struct {
			Spoken
			ID   int64 `path:"id"`
			Year int64 `query:"year" doc:"Id of a fiscal year, today's by default"`
		}) (*struct{ Body activity.Account }, error) {
			v, err := s.office.Account(ctx, actor(ctx), in.ID, in.Year)
			if err != nil {
				return nil, refuse(err, in.Lang)
			}
			return &struct{ Body activity.Account }{v.Account}, nil
		})
}
