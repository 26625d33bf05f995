// Package demo fills a believable cooperative, « Trame & Sillon », so that one can walk through the whole house before
// putting one's own figures in it: forty people, thirty activities of every trade, eighteen months of quotes, invoices,
// payments, purchases, pay and returns, told day by day through the use cases of package office by the people whose work
// it is. Nothing is written behind the back of the rules: who validates is never who wrote, every entry is posted, every
// number taken where it would have been.
//
// The people, trades and towns are invented. Numbers that stand for an enterprise have a right key and begin with two
// zeros, which no register gives; mail addresses end in .example; telephone numbers are those reserved for fiction.
//
// The same seed and day give the same bytes: the clock is the story's own ([Clock]), chance comes from the seed alone,
// and nothing random of the machine enters.
package demo
