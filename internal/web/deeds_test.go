package web_test

import (
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// looks are the use cases that change nothing of the cooperative; every other one must leave a trace in the log.
var looks = strings.Fields(`
	Withdrawn Delay CustomerPays Look LookPDF Logo LinkLogo FollowCustomer
	Account AccountPage Why Moves House Coop Actor ActorAt ActorIn System Entry BooksOf TrialBalance BySection GeneralLedger Journal RecentEntries CustomerOpen CustomerNames Worker
	StatementReport Statement Settings Activities Activity Persons Person Customers Customer Company Audits AuditLog Search Find Thirds ThirdsOf ThirdsSeen CheckDraft Claims OwedAtEnd Work Drain PDF SendLetter
	DB Now LinkPDF Payment Payments Owed LostInvoices OwedBy Preview Document Start Desk DeskCount Sales SignInOf SignIns MayClose LastChange ProofLines Waiting
	Absences Reviews ReviewOf
	Takings Record CashDesk Announcements Announcement Closings MoneyEvents
	StartInvoice InvoicedOf
	Attachments Attachment Take
	Reminders Reminder ReminderHistory ReminderPDF PaidPDF LostPDF PausesOf LateOf Penalties LateRates OwedAges
	PayOutside PayTables PayReturn PayParallels SentPayFile
	PayMonth PayMonths SlipOfMonth PaySlipPDF PayTransfers PayTransferFile PayDues PayBook
	Run Runs Subscriptions Subscription SubscriptionOf
	TryLink Proof Products Product TryProducts
	Rates TryRates TryPayment AbroadOf ExportsToProve
	PayFile PayFiles PayAbsence PayAbsences TryTaxRates PayOpenings OpeningTemplate TryOpenings Exit ExitPapers
	MyPay MyPayAround MySlips PaySlip PaySlipFile
	YearEnd YearForm YearForms ProfitSheet
`)

// deeds do each use case that changes something, with success; what they need is made before, and the change comes last.
var deeds = map[string]func(w *walk) (deed func() error){
	"PostEntry": func(w *walk) func() error { return func() error { w.newEntry(); return nil } },
	"PostEntries": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.PostEntries(w.t.Context(), w.Actor("irene"), []ledger.Entry{w.insurance(), w.insurance()}, "")
			return err
		}
	},
	"PostDrafts": func(w *walk) func() error {
		e := w.insurance()
		return func() error {
			_, err := w.Office.PostDrafts(w.t.Context(), w.Actor("irene"), []office.EntryDraft{{Entry: e, Sections: []string{"002", "002"}, Thirds: []string{"", ""}}}, "")
			return err
		}
	},
	"ReverseEntry": func(w *walk) func() error {
		id := w.newEntry()
		return func() error { _, err := w.Office.ReverseEntry(w.t.Context(), w.Actor("irene"), id, 0, ""); return err }
	},
	"CloseMonths": func(w *walk) func() error {
		return func() error { return w.Office.CloseMonths(w.t.Context(), w.Actor("irene"), storetest.Year2026, 3) }
	},
	"OpenYear": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.OpenYear(w.t.Context(), w.Actor("irene"), storetest.Year2026)
			return err
		}
	},
	"ExportFEC": func(w *walk) func() error {
		return func() error {
			return w.Office.ExportFEC(w.t.Context(), w.Actor("irene"), storetest.Year2026, false, io.Discard, io.Discard)
		}
	},
	"RunContributions": func(w *walk) func() error {
		return func() error {
			return w.Office.RunContributions(w.t.Context(), w.Actor("irene"), storetest.Today.Month())
		}
	},
	"AddThird": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.AddThird(w.t.Context(), w.Actor("irene"), ledger.Third{Kind: ledger.Supplier, Name: "Kiln & Cie"}, "")
			return err
		}
	},
	"SaveTaking": func(w *walk) func() error { return func() error { w.newTaking(); return nil } },
	"RedoTaking": func(w *walk) func() error {
		r := w.newTaking()
		return func() error {
			_, err := w.Office.RedoTaking(w.t.Context(), w.Actor("maelle"), r.ID, webtest.Ceramique, storetest.Today, takings(20_00), "")
			return err
		}
	},
	"UndoRecord": func(w *walk) func() error {
		r := w.newTaking()
		return func() error { return w.Office.UndoRecord(w.t.Context(), w.Actor("maelle"), r.ID) }
	},
	"MoveTill": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.MoveTill(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, storetest.Today, sale.TillMove{Kind: sale.TillFloat, Amount: 50_00}, "")
			return err
		}
	},
	"SavePayout": func(w *walk) func() error {
		w.newTaking()
		return func() error {
			_, err := w.Office.SavePayout(w.t.Context(), w.Actor("irene"), storetest.Today, sale.Payout{Acquirer: "SumUp", How: sale.FeeExempt, Fee: 10, Net: 90, Parts: []sale.PayoutPart{{Activity: webtest.Ceramique, Card: 1_00}}}, "")
			return err
		}
	},
	"Remit": func(w *walk) func() error {
		w.newTaking()
		desk, err := w.Office.CashDesk(w.t.Context(), w.Actor("irene"))
		if err != nil {
			w.t.Fatal(err)
		}
		return func() error {
			_, err := w.Office.Remit(w.t.Context(), w.Actor("irene"), storetest.Today, desk.Loose, "", "")
			return err
		}
	},
	"Announce": func(w *walk) func() error { return func() error { w.newAnnouncement(); return nil } },
	"ReceiveAnnounced": func(w *walk) func() error {
		n := w.newAnnouncement()
		customers, err := w.Office.Customers(w.t.Context(), w.Actor("irene"), store.CustomerFilter{Activity: webtest.Ceramique, Limit: 1})
		if err != nil || len(customers) == 0 {
			w.t.Fatal(err, len(customers))
		}
		return func() error {
			_, err := w.Office.ReceiveAnnounced(w.t.Context(), w.Actor("irene"), n.ID, sale.Payment{Date: storetest.Today, Amount: 38_00, Excess: 38_00, Means: sale.Cheque, Customer: customers[0].ID}, "")
			return err
		}
	},
	"DeclineAnnouncement": func(w *walk) func() error {
		n := w.newAnnouncement()
		return func() error {
			return w.Office.DeclineAnnouncement(w.t.Context(), w.Actor("irene"), n.ID, "Le chèque n’est pas arrivé")
		}
	},
	"CloseTakings": func(w *walk) func() error {
		return func() error { _, err := w.Office.CloseTakings(w.t.Context(), w.Actor("irene")); return err }
	},
	"SaveDraft": func(w *walk) func() error { return func() error { w.newDraft(); return nil } },
	"Submit":    func(w *walk) func() error { return func() error { w.newWaiting(); return nil } },
	"CreateAndSubmit": func(w *walk) func() error {
		d := w.written(sale.Invoice)
		return func() error { _, err := w.Office.CreateAndSubmit(w.t.Context(), w.Actor("maelle"), d, ""); return err }
	},
	"SubmitAll": func(w *walk) func() error {
		id := w.newDraft()
		return func() error {
			_, err := w.Office.SubmitAll(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, []int64{id}, "")
			return err
		}
	},
	"ValidateAll": func(w *walk) func() error {
		id := w.newWaiting()
		return func() error {
			_, err := w.Office.ValidateAll(w.t.Context(), w.Actor("jean"), []office.Read{{Sale: id}}, "")
			return err
		}
	},
	"SaveProduct": func(w *walk) func() error { return func() error { w.newProduct(); return nil } },
	"ImportProducts": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.ImportProducts(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, []byte("Désignation;Prix\nBol;12,50\n"), "")
			return err
		}
	},
	"SaveSubscription": func(w *walk) func() error { return func() error { w.newSubscription(); return nil } },
	"PauseSubscription": func(w *walk) func() error {
		id := w.newSubscription()
		return func() error {
			_, err := w.Office.PauseSubscription(w.t.Context(), w.Actor("maelle"), id, 0)
			return err
		}
	},
	"ResumeSubscription": func(w *walk) func() error {
		id := w.newSubscription()
		_, err := w.Office.PauseSubscription(w.t.Context(), w.Actor("maelle"), id, 0)
		w.must(err)
		return func() error {
			_, err := w.Office.ResumeSubscription(w.t.Context(), w.Actor("maelle"), id, 0)
			return err
		}
	},
	"EndSubscription": func(w *walk) func() error {
		id := w.newSubscription()
		return func() error { _, err := w.Office.EndSubscription(w.t.Context(), w.Actor("maelle"), id, 0); return err }
	},
	"ChangePrice": func(w *walk) func() error {
		id := w.newSubscription()
		return func() error {
			_, err := w.Office.ChangePrice(w.t.Context(), w.Actor("maelle"), id, 0, sale.PriceChange{From: storetest.Today + 60, Percent: 3 * money.Percent})
			return err
		}
	},
	"FillPeriod": func(w *walk) func() error {
		id := w.newSubscription()
		return func() error {
			return w.Office.FillPeriod(w.t.Context(), w.Actor("maelle"), id, date.MustParse("2026-09-01"), true)
		}
	},
	"CancelRun": func(w *walk) func() error {
		id := w.newRun()
		return func() error { return w.Office.CancelRun(w.t.Context(), w.Actor("maelle"), id) }
	},
	"RetryRun": func(w *walk) func() error {
		id := w.newRun()
		w.must(w.Office.CancelRun(w.t.Context(), w.Actor("maelle"), id))
		return func() error { return w.Office.RetryRun(w.t.Context(), w.Actor("maelle"), id) }
	},
	"TakeBack": func(w *walk) func() error {
		id := w.newWaiting()
		return func() error { _, err := w.Office.TakeBack(w.t.Context(), w.Actor("maelle"), id); return err }
	},
	"DeleteDraft": func(w *walk) func() error {
		id := w.newDraft()
		return func() error { return w.Office.DeleteDraft(w.t.Context(), w.Actor("maelle"), id) }
	},
	"OpenForReading": func(w *walk) func() error {
		id := w.newWaiting()
		return func() error { _, err := w.Office.OpenForReading(w.t.Context(), w.Actor("nadia"), id); return err }
	},
	"Amend": func(w *walk) func() error {
		id := w.newWaiting()
		c := w.written(sale.Invoice).Content
		c.Lines[0].Label = "Assiettes creuses"
		return func() error { _, err := w.Office.Amend(w.t.Context(), w.Actor("nadia"), id, 0, c); return err }
	},
	"Return": func(w *walk) func() error {
		id := w.newWaiting()
		return func() error {
			_, err := w.Office.Return(w.t.Context(), w.Actor("nadia"), id, "Quel jour ?", 0)
			return err
		}
	},
	"Decide": func(w *walk) func() error {
		id := w.newWaiting()
		c := w.written(sale.Invoice).Content
		c.Lines[0].Label = "Assiettes creuses"
		return func() error {
			_, err := w.Office.Decide(w.t.Context(), w.Actor("nadia"), id, sale.DeedValidate, office.Reading{Mended: &c, Word: "Creuses, non ?"})
			return err
		}
	},
	"Review": func(w *walk) func() error {
		id := w.newReview()
		return func() error {
			return w.Office.Review(w.t.Context(), w.Actor("nadia"), id, office.VerdictRemark, "Le lieu manque.")
		}
	},
	"SaveAbsence": func(w *walk) func() error { return func() error { w.newAbsence(); return nil } },
	"EndAbsence": func(w *walk) func() error {
		id := w.newAbsence()
		return func() error { return w.Office.EndAbsence(w.t.Context(), w.Actor("nadia"), id) }
	},
	"Comment": func(w *walk) func() error {
		id := w.newDraft()
		return func() error { return w.Office.Comment(w.t.Context(), w.Actor("maelle"), id, "Voilà", 0) }
	},
	"Validate": func(w *walk) func() error {
		id := w.newWaiting()
		return func() error { _, err := w.Office.Validate(w.t.Context(), w.Actor("nadia"), id, 0); return err }
	},
	"Send": func(w *walk) func() error {
		id := w.newQuote()
		return func() error { _, err := w.Office.Send(w.t.Context(), w.Actor("maelle"), id, "", ""); return err }
	},
	"Link": func(w *walk) func() error {
		id := w.newQuote()
		return func() error { _, err := w.Office.Link(w.t.Context(), w.Actor("maelle"), id); return err }
	},
	"OpenLink": func(w *walk) func() error {
		token := w.newLink()
		return func() error { _, err := w.Office.OpenLink(w.t.Context(), w.Coop.ID, token, "fr"); return err }
	},
	"SignQuote": func(w *walk) func() error {
		token := w.newLink()
		return func() error {
			_, err := w.Office.SignQuote(w.t.Context(), w.Coop.ID, token, office.Agreement{Name: "Odile Brun", Address: "127.0.0.1"})
			return err
		}
	},
	"RevokeLinks": func(w *walk) func() error {
		w.newLink()
		rows, _, err := w.Office.Sales(w.t.Context(), w.system(), store.SaleFilter{Activity: webtest.Ceramique, Kind: sale.Quote, Limit: 1})
		w.must(err)
		return func() error { return w.Office.RevokeLinks(w.t.Context(), w.Actor("maelle"), rows[0].ID) }
	},
	"RecordAcceptance": func(w *walk) func() error {
		id := w.newQuote()
		return func() error {
			_, err := w.Office.RecordAcceptance(w.t.Context(), w.Actor("maelle"), id, office.Agreement{Name: "Odile Brun"}, 0)
			return err
		}
	},
	"WithdrawOnLink": func(w *walk) func() error {
		token := w.consumerLink()
		_, err := w.Office.SignQuote(w.t.Context(), w.Coop.ID, token, office.Agreement{Name: "Odile Brun", Address: "127.0.0.1"})
		w.must(err)
		return func() error {
			_, err := w.Office.WithdrawOnLink(w.t.Context(), w.Coop.ID, token, office.Withdrawal{Name: "Odile Brun", Mail: "odile@exemple.fr", Address: "127.0.0.1"})
			return err
		}
	},
	"RecordWithdrawal": func(w *walk) func() error {
		w.consumerLink()
		rows, _, err := w.Office.Sales(w.t.Context(), w.system(), store.SaleFilter{Activity: webtest.Ceramique, Kind: sale.Quote, Limit: 1})
		w.must(err)
		_, err = w.Office.RecordAcceptance(w.t.Context(), w.Actor("maelle"), rows[0].ID, office.Agreement{Name: "Odile Brun"}, 0)
		w.must(err)
		return func() error {
			_, err := w.Office.RecordWithdrawal(w.t.Context(), w.Actor("maelle"), rows[0].ID, "Odile Brun")
			return err
		}
	},
	"RefuseQuote": func(w *walk) func() error {
		id := w.newQuote()
		return func() error { _, err := w.Office.RefuseQuote(w.t.Context(), w.Actor("maelle"), id); return err }
	},
	"Reopen": func(w *walk) func() error {
		id := w.newQuote()
		_, err := w.Office.RefuseQuote(w.t.Context(), w.Actor("maelle"), id)
		w.must(err)
		return func() error { _, err := w.Office.Reopen(w.t.Context(), w.Actor("maelle"), id); return err }
	},
	"Receive": func(w *walk) func() error { return func() error { w.newPayment(); return nil } },
	"Refund": func(w *walk) func() error {
		p, err := w.Office.Receive(w.t.Context(), w.Actor("jean"), sale.Payment{Customer: w.customer, Date: storetest.Today, Amount: 10_00, Excess: 10_00, Means: sale.Transfer}, "")
		w.must(err)
		return func() error {
			_, err := w.Office.Refund(w.t.Context(), w.Actor("jean"), sale.Payment{Customer: p.Customer, Date: storetest.Today, Amount: -10_00, Means: sale.Transfer}, "")
			return err
		}
	},
	"Doubt": func(w *walk) func() error {
		id := w.newUnpaid(0)
		return func() error { return w.Office.Doubt(w.t.Context(), w.Actor("jean"), id, "Redressement") }
	},
	"Lose": func(w *walk) func() error {
		id := w.newUnpaid(0)
		return func() error { return w.Office.Lose(w.t.Context(), w.Actor("jean"), id, "Liquidation") }
	},
	"Restore": func(w *walk) func() error {
		id := w.newUnpaid(0)
		w.must(w.Office.Lose(w.t.Context(), w.Actor("jean"), id, "Liquidation"))
		return func() error { return w.Office.Restore(w.t.Context(), w.Actor("jean"), id, "Erreur") }
	},
	"FreeRetention": func(w *walk) func() error {
		id := w.newUnpaid(50_000)
		return func() error {
			return w.Office.FreeRetention(w.t.Context(), w.Actor("jean"), id, storetest.Today, "Caution reçue")
		}
	},
	"Unreceive": func(w *walk) func() error {
		id := w.newPayment()
		return func() error { return w.Office.Unreceive(w.t.Context(), w.Actor("jean"), id) }
	},
	"Reassign": func(w *walk) func() error {
		id := w.newPayment()
		p, _, _, err := w.Office.Payment(w.t.Context(), w.system(), id)
		w.must(err)
		return func() error {
			_, err := w.Office.Reassign(w.t.Context(), w.Actor("jean"), id, 0, p.Allocations, false)
			return err
		}
	},
	"Remind": func(w *walk) func() error {
		id := w.lateCustomer()
		return func() error { _, err := w.Office.Remind(w.t.Context(), w.Actor("jean"), id); return err }
	},
	"AskPenalties": func(w *walk) func() error {
		id := w.lateCustomer()
		return func() error {
			p, err := w.Office.Penalties(w.t.Context(), w.Actor("jean"), id)
			w.must(err)
			_, err = w.Office.AskPenalties(w.t.Context(), w.Actor("jean"), id, []office.PenaltyPick{{Invoice: p.Claims[0].Invoice, Interest: true, Forty: true}}, nil)
			return err
		}
	},
	"SaveLateRates": func(w *walk) func() error {
		return func() error {
			return w.Office.SaveLateRates(w.t.Context(), w.Actor("irene"), coop.LateHalf{From: date.MustParse("2026-07-01"), LateRates: coop.LateRates{ECB: 21_500, Legal: 26_200}, Source: "JO"}, "")
		}
	},
	"RemindAll": func(w *walk) func() error {
		id := w.lateCustomer()
		return func() error {
			_, err := w.Office.RemindAll(w.t.Context(), w.Actor("jean"), webtest.Ceramique, []int64{id})
			return err
		}
	},
	"PostReminder": func(w *walk) func() error {
		id := w.newReminder()
		return func() error { return w.Office.PostReminder(w.t.Context(), w.Actor("jean"), id) }
	},
	"PauseReminders": func(w *walk) func() error { return func() error { w.newPause(); return nil } },
	"ResumeReminders": func(w *walk) func() error {
		id := w.newPause()
		return func() error { return w.Office.ResumeReminders(w.t.Context(), w.Actor("jean"), id) }
	},
	"CustomerFile": func(w *walk) func() error {
		return func() error {
			return w.Office.CustomerFile(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, io.Discard)
		}
	},
	"SaveActivity": func(w *walk) func() error {
		act, err := w.Office.Activity(w.t.Context(), w.system(), webtest.Vitraux)
		w.must(err)
		act.Trade = "Mosaïste"
		return func() error { _, err := w.Office.SaveActivity(w.t.Context(), w.Actor("nadia"), act); return err }
	},
	"SaveLook": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.SaveLook(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, activity.Look{Accent: "#1f4f6f"}, nil, false)
			return err
		}
	},
	"SetReserve": func(w *walk) func() error {
		return func() error { return w.Office.SetReserve(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, 500_00) }
	},
	"AddPerson": func(w *walk) func() error { return func() error { w.newPerson(); return nil } },
	"SavePerson": func(w *walk) func() error {
		id, _ := w.newPerson()
		p, _, err := w.Office.Person(w.t.Context(), w.system(), id)
		w.must(err)
		p.Phone = "04 00 00 00 77"
		return func() error { _, err := w.Office.SavePerson(w.t.Context(), w.Actor("hugo"), p); return err }
	},
	"SaveContract": func(w *walk) func() error {
		id, contract := w.newPerson()
		return func() error {
			_, err := w.Office.SaveContract(w.t.Context(), w.Actor("hugo"), member.Contract{ID: contract, Person: id, Kind: member.CESA, Start: storetest.Today, Associate: true})
			return err
		}
	},
	"Admit": func(w *walk) func() error {
		id, _ := w.newPerson()
		login := w.loginOf("camille")
		return func() error { return w.Office.Admit(w.t.Context(), w.Actor("hugo"), id, login) }
	},
	"Dismiss": func(w *walk) func() error {
		id, _ := w.newPerson()
		w.must(w.Office.Admit(w.t.Context(), w.Actor("hugo"), id, w.loginOf("sacha")))
		return func() error { _, _, err := w.Office.Dismiss(w.t.Context(), w.Actor("hugo"), id); return err }
	},
	"SaveRule": func(w *walk) func() error {
		_, now, err := w.Office.Settings(w.t.Context(), w.system())
		w.must(err)
		r, err := office.RuleOf(coop.RuleTrust, "", storetest.Today+1, now.Trust, "CA du 21 novembre 2026")
		w.must(err)
		return func() error { _, err := w.Office.SaveRule(w.t.Context(), w.Actor("nadia"), r); return err }
	},
	"WithdrawRule": func(w *walk) func() error {
		id := w.newSoonRule()
		return func() error { return w.Office.WithdrawRule(w.t.Context(), w.Actor("nadia"), id) }
	},
	"SaveCooperative": func(w *walk) func() error {
		c := w.Coop
		c.Phone = "04 00 00 00 88"
		return func() error { return w.Office.SaveCooperative(w.t.Context(), w.Actor("hugo"), c) }
	},
	"AddCustomer": func(w *walk) func() error {
		return func() error {
			_, _, err := w.Office.AddCustomer(w.t.Context(), w.Actor("maelle"), sale.Customer{Activity: webtest.Ceramique, Kind: sale.Consumer, Name: "Nouvelle"}, "")
			return err
		}
	},
	"ChangePerson": func(w *walk) func() error {
		id, _ := w.newPerson()
		was, _, err := w.Office.Person(w.t.Context(), w.system(), id)
		w.must(err)
		p := was
		p.Phone = "04 00 00 00 78"
		return func() error { _, err := w.Office.ChangePerson(w.t.Context(), w.Actor("hugo"), was, p); return err }
	},
	"ChangeContract": func(w *walk) func() error {
		id, _ := w.newPerson()
		_, all, err := w.Office.Person(w.t.Context(), w.system(), id)
		w.must(err)
		c := all[0]
		c.Associate = true
		return func() error { _, err := w.Office.ChangeContract(w.t.Context(), w.Actor("hugo"), all[0], c); return err }
	},
	"ChangeActivity": func(w *walk) func() error {
		was, err := w.Office.Activity(w.t.Context(), w.system(), webtest.Vitraux)
		w.must(err)
		act := was
		act.Trade = "Verrière"
		return func() error { _, err := w.Office.ChangeActivity(w.t.Context(), w.Actor("nadia"), was, act); return err }
	},
	"ChangeReserve": func(w *walk) func() error {
		act, err := w.Office.Activity(w.t.Context(), w.system(), webtest.Ceramique)
		w.must(err)
		return func() error {
			return w.Office.ChangeReserve(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, act.Reserve, 600_00)
		}
	},
	"ChangeRule": func(w *walk) func() error {
		set, now, err := w.Office.Settings(w.t.Context(), w.system())
		w.must(err)
		r, err := office.RuleOf(coop.RuleTrust, "", storetest.Today+2, now.Trust, "CA du 22 novembre 2026")
		w.must(err)
		last := office.LastRule(set.Rules, coop.RuleTrust, "").ID
		return func() error { _, err := w.Office.ChangeRule(w.t.Context(), w.Actor("nadia"), last, r); return err }
	},
	"ChangeCooperative": func(w *walk) func() error {
		set, _, err := w.Office.Settings(w.t.Context(), w.system())
		w.must(err)
		c := set.Coop
		c.Phone = "04 00 00 00 89"
		return func() error { return w.Office.ChangeCooperative(w.t.Context(), w.Actor("hugo"), set.Coop, c) }
	},
	"ChangeCustomer": func(w *walk) func() error {
		was, err := w.Office.Customer(w.t.Context(), w.system(), w.customer)
		w.must(err)
		c := was
		c.Phone = "04 00 00 00 98"
		return func() error { _, err := w.Office.ChangeCustomer(w.t.Context(), w.Actor("maelle"), was, c); return err }
	},
	"AskPay": func(w *walk) func() error {
		paySetUp(w.t, w.House)
		return func() error {
			_, err := w.Office.AskPay(w.t.Context(), w.Actor("maelle"), office.PayWish{Activity: webtest.Ceramique, Kind: "net", Amount: 50_00})
			return err
		}
	},
	"TakeBackPay": func(w *walk) func() error {
		id := w.newPayRequest()
		return func() error {
			_, err := w.Office.TakeBackPay(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, id)
			return err
		}
	},
	"Attach": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.Attach(w.t.Context(), w.Actor("maelle"), "customer:"+strconv.FormatInt(w.customer, 10), "agreement", aPDF("1"))
			return err
		}
	},
	"AttachTaken": func(w *walk) func() error {
		of := "announcement:" + strconv.FormatInt(w.newAnnouncement().ID, 10)
		t, err := w.Office.Take(w.t.Context(), "photo", aPDF("3"))
		w.must(err)
		return func() error { _, err := w.Office.AttachTaken(w.t.Context(), w.Actor("maelle"), of, t); return err }
	},
	"Detach": func(w *walk) func() error {
		p, err := w.Office.Attach(w.t.Context(), w.Actor("maelle"), "customer:"+strconv.FormatInt(w.customer, 10), "agreement", aPDF("2"))
		w.must(err)
		return func() error { _, err := w.Office.Detach(w.t.Context(), w.Actor("maelle"), p.ID); return err }
	},
	"SaveCustomer": func(w *walk) func() error {
		c, err := w.Office.Customer(w.t.Context(), w.system(), w.customer)
		w.must(err)
		c.Phone = "04 00 00 00 99"
		return func() error { _, err := w.Office.SaveCustomer(w.t.Context(), w.Actor("maelle"), c, ""); return err }
	},
}

