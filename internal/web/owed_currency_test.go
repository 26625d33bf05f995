package web_test

import (
	"fmt"
	"testing"

	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// What a customer in another currency owes is told in it beside the euros, wherever it is told; once it is written off too.
func TestOwedInAnotherCurrency(t *testing.T) {
	s := newStudio(t)
	_, swiss := s.abroad()
	d, err := s.Office.CreateAndSubmit(t.Context(), s.as("maelle"), sale.Document{Kind: sale.Invoice, Activity: webtest.Ceramique, Customer: swiss.ID, Content: sale.Content{
		Title: "Vases", Currency: "CHF", Exchange: 800_000, ExchangeOn: s.as("maelle").Today, ExchangeSource: "BCE", Delivered: s.as("maelle").Today, DueDays: 30,
		Lines: []sale.Line{{Label: "Vases", Nature: "made", Tax: "EXG", Quantity: money.Unit, Price: 1000 * money.Unit}},
	}}, "")
	s.must(err)
	if d.Status == sale.Submitted {
		d, err = s.Office.Validate(t.Context(), s.as("samira"), d.ID, 0)
		s.must(err)
	}
	b, team := s.As("maelle"), s.As("jean")
	b.Get(fmt.Sprintf("%s/a/%d/owed", place, webtest.Ceramique)).Want(t, 200, "1 250,00 €", "dont 1 000,00 CHF")
	b.Get(fmt.Sprint(place, "/customers/", swiss.ID)).Want(t, 200, "1 250,00 €", "dont 1 000,00 CHF")
	b.Get(fmt.Sprintf("%s/a/%d/announce", place, webtest.Ceramique)).Want(t, 200, "1 000,00 CHF (1 250,00 €)")
	team.Get(place+"/owed").Want(t, 200, "dont 1 000,00 CHF")
	team.Get(fmt.Sprint(place, "/payments/new?customer=", swiss.ID)).Want(t, 200, "1 000,00 CHF")
	s.must(s.Office.Lose(t.Context(), s.as("jean"), d.ID, "faillite"))
	team.Get(fmt.Sprint(place, "/payments/new?customer=", swiss.ID)).Want(t, 200, "1 000,00 CHF", "1 250,00 € passés en perte")
}
