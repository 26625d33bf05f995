package web

import (
	"net/http"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/auth"
)

// sections are the parts of the program that have pages; each registers its own. A new one adds its line.
var sections = []func(*Server){
	(*Server).signPages,
	(*Server).profilePages,
	(*Server).linkPages,
	(*Server).homePages,
	(*Server).accountPages,
	(*Server).salesPages,
	(*Server).toInvoicePages,
	(*Server).customersPages,
	(*Server).togetherPages,
	(*Server).deskPages,
	(*Server).paymentPages,
	(*Server).takingPages,
	(*Server).cashPages,
	(*Server).closingPages,
	(*Server).owedPages,
	(*Server).reminderPages,
	(*Server).penaltyPages,
	(*Server).lateRatePages,
	(*Server).lossPages,
	(*Server).booksPages,
	(*Server).housePages,
	(*Server).peoplePages,
	(*Server).payFilePages,
	(*Server).payExitPages,
	(*Server).payOpeningPages,
	(*Server).rulesPages,
	(*Server).auditPages,
	(*Server).searchPages,
	(*Server).attachmentPages,
	(*Server).runPages,
	(*Server).payMonthPages,
	(*Server).payOutsidePages,
	(*Server).subscriptionPages,
	(*Server).productPages,
	(*Server).ratePages,
	(*Server).abroadPages,
	(*Server).lookPages,
	(*Server).yearEndPages,
	(*Server).myPayPages,
}

// A route is one address. The list of them is what the test walks as every role.
type route struct {
	method  string
	pattern string // without method: "/{coop}/a/{activity}/"
	action  access.Action
	kind    routeKind
	do      handler
}

type routeKind uint8

const (
	ofPublic routeKind = iota // anyone
	ofSigned                  // whoever is signed in
	ofCoop                    // a person of the cooperative in the address
)

// A handler answers a visit, or says why it cannot: a [fault.Error] becomes its page, anything else a page with the
// number of the request.
type handler func(*Visit) error

// page registers an address of a cooperative ("/{coop}/…"; one that ends in "/" is that address alone). The visit is
// refused before the handler when the actor may not do the action on the cooperative or, when the address holds
// {activity}, on that activity. An address that names a document ("/{coop}/sales/{id}") bears on an activity that only
// the use case knows: the action is then checked there and only there. "" is open to everyone of the cooperative.
func (s *Server) page(method, pattern string, action access.Action, do handler) {
	s.add(&route{method: method, pattern: pattern, action: action, kind: ofCoop, do: do})
}

// signed registers an address for whoever is signed in, outside any cooperative.
func (s *Server) signed(method, pattern string, do handler) {
	s.add(&route{method: method, pattern: pattern, kind: ofSigned, do: do})
}

// public registers an address for anyone.
func (s *Server) public(method, pattern string, do handler) {
	s.add(&route{method: method, pattern: pattern, kind: ofPublic, do: do})
}

// keptPage registers a page that is kept until something is written in the cooperative (see again.go). It bears no form
// whose key must be its own: the same key is sent by whoever opens the page again.
func (s *Server) keptPage(pattern string, action access.Action, do handler) {
	s.page("GET", pattern, action, s.again(do))
}

func (s *Server) add(rt *route) { s.routes = append(s.routes, rt) }

// Route is an address as the tests that walk all of them see it.
type Route struct {
	Method, Pattern string
	Action          access.Action
	Public, Signed  bool // for anyone; for whoever is signed in; otherwise for people of the cooperative
}

// Routes lists every address, in the order they were registered.
func (s *Server) Routes() []Route {
	all := make([]Route, len(s.routes))
	for i, rt := range s.routes {
		all[i] = Route{rt.method, rt.pattern, rt.action, rt.kind == ofPublic, rt.kind == ofSigned}
	}
	return all
}