func (w *walk) insurance() ledger.Entry {
	return ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Assurance", Lines: []ledger.Line{
		{Account: "616", Section: webtest.Paysage, Amount: 10_00}, {Account: "512", Section: webtest.Paysage, Amount: -10_00},
	}}
}

// newUnpaid is an invoice that nothing has paid yet, of works when the customer retains a share of it.
func (w *walk) newUnpaid(retention money.Rate) int64 {
	d := w.written(sale.Invoice)
	if retention != 0 {
		act, err := w.Office.Activity(w.t.Context(), w.system(), webtest.Ceramique)
		w.must(err)
		act.Insurance = "Décennale, Assurances du Bâti, France entière"
		_, err = w.Office.SaveActivity(w.t.Context(), w.system(), act)
		w.must(err)
		d.Content.Retention, d.Content.ReleaseOn = retention, storetest.Today+365
		d.Content.Lines[0].Nature = "works"
	}
	d, err := w.Office.CreateAndSubmit(w.t.Context(), w.Actor("maelle"), d, "")
	w.must(err)
	if d.Status == sale.Submitted {
		_, err = w.Office.Validate(w.t.Context(), w.Actor("nadia"), d.ID, 0)
		w.must(err)
	}
	return d.ID
}

// newQuote is a quote that a customer may answer.
func (w *walk) newQuote() int64 {
	d, err := w.Office.CreateAndSubmit(w.t.Context(), w.Actor("maelle"), w.written(sale.Quote), "")
	w.must(err)
	if d.Status == sale.Submitted {
		_, err = w.Office.Validate(w.t.Context(), w.Actor("nadia"), d.ID, 0)
		w.must(err)
	}
	return d.ID
}

