// Package pdf lays out the documents that leave the cooperative as A4 pages: quotes, invoices and credit notes
// ([Document]), and statements and lists ([Statement]). Every word and amount comes from its argument, chosen and written
// elsewhere; this package decides where it stands.
//
// How it is made. A layout measures texts and places them on sheets of paper kept as lists of strokes; once the number
// of pages is known, the strokes are drawn with the fpdf library, which writes pages, shapes and description. The fonts
// are ours: the library reads each font anew for every document (18 ms and 14 MB for three), knows no kerning and gives
// every font the same character map. So the fonts are read once, and each document carries the glyphs that it uses,
// added behind the library's bytes as an incremental update (ISO 32000-1, 7.5.6).
//
// The same argument gives the same bytes: there is no clock and no chance, and the identifier in the trailer is a
// checksum of the content.
//
// The fonts write Latin with its extensions, modern Greek and Cyrillic. What they cannot write is refused before it comes
// here (i18n.Unwritten). Texts of any origin are welcome all the same: invalid UTF-8, control and formatting characters and
// pictographs are left out, a letter with a mark that the fonts lack falls back on its nearest relative, and a letter of
// another script shows as a box but is still there for whoever copies or searches the text.
package pdf
