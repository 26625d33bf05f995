// Package house holds the rules of the house as tests, so that nobody has to remember them: which packages are pure,
// which way imports go, how things are named, that validated entries are never rewritten, and that nothing in the
// repository points outside it. It has no code of its own; read the tests, each opens with its rule and the tables that
// may be amended. An exception is a line in a table, with its reason.
package house