// newLink is the secret part of the link to a quote.
func (w *walk) newLink() string {
	link, err := w.Office.Link(w.t.Context(), w.Actor("maelle"), w.newQuote())
	w.must(err)
	return link[strings.LastIndex(link, "/")+1:]
}

// consumerLink is the secret part of the link to a quote that a consumer may withdraw from once it is accepted.
func (w *walk) consumerLink() string {
	d := w.written(sale.Quote)
	c, err := w.Office.SaveCustomer(w.t.Context(), w.Actor("maelle"), sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Consumer, Name: "Brun", FirstName: "Odile", Email: "odile@exemple.fr", Address: coop.Address{Line1: "3 rue Basse", Zip: "34700", City: "Lodève", Country: "FR"},
	}, "")
	w.must(err)
	d.Customer, d.Content.Papers = c.ID, &sale.Papers{Place: sale.Distance, Delay: "un mois"}
	if d, err = w.Office.CreateAndSubmit(w.t.Context(), w.Actor("maelle"), d, ""); d.Status == sale.Submitted {
		_, err = w.Office.Validate(w.t.Context(), w.Actor("nadia"), d.ID, 0)
	}
	w.must(err)
	link, err := w.Office.Link(w.t.Context(), w.Actor("maelle"), d.ID)
	w.must(err)
	return link[strings.LastIndex(link, "/")+1:]
}

