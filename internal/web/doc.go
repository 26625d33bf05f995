// Package web answers browsers: the pages and forms of the program, their frame, their assets.
//
// # A page in twenty lines
//
// Put it in a file named after what it shows, register it, and add the registration to sections in route.go:
//
//	func (s *Server) customerPages() {
//		s.page("GET", "/{coop}/a/{activity}/customers", access.ViewCustomer, s.customers)
//		s.page("POST", "/{coop}/a/{activity}/customers", access.ManageCustomer, s.customerSent)
//	}
//
//	func (s *Server) customers(v *Visit) error {
//		all, err := s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: v.Activity})
//		if err != nil {
//			return err // a fault.Error becomes its page, anything else a page with the number of the request
//		}
//		var list List
//		for _, c := range all {
//			list.Items = append(list.Items, Item{Name: c.Name, About: c.Email, Href: v.URL("customers", c.ID)})
//		}
//		return v.Blocks(Page{Title: v.P.T("customer.title"), Section: "customers"}, Head{Title: v.P.T("customer.title")}, list)
//	}
//
// [Server.page] asks access first where the address tells what the action bears on; the use case asks again, always. A
// page about a document (/{coop}/sales/{id}) sets v.Activity once it knows it, so that the frame shows the right place.
//
// # A form
//
//	func (s *Server) customerSent(v *Visit) error {
//		f, err := v.Form()
//		if err != nil {
//			return err
//		}
//		c := sale.Customer{Activity: v.Activity, Name: f.Need("name", 120), Email: f.Text("email", 254)}
//		if f.OK() {
//			saved, err := s.office.SaveCustomer(v.Ctx(), v.Actor, c, f.Key)
//			if err == nil {
//				v.Say("customer.saved") // shown once, on the next page; SayUndo adds « Annuler »
//				return v.Go(v.URL("customers", saved.ID))
//			}
//			if !f.Take(err) { // refusals of fields go beside them, anything else is the request's
//				return err
//			}
//		}
//		return v.Again("customer", Page{Title: v.P.T("customer.new"), Section: "customers"}, customerData{F: f}) // 422
//	}
//
// with page/customer.html, where .P is the printer, .D the page's data, .URL an address of the cooperative:
//
//	{{define "main"}}{{with .D.F}}{{.Summary}}
//	<form method="post" data-main>{{.Once}}
//	{{.Field "name" ($.P.T "customer.name") "required" "autocomplete=organization"}}
//	{{.Field "price" ($.P.T "sale.price") "amount" "unit=€" (print "hint=" $.D.Hint)}}
//	<button class="b go" data-send>{{$.P.T "web.save"}} <kbd>Ctrl ↵</kbd></button>
//	</form>{{end}}{{end}}
//
// Readers of a form: Get, Text, Need, Cents, Micro, Rate, Day, Month, ID, Int, Bool, Choice, All, Rows("lines") with names
// such as "lines[2].rate". Writers: Field, Area, Select, Segment, Switch, Hidden, Once (the key that makes a second click
// harmless: once in every form that changes something), Summary. Set gives a field its first value. [Form.Field] lists
// the options. The names of fields are those of the use case's refusals.
//
// A draft saves itself: data-autosave on the form, [Visit.Autosave] and [Visit.Saved] in the handler, an element with
// data-saved where it says so. What is not saved yet is kept in the tab (app.js): a page loaded again, the way back and a
// dead network lose nothing. A field written by hand tells the summary its name with [Form.Label]. A form sent after its session ended is sealed, carried through sign-in and shown again to
// its owner (kept.go): nothing to do in a handler.
//
// # Words
//
// Every word comes from the catalogues, through the printer of the visit: no function of a template knows a language, so
// one set of templates serves all. Amounts are links to the lines they are made of; Figure, Item and Cell take the address.
//
// # Components
//
// Typed values that write themselves; each is a [Component] for [Visit.Blocks] and has HTML for templates. See them all in
// specimen_test.go.
//
//	Head, Answer     title, or the answer under its marker; lead, freshness, deeds     Head{Answer: Answer{Before: …, Mark: …}}
//	Block            a heading with what stands under it
//	List, Item       one block of lines, for a phone                                   Item{Name, About, Amount: new(c), Why: href}
//	Table            sticky head and foot, sorting, keys; blocks on a phone            cellText, cellAmount, cellDay, cellStatus …
//	Filters, Pager   choices in the address (v.With("kind", "quote")), pages of a list
//	Why              the subtraction; Sums() must hold
//	Cash, Split      the account's chart with its table; what a sum is for
//	Figures          a row of key figures
//	Note, Status     a message with its way on; a state with icon and word (Tag: small)
//	Empty            what a list is for, and the first step
//	paper            a document as its customer reads it
//	amount, figure, icon, hexagon (activity), avatar (person), thumbs
//
// New HTML written by hand goes through markup: raw for constants, text and attr for everything else.
//
// # Why by hand
//
// Measured on a loaded machine of two cores (speed_test.go): fifty rows of seven columns took html/template 2.0 ms and
// 7 700 allocations, markup 0.2 ms; the frame took html/template 0.4 ms, markup 0.03 ms. So frame and components are
// written by hand into one pooled buffer, and html/template, which knows the context of every value, keeps the forms and
// what is shown seldom. Compressed at level 1 a list of 43 kB weighs 3.9 kB in 0.15 ms; level 6 takes ten times as long
// for 3.5 kB.
//
// # What stands around a handler
//
// In order: recovery, number and log of the request; headers (nothing inline, nothing from elsewhere); no sending from
// other sites; the session; the cooperative and the actor; access. Assets are served under their checksum and kept
// forever. app.js (menus, keys, drafts) and passkey.js are all the script there is; a page that wants htmx says Live and
// uses only attributes that version 2 has too; every page works without.
//
// Keys: "/" searches, J K and arrows walk [data-rows], Ctrl Enter sends, data-k="v" on a link or button makes V press it.
package web
