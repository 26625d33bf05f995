package demo

import (
	"essaim/internal/office"
	"fmt"
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// stories plans what a visitor should find whatever the seed: customers who are late, a payment in parts, one too many,
// one put right, a credit note, quotes at every stage, drafts, and a desk with something to read for each reason.
func (w *world) stories() {
	t := w.opt.Today
	w.late("005", w.company("Ateliers Corbeau Blanc"), one("Refonte de l’identité visuelle", "service", 1480_00), t-12, 30)
	w.late("017", w.association("Festival Paroles d’hiver"), one("Film du festival, tournage et montage", "service", 1960_00), t-45, 30)
	w.late("003", w.company("Hôtel des Trois Ponts"), one("Mise en sécurité de la cage d’escalier", "works", 1870_00), t-92, 30)
	w.late("001", w.company("Café Le Petit Somme"), several("Bols et tasses pour la salle", "made", "pièce", 18*money.Unit, 31_00), t-18, 30)
	w.dunned(t)
	w.overdrawn(t)
	w.partly(t)
	w.tooMuch(t)
	w.putRight(t)
	w.credited(t)
	w.exported(t)
	w.promised(t)
	w.unfinished(t)
	w.waiting(t)
	w.sentBack(t)
	w.subscribed(t)
	w.dressed(t)
	w.site(t)
}

func (w *world) told(code string) *enterprise {
	return w.enterprises[slices.IndexFunc(w.enterprises, func(e *enterprise) bool { return e.code == code })]
}

// one is a document of one line.
func one(label, nature string, price money.Cents) sale.Content {
	return several(label, nature, "", money.Unit, price)
}

func several(label, nature, unit string, quantity money.Micro, price money.Cents) sale.Content {
	n, _ := sale.NatureOf(nature)
	return sale.Content{Title: label, DueDays: 30, Lines: []sale.Line{{Label: label, Nature: nature, Unit: unit, Quantity: quantity, Price: price.Micro(), Tax: n.Fit("S20", ledger.France())}}}
}

func taxed(c sale.Content, code string) sale.Content {
	for i := range c.Lines {
		c.Lines[i].Tax = code
	}
	return c
}

// company and association return the one of a name, as every activity knows it.
func (w *world) company(name string) *client {
	return w.legal(name, companyNames, 20_000, sale.Company)
}

func (w *world) association(name string) *client {
	return w.legal(name, associationNames, 40_000, sale.NonTaxable)
}

func (w *world) legal(name string, names []string, base int, kind sale.CustomerKind) *client {
	i := slices.Index(names, name)
	cu := sale.Customer{Kind: kind, Name: name, SIREN: siren(base + 37*i), Address: seat(base+i, name), Email: "compta@" + domain(name), Contact: contacts[i%len(contacts)], Phone: fmt.Sprintf("04 65 71 %02d %02d", i, 90-i)}
	if kind == sale.Company {
		cu.VATNumber = coop.VATNumber(cu.SIREN)
	}
	return &client{customer: cu, means: sale.Transfer}
}

var contacts = []string{"Claire Vidal", "Omar Sissoko", "Anne-Lise Roche", "Paulo Marques"}

// consumer is a private person.
func consumer(first, last, line string, at town) *client {
	return &client{means: sale.Cheque, customer: sale.Customer{
		Kind: sale.Consumer, FirstName: first, Name: last, Email: plain(first) + "." + plain(last) + "@courriel.example",
		Address: coop.Address{Line1: line, Zip: at.zip, City: at.name, Country: "FR"},
	}}
}

// sure writes an invoice in the morning of a day and has it read before noon; then goes on.
func (w *world) sure(code string, c *client, content sale.Content, day date.Day, then func(sale.Document) error) {
	e := w.told(code)
	w.agenda.at(day, 9, 5, func() error {
		d, err := w.written(e, c, content, 0)
		if err != nil {
			return err
		}
		w.agenda.at(day, 11, 35, func() error {
			if d.Number == "" {
				if d, err = w.validate(w.byName[e.advisor], d.ID); err != nil {
					return err
				}
			}
			if err := w.mailed(e, d); err != nil {
				return err
			}
			if then != nil {
				return then(d)
			}
			return nil
		})
		return nil
	})
}

// late is an invoice that was due on a day and is not paid.
func (w *world) late(code string, c *client, content sale.Content, due date.Day, days int) {
	day := opened(due - date.Day(days))
	content.DueDays = int(due - day)
	w.sure(code, c, content, day, nil)
}

// short is the activity whose account is negative.
const short = "014"

// shortFrom is the day on which it buys more than it has; its customers pay nothing afterwards.
func (w *world) shortFrom() date.Day { return opened(w.opt.Today - 16) }

// overdrawn is an account that stands below nil, whatever chance has brought before: a machine was needed, it is paid, and
// the customers are late.
func (w *world) overdrawn(t date.Day) {
	e := w.told(short)
	day := w.shortFrom()
	w.agenda.at(day, 16, 5, func() error {
		rows, err := w.available()
		if err != nil {
			return err
		}
		// What is left after it is what the fixed part and the rent of a month come to, below nil: no refund of VAT within
		// the weeks that are left makes up for that.
		const below = 700_00
		net := max((rows[e.id].Cash+below)*5/6, 1100_00)
		net = (net + 49_99) / 50_00 * 50_00
		e.bills++
		v, _, err := w.purchase(e.id, "2154", "Machines à bois Perrin", "Combiné raboteuse-toupie d’occasion", fmt.Sprintf("MABP-%s%03d", e.code, e.bills), net, "D20", w.today, 0)
		if err != nil {
			return err
		}
		if v, err = w.post(w.bookkeeper(e), v); err != nil {
			return err
		}
		w.owe(v, w.today)
		w.agenda.at(open(day+1), 9, 40, func() error {
			return w.transfer([]string{"404"}, w.today, "VIRI-"+w.today.String(), "Virement, machine de "+e.holders[0].name())
		})
		return nil
	})
}

// partly is an invoice paid in part.
func (w *world) partly(t date.Day) {
	c := w.association("Collectif Roue Commune")
	w.sure("026", c, taxed(several("Peinture de l’atelier et du local à vélos", "works", "m²", 108*money.Unit, 27_00), "S20"), opened(t-24), func(d sale.Document) error {
		w.pays(w.told("026"), c, []sale.Document{d}, 1500_00, opened(t-11))
		return nil
	})
}

// tooMuch is an over-payment kept as an advance.
func (w *world) tooMuch(t date.Day) {
	c := consumer("Jeanne", "Mercadier", "9 rue de la Filature", towns[2])
	content := several("Atelier modelage, deux personnes", "service", "personne", 2*money.Unit, 58_00)
	content.Gross = true
	w.sure("001", c, content, opened(t-17), func(d sale.Document) error {
		w.agenda.at(open(d.Date+3), 10, 20, func() error {
			_, err := w.receive(c, []sale.Document{d}, d.Totals.Gross+30_00, w.today-1, "")
			return err
		})
		return nil
	})
}

// putRight is a payment recorded for the wrong invoice and reassigned the day after: one grey line in the account.
func (w *world) putRight(t date.Day) {
	c := w.association("Maison des jeunes de Montrieux")
	var first sale.Document
	w.sure("019", c, one("Animation des réseaux, mois", "service", 640_00), opened(t-38), func(d sale.Document) error {
		first = d
		return nil
	})
	w.sure("019", c, one("Lettre d’information de rentrée", "service", 390_00), opened(t-33), func(second sale.Document) error {
		day := open(t - 20)
		w.agenda.at(day, 10, 8, func() error {
			p, err := w.receive(c, []sale.Document{first}, second.Totals.Gross, opened(day-1), "VIR MJC MONTRIEUX")
			if err != nil {
				return err
			}
			w.agenda.at(open(day+1), 9, 20, func() error {
				a, err := w.named(desk)
				if err != nil {
					return err
				}
				_, err = w.office.Reassign(w.ctx, a, p.ID, 0, []sale.Allocation{{Invoice: second.ID, Amount: second.Totals.Gross}}, false)
				return err
			})
			return nil
		})
		w.pays(w.told("019"), c, []sale.Document{first}, first.Totals.Gross, opened(t-9))
		return nil
	})
}

// credited is a credit note for guests who did not come; the rest is paid.
func (w *world) credited(t date.Day) {
	e := w.told("011")
	c := w.company("Cabinet Lestrade Architectes")
	w.sure("011", c, taxed(several("Buffet d’inauguration, servi", "service", "couvert", 60*money.Unit, 24_00), "S10"), opened(t-52), func(d sale.Document) error {
		day := open(d.Date + 6)
		w.agenda.at(day, 15, 10, func() error {
			note, err := w.creditNote(e, d, "Huit couverts commandés et non servis", 8*money.Unit)
			if err != nil {
				return err
			}
			w.pays(e, c, []sale.Document{d}, d.Totals.Gross-note.Totals.Gross, opened(t-21))
			return nil
		})
		return nil
	})
}

// exported is an invoice to a customer outside the Union, read first and paid in time.
func (w *world) exported(t date.Day) {
	e := w.told("008")
	c := e.clients[slices.IndexFunc(e.clients, func(c *client) bool { return c.customer.Kind == sale.Foreign })]
	w.sure("008", c, taxed(several("Traduction d’un guide de montagne", "service", "mot", 6400*money.Unit, 14), "EXS"), opened(t-47), func(d sale.Document) error {
		w.pays(e, c, []sale.Document{d}, d.Totals.Gross, opened(t-19))
		return nil
	})
}

// creditNote takes back some units of the first line of an invoice; it comes back numbered when it left alone.
func (w *world) creditNote(e *enterprise, d sale.Document, reason string, units money.Micro) (sale.Document, error) {
	a, err := w.as(e.author(w.today))
	if err != nil {
		return d, err
	}
	s, err := w.office.Start(w.ctx, a, sale.CreditNote, e.id, d.ID)
	if err != nil {
		return d, err
	}
	s.Doc.Content.Reason = reason
	s.Doc.Content.Lines = s.Doc.Content.Lines[:1]
	s.Doc.Content.Lines[0].Quantity = units
	return w.office.CreateAndSubmit(w.ctx, a, s.Doc, "")
}

// promised are quotes on their way: one accepted and not yet invoiced, two that wait for the customer (they are mailed on
// the eve, see eve), one that is ready and not yet sent, one that has expired without an answer.
func (w *world) promised(t date.Day) {
	w.agenda.at(opened(t-15), 14, 0, func() error {
		e := w.told("015")
		c := &client{means: sale.Transfer}
		w.public(&c.customer, "Communauté de communes du Val-Profond")
		q, err := w.quote(e, c, taxed(several("Restauration du vitrail de la chapelle Saint-Aubin", "works", "panneau", 3*money.Unit, 1640_00), "S20"))
		if err != nil {
			return err
		}
		w.agenda.at(opened(t-6), 16, 30, func() error {
			a, err := w.as(e.holders[0])
			if err != nil {
				return err
			}
			_, err = w.office.RecordAcceptance(w.ctx, a, q.ID, office.Agreement{Name: "Hervé Lagarde, vice-président"}, 0)
			return err
		})
		return nil
	})
	w.agenda.at(opened(t-71), 10, 10, func() error {
		_, err := w.quote(w.told("021"), w.company("Résidence Les Glycines"), one("Audit énergétique de la résidence", "study", 3900_00))
		return err
	})
	w.agenda.at(opened(t-1), 16, 20, func() error {
		content := several("Vases et coupelles de l’exposition d’été", "made", "pièce", 7*money.Unit, 118_00)
		content.Gross = true
		_, err := w.quote(w.told("001"), w.company("Galerie Ombre portée"), content)
		return err
	})
	for _, q := range []struct {
		code    string
		c       *client
		content sale.Content
	}{
		{"005", w.company("Épicerie Chez Nous"), one("Logotype, enseigne et carte de visite", "service", 1350_00)},
		{"009", consumer("Patrice", "Quéméner", "3 chemin des Vorgines", towns[6]), several("Terrasse en mélèze et muret", "works", "m²", 22*money.Unit, 138_00)},
	} {
		w.agenda.at(opened(t-4), 17, 20, func() error {
			d, err := w.quote(w.told(q.code), q.c, q.content)
			w.sending = append(w.sending, mailing{w.told(q.code), d.ID})
			return err
		})
	}
}

// mailing is a quote that leaves on the eve.
type mailing struct {
	e  *enterprise
	id int64
}

// eve mails the quotes that wait for their customers. Their mails are handed over when the cooperative is served, with a
// link that opens there: the one thing of the story that is random is not in it.
func (w *world) eve() error {
	w.set(w.opt.Today-1, 23*60+45)
	for _, q := range w.sending {
		a, err := w.as(q.e.author(w.today))
		if err != nil {
			return err
		}
		if _, err := w.office.Send(w.ctx, a, q.id, "", ""); err != nil {
			return err
		}
	}
	return nil
}

// unfinished are drafts, one without a customer, one without a price.
func (w *world) unfinished(t date.Day) {
	for _, f := range []struct {
		code    string
		kind    sale.Kind
		content sale.Content
		c       *client
	}{
		{"001", sale.Invoice, several("Bols pour le salon de thé", "made", "pièce", 24*money.Unit, 0), nil},
		{"006", sale.Invoice, several("Maintenance, trimestre", "service", "forfait", money.Unit, 890_00), w.company("Solstice Ingénierie")},
		{"009", sale.Quote, several("Haie champêtre, plantation", "service", "m", 34*money.Unit, 21_00), w.association("Amicale laïque des Granges")},
	} {
		w.agenda.at(opened(t-2), 18, 40, func() error {
			e := w.told(f.code)
			a, err := w.as(e.author(w.today))
			if err != nil {
				return err
			}
			d := sale.Document{Kind: f.kind, Activity: e.id, Content: f.content}
			d.Content.Gross = e.gross
			if f.c != nil {
				if err := w.known(a, e, f.c); err != nil {
					return err
				}
				d.Customer = f.c.customer.ID
			}
			_, err = w.office.SaveDraft(w.ctx, a, d, "")
			return err
		})
	}
}

// waiting are documents at the desk, one for each rule that sends them there.
func (w *world) waiting(t date.Day) {
	hall := &client{means: sale.Transfer}
	w.public(&hall.customer, "Commune de Val-sur-Azergues")
	flowers := several("Massifs de la mairie, plantation d’automne", "service", "heure", 14*money.Unit, 38_00)
	flowers.Commitment, flowers.OrderRef = "EJ-2026-0417", "BC 1188"
	berlin := &client{means: sale.Transfer}
	x := unionCompanies[0]
	berlin.customer = sale.Customer{Kind: sale.EUCompany, Name: x.name, VATNumber: x.vat, Address: coop.Address{Line1: x.line, Zip: x.zip, City: x.city, Country: x.country}, Email: "accounts@" + domain(x.name)}
	for i, f := range []struct {
		code    string
		c       *client
		content sale.Content
	}{
		{"004", hall, flowers},
		{"002", w.association("Université populaire du Val"), taxed(several("Formation « Conduire un projet à plusieurs »", "training", "jour", 2*money.Unit, 1150_00), "XFORM")},
		{"008", berlin, taxed(several("Traduction d’un catalogue", "service", "mot", 9200*money.Unit, 15), "EUS")},
		{"006", w.company("Solstice Ingénierie"), several("Développement, deuxième tranche", "service", "jour", 13*money.Unit, 510_00)},
		{"029", w.company("Maroquinerie Alcôve"), several("Tournées du mois", "service", "course", 58*money.Unit, 12_50)},
	} {
		day := opened(t - date.Day(1+i/3))
		w.agenda.at(day, 15+i/2, 7*i, func() error {
			_, err := w.written(w.told(f.code), f.c, f.content, 0)
			return err
		})
	}
	refund := w.association("Secours des Pentes")
	w.sure("025", refund, several("Étude des postes du vestiaire", "study", "jour", 3*money.Unit, 690_00), opened(t-26), func(d sale.Document) error {
		w.agenda.at(opened(t-1), 16, 45, func() error {
			_, err := w.creditNote(w.told("025"), d, "Une journée reportée", money.Unit)
			return err
		})
		return nil
	})
}

// sentBack is an invoice that its reader returned with a comment on its line.
func (w *world) sentBack(t date.Day) {
	e := w.told("012")
	c := consumer("Thérèse", "Bonnefoy", "22 cours des Mûriers", towns[3])
	content := several("Robe de cérémonie, essayages compris", "made", "pièce", money.Unit, 320_00)
	content.Gross = true
	w.agenda.at(opened(t-3), 18, 10, func() error {
		d, err := w.written(e, c, content, 0)
		if err != nil {
			return err
		}
		w.agenda.at(opened(t-1), 10, 50, func() error {
			a, err := w.named(e.advisor)
			if err != nil {
				return err
			}
			if _, err := w.office.OpenForReading(w.ctx, a, d.ID); err != nil {
				return err
			}
			_, err = w.office.Return(w.ctx, a, d.ID, "Bonjour Awa, l’ourlet à la main n’est-il pas en plus ? Il est dans le devis oral dont tu m’as parlé : ajoute une ligne, et je valide.", 1)
			return err
		})
		return nil
	})
}