func (w *walk) loginOf(name string) (id int64) {
	storetest.Write(w.t, w.DB, 0, func(tx *store.Tx) error {
		l, _, err := tx.EnsureLogin(name+"@trame.example", "fr")
		id = l.ID
		return err
	})
	return id
}

// log returns the log, the newest first.
func (w *walk) log() []store.AuditRow {
	all, _, err := w.Office.Audits(w.t.Context(), w.system(), store.AuditFilter{Limit: 1000})
	w.must(err)
	return all
}

// Every use case either changes nothing or leaves a row in the log, whose action has words on the page that shows it.
func TestEveryDeedIsInTheLog(t *testing.T) {
	w := newWalk(t)
	maps.Copy(deeds, payFileDeeds)
	for m := range reflect.TypeFor[*office.Office]().Methods() {
		deed, known := deeds[m.Name]
		if !known {
			deed, known = yearDeeds[m.Name]
		}
		if known == slices.Contains(looks, m.Name) {
			t.Errorf("%s: does it change something? Add it to the deeds or to the looks", m.Name)
		}
		if !known {
			continue
		}
		do := deed(w)
		before := w.log()[0].ID
		if err := do(); err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		fresh := w.log()
		if fresh[0].ID == before {
			t.Errorf("%s leaves no trace in the log", m.Name)
		}
		for _, r := range fresh {
			if r.ID <= before {
				break
			}
			for _, lang := range []string{"fr", "en"} {
				if !i18n.For(lang).Has("audit.action." + r.Action) {
					t.Errorf("%s: no words for %s", lang, r.Action)
				}
			}
		}
	}
}
