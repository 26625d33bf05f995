package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/store"
	"essaim/sale"
)

// dressed gives the papers of the potter a logo, a colour and her own lines, and her first two shops what they agreed on: one
// pays at the end of the month, the other on receipt.
func (w *world) dressed(t date.Day) {
	e := w.told("001")
	w.agenda.at(opened(t-3), 17, 52, func() error {
		a, err := w.as(e.author(w.today))
		if err != nil {
			return err
		}
		return w.dress(a, e.id)
	})
}

func (w *world) dress(a access.Actor, activityID int64) error {
	_, err := w.office.SaveLook(w.ctx, a, activityID, activity.Look{
		Accent: "#2f6f73", Lines: []string{"Atelier : 7 rue du Four, 34700 Lodève", "maelle-ceramique.example"}, Foot: "Merci de votre confiance. L’atelier est ouvert le samedi de 10 h à 18 h.",
	}, bowl(), false)
	if err != nil {
		return err
	}
	all, err := w.office.Customers(w.ctx, a, store.CustomerFilter{Activity: activityID})
	if err != nil {
		return err
	}
	terms := []string{"45fm", "0"}
	for _, c := range all {
		if c.Kind != sale.Company || len(terms) == 0 {
			continue
		}
		c.Terms, terms = terms[0], terms[1:]
		if _, err := w.office.SaveCustomer(w.ctx, a, c, ""); err != nil {
			return err
		}
	}
	return nil
}

// bowl is the logo of the potter: a bowl under its steam.
func bowl() []byte {
	const side = 360
	img := image.NewNRGBA(image.Rect(0, 0, side, side*3/4))
	c := color.NRGBA{0x2f, 0x6f, 0x73, 0xff}
	for y := range side * 3 / 4 {
		for x := range side {
			fx, fy := float64(x)-side/2, float64(y)-110
			in := fy >= 0 && fx*fx/(170*170)+fy*fy/(140*140) <= 1 // the bowl
			in = in || y > 245 && math.Abs(fx) < 70               // its foot
			for _, at := range []float64{-60, 0, 60} {            // steam
				in = in || y > 15 && y < 92 && math.Abs(fx-at-12*math.Sin(float64(y)/14)) < 7
			}
			if in {
				img.SetNRGBA(x, y, c)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil
	}
	return b.Bytes()
}
