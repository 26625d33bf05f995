package demo_test

import (
	"fmt"
	"testing"
	"time"

	"essaim/i18n"
	"essaim/internal/demo"
	"essaim/internal/store/storetest"
)

func TestLook(t *testing.T) {
	f := fill(t, storetest.SQLite(t), demo.Options{Seed: 1})
	f.clock.Stay(today, nil2())
	a, err := f.System(t.Context(), f.result.Coop.ID)
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.House(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	p := i18n.For("fr")
	for _, r := range v.House.Rows {
		s := ""
		for _, x := range r.Alerts {
			s += p.T(x.Key, x.Args...) + " · "
		}
		fmt.Printf("%-4s %-30.30s %-10s sales %10s cash %10s avail %10s overdue %9s  %s\n", r.Code, r.Name, r.Status, r.Sales, r.Cash, r.Available, r.Overdue, s)
	}
	fmt.Printf("%+v\n", v.House.Proof)
	years, _, _ := f.Settings(t.Context(), a)
	for _, y := range years.Years {
		for _, sec := range []int64{1, 2} {
			rows, _ := f.TrialBalance(t.Context(), a, y.ID, sec, 0, 12, "")
			for _, r := range rows {
				fmt.Printf("%d %d %s %-40.40s %12s\n", y.ID, sec, r.Account, r.Label, r.Balance)
			}
		}
	}
}

func nil2() *time.Location { l, _ := time.LoadLocation("Europe/Paris"); return l }