// has says whether an address exists: navigation shows no door to nowhere.
func (s *Server) has(pattern string) bool {
	for _, rt := range s.routes {
		if rt.method == http.MethodGet && rt.pattern == pattern {
			return true
		}
	}
	return false
}

// mux joins the addresses. Those of the cooperatives stand in a mux of their own: "/{coop}/d/{token}" and
// "/password/{token}" would otherwise both claim "/password/d".
func (s *Server) mux() http.Handler {
	top, coops := http.NewServeMux(), http.NewServeMux()
	for _, rt := range s.routes {
		m := top
		if strings.HasPrefix(rt.pattern, "/{coop}") {
			m = coops
		}
		pattern := rt.pattern
		if strings.HasSuffix(pattern, "/") {
			pattern += "{$}"
		}
		m.HandleFunc(rt.method+" "+pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(rt, w, r) })
	}
	absent := &route{kind: ofCoop, pattern: "/{coop}/", do: func(*Visit) error { return errAbsent() }}
	coops.HandleFunc("/{coop}/", func(w http.ResponseWriter, r *http.Request) { s.serve(absent, w, r) })
	lost := &route{kind: ofPublic, pattern: "/", do: func(*Visit) error { return errAbsent() }}
	coops.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.serve(lost, w, r) })
	top.Handle("/", coops)
	return top
}

// Reserved says whether a word cannot be the slug of a cooperative, because an address of the program begins with it.
func Reserved(slug string) bool {
	switch slug {
	case "static", "api", "me", "sign-in", "sign-out", "password", "invitation", "cooperatives", "healthz", "robots.txt", "favicon.ico", "manifest.webmanifest", "language", "passkey":
		return true
	}
	return false
}

func errAbsent() error { return fault.New(fault.NotFound, "web.absent") }

// serve answers one request of a route.
func (s *Server) serve(rt *route, w http.ResponseWriter, r *http.Request) {
	v := &Visit{s: s, w: w, r: r, route: rt, q: requestOf(r.Context())}
	v.q.route = rt.pattern
	v.Who, v.In = auth.FromContext(r.Context())
	v.q.login = v.Who.Login
	v.speak()
	if err := s.answer(v); err != nil {
		v.fail(err)
	}
}

func (s *Server) answer(v *Visit) error {
	if v.route.kind != ofPublic && !v.In {
		return v.toSignIn()
	}
	if v.route.kind != ofCoop {
		return v.route.do(v)
	}
	var err error
	if v.Actor, v.Coop, v.state, err = s.office.ActorAt(v.Ctx(), v.r.PathValue("coop"), v.Who.Login); err != nil {
		return err
	}
	v.member = true
	if a := v.r.PathValue("activity"); a != "" {
		if v.Activity, err = strconv.ParseInt(a, 10, 64); err != nil || v.Activity <= 0 {
			return errAbsent()
		}
	} else if a := v.Query("a"); a != "" {
		if id, err := strconv.ParseInt(a, 10, 64); err == nil && v.Actor.Owns(id) {
			v.Activity = id
		}
	}
	if err := v.may(); err != nil {
		return err
	}
	return v.route.do(v)
}

// may asks access before the handler, where the address tells what the action bears on.
func (v *Visit) may() error {
	rt := v.route
	if rt.action == "" || onActivity(rt.action) && v.r.PathValue("activity") == "" {
		return nil
	}
	return access.Refuse(v.Actor, rt.action, v.subject(rt.action, v.Activity))
}

// onActivity says whether an action bears on one activity rather than on the cooperative.
func onActivity(a access.Action) bool {
	switch a {
	case access.ViewAccount, access.ViewDocument, access.DraftDocument, access.SubmitDocument, access.ValidateDocument,
		access.SendDocument, access.ViewCustomer, access.ManageCustomer, access.RemindCustomer, access.RecordPayment, access.RecordTaking, access.SetReserve, access.ManageLook, access.AgreeJoint:
		return true
	}
	return false
}
