// Package fec reads, checks, sums and writes the « fichier des écritures comptables »: the file of all entries of a
// fiscal year that a French enterprise hands to the tax administration (LPF art. L47 A and A47 A-1; comments of the
// administration: BOI-CF-IOR-60-40-20). It is a table of eighteen columns, one line for each line of an entry:
//
//	JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate
//	EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise
//
// The law has no column for the section that a cooperative gives to every line: it goes to a side file, see
// [SideWriter]. [Reader] takes the file in any form it is met in, [Check] says what the administration would, and
// [ReadBalance] sums a file of any size in a memory that does not grow with it.
//
// # What Check looks at
//
// An error makes the file unfit. A warning is what the administration's own tool (« Test Compta Demat », TCD below)
// reports as « alerte », or a doubt worth a look before the file leaves the house. "A47" is LPF art. A47 A-1 with its
// paragraph; "practice" is what an inspector or an accountant asks beyond it.
//
//	rule                severity  from             what is wrong
//	file-name           error     A47 IX           the name is not <SIREN>FEC<AAAAMMJJ>.txt, the key of the SIREN is wrong, the day does not exist
//	charset             error     A47 XII          bytes that are no text: UTF-16, NUL in the first line
//	file-empty          error     TCD              no line of an entry
//	separator           error     A47 VII          neither tabs nor vertical bars between the columns
//	header-missing      error     A47 VII          the first line does not name the columns
//	column-missing      error     A47 VII          a column of the law is absent (Montant and Sens may replace Debit and Credit)
//	column-twice        error     A47 VII          a column stands twice
//	column-order        error     A47 VII          the columns are in another order
//	line-long           error     practice         more than 64 KiB on a line
//	field-count         error     A47 VI, TCD      a line has not as many cells as the first
//	field-empty         error     A47 VII          a column other than 7, 8, 14, 15, 17, 18 (« à blanc si non utilisé ») is empty
//	date                error     A47 XII          not a day of the calendar written AAAAMMJJ
//	amount              error     A47 XII          not digits with a comma, sign first, no thousands separator; more than two decimals
//	direction           error     A47 VII          Sens is not D or C, +1 or -1
//	decimal-point       error     A47 XII          a point instead of a comma; told once
//	line-empty          error     TCD              an empty line before another
//	auxiliary           error     practice         CompAuxNum without CompAuxLib, or the reverse
//	currency            error     practice         Montantdevise without Idevise, or the reverse (a Montantdevise of zero may stand alone)
//	valid-before-entry  error     A47 VII          validated before the day of the entry
//	entry-unbalanced    error     PCG              debits and credits of one journal and number differ (partie double)
//	entry-date          error     practice         lines of one entry bear different days
//	number-twice        error     A47 VII (3)      a number comes back for another entry
//	number-hole         error     A47 VII (3)      a number is missing, both within its journal and in a sequence that journals share, or the first few are, where other journals begin at 1
//	total-unbalanced    error     PCG              debits and credits of the file differ (partie double)
//	account             warning   TCD (alerte)     the first three characters are no digits of a class 1 to 8 of the PCG
//	out-of-year         warning   TCD (alerte)     an entry after the closing day in the name, or more than 24 months before
//	both-sides          warning   TCD (alerte)     a debit and a credit on the same line
//	no-amount           warning   TCD (alerte)     neither debit nor credit
//	lettering           warning   practice         EcritureLet without DateLet, or the reverse (a DateLet of zeros is blank)
//	entry-scattered     warning   practice         the lines of an entry do not follow one another
//	bom                 warning   practice         a byte order mark at the start; TCD drops it
//	other-charset       warning   A47 XII          Windows-1252, or UTF-8 and ISO 8859-15 mixed; told once (UTF-8 alone is accepted)
//	control             warning   practice         a control character within a line
//	end-empty           warning   TCD              empty lines at the end
//	column-extra        warning   TCD              a column that the law does not know after the eighteen
//	year-long           warning   practice         entries over more than twelve months; told once
//	valid-order         warning   A47              lines not in the order of validation; told once
//	number-order        warning   practice         numbers of a journal that go back; told once for a journal
//	number-start        warning   practice         a sequence that begins above 1 (above 10, where other journals begin at 1)
//	number-unreadable   warning   practice         numbers without a count, or too scattered; told once for a journal
//	entry-valid         warning   practice         lines of one entry validated on different days
//	entry-twice         warning   practice         two entries of a journal with the same lines on the same day
//	piece-after-entry   warning   practice         a document later than its entry
//	account-label       warning   practice         an account with two labels; told once for an account
//	journal-label       warning   practice         a journal with two labels; told once for a journal
//	currency-euro       warning   practice         Idevise EUR without an amount; told once
//	currency-code       warning   practice         Idevise is not three capitals
//	internal            warning   PCG              accounts 186 and 187 do not cancel out over the file
//	link                warning   PCG              accounts 181 do not cancel out over the file
//	year-closed         warning   A47              classes 6 and 7 are nil: the closing entry is in the file
//
// A count is followed within its series: the text around the last run of digits of EcritureNum, such as VE-2026- in
// VE-2026-00012 (see the comment in sequence.go). A number missing from a journal is forgiven when the journals share
// one sequence that has no hole, and interleave as they like.
package fec
