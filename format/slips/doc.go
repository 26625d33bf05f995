// Package slips parts a PDF that holds the payslips of many people into one PDF each. A payroll software gives one file for the month; a
// person must receive theirs and nothing of anyone else's (c. trav. L3243-2; GDPR art. 5 § 1 f).
//
// A page is someone's when it says so: their number of the social security, or their number in the payroll software beside the word
// « matricule », or, when nothing else speaks, their name. What says nothing, or speaks of two people, or of another month, is told with
// its page and given to nobody. A page without a name follows the one before when it says that it is its second.
//
// The file comes from outside: it is read here, by a reader of PDF (ISO 32000-1) made for this and no more, which is bounded in bytes,
// pages, objects, decoded bytes and depth, and refuses what is encrypted. A part is written from the objects that its pages use: pictures and
// fonts go along as they are, while links, forms, outlines, properties and what only other pages name stay behind.
package slips
