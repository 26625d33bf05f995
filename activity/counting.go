package activity

// Counting is how a policy counts a sale: when its customers pay rather than when it is invoiced, and whether a deposit counts
// before the work that it is of.
type Counting struct{ Collected, Deposits bool }

// Counting is how the policy counts a sale.
func (p Policy) Counting() Counting {
	return Counting{Collected: p.Base.collected(), Deposits: p.Deposits}
}
