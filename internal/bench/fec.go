package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// books writes one year of a cooperative as a FEC and, for comparison, as a journal of the program « ledger »: the same
// entries, about 39 lines for each entrepreneur and month. It returns the number of lines.
func books(dir string, entrepreneurs int) (fec, journal string, lines int, err error) {
	fec, journal = filepath.Join(dir, "404833048FEC20251231.txt"), filepath.Join(dir, "books.journal")
	a, err := os.Create(fec)
	if err != nil {
		return "", "", 0, err
	}
	b, err := os.Create(journal)
	if err != nil {
		return "", "", 0, errors.Join(err, a.Close())
	}
	w := year{fec: bufio.NewWriterSize(a, 1<<20), journal: bufio.NewWriterSize(b, 1<<20), numbers: map[string]int{}}
	fmt.Fprint(w.fec, "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\r\n")
	for month := 1; month <= 12; month++ {
		for e := range entrepreneurs {
			w.entrepreneur(month, e)
		}
	}
	return fec, journal, w.lines, errors.Join(w.fec.Flush(), w.journal.Flush(), a.Close(), b.Close())
}

type year struct {
	fec, journal *bufio.Writer
	numbers      map[string]int // last of each journal
	lines        int
}

type bookLine struct {
	account, label, third string
	amount                int
}

func (w *year) entrepreneur(month, e int) {
	at := func(k int) int { return 10_000 + (e*131+month*7919+k*104_729)%240_000 }
	for k := range 3 {
		net, who := at(k), fmt.Sprintf("C%05d", (e*7+k)%5000)
		w.entry("VE", "Ventes", month, 2+k*9, e, []bookLine{{"411000", "Clients", who, net + net/5}, {"706000", "Prestations de services", "", -net}, {"445710", "TVA collectée", "", -(net / 5)}})
	}
	for k := range 3 {
		gross, who := at(k)+at(k)/5, fmt.Sprintf("C%05d", (e*7+k)%5000)
		w.entry("BQ", "Banque", month, 5+k*8, e, []bookLine{{"512000", "Banque", "", gross}, {"411000", "Clients", who, -gross}})
	}
	for k := range 4 {
		net, who := at(k+10)/10, fmt.Sprintf("F%05d", (e*3+k)%2000)
		w.entry("AC", "Achats", month, 3+k*6, e, []bookLine{{[]string{"606400", "613200", "622600", "625100"}[k], "Charges", "", net}, {"445660", "TVA déductible", "", net / 5}, {"401000", "Fournisseurs", who, -(net + net/5)}})
	}
	share := at(20) / 10
	w.entry("OD", "Opérations diverses", month, 28, e, []bookLine{{"186000", "Contribution", "", share}, {"181000", "Compte de liaison", "", -share}, {"181000", "Compte de liaison", "", share}, {"187000", "Contribution", "", -share}})
	pay := at(30)
	w.entry("PA", "Paie", month, 28, e, []bookLine{{"641000", "Rémunérations", "", pay}, {"645000", "Charges sociales", "", pay / 3}, {"421000", "Personnel", fmt.Sprintf("P%05d", e), -(pay - pay/4)}, {"431000", "Sécurité sociale", "", -(pay/4 + pay/3 - pay/50 - pay/60)}, {"437000", "Autres organismes", "", -(pay / 50)}, {"442100", "Prélèvement à la source", "", -(pay / 60)}})
	net := pay - pay/4
	w.entry("BQ", "Banque", month, 28, e, []bookLine{{"421000", "Personnel", fmt.Sprintf("P%05d", e), net}, {"512000", "Banque", "", -net}})
}

func (w *year) entry(journal, label string, month, day, e int, lines []bookLine) {
	w.numbers[journal]++
	n := w.numbers[journal]
	fmt.Fprintf(w.journal, "2025-%02d-%02d (%s-%d) Piece %d\n", month, day, journal, n, n)
	for _, l := range lines {
		if l.amount == 0 {
			continue
		}
		w.lines++
		debit, credit := l.amount, 0
		if l.amount < 0 {
			debit, credit = 0, -l.amount
		}
		fmt.Fprintf(w.fec, "%s\t%s\t%d\t2025%02d%02d\t%s\t%s\t%s\t%s\tP%d-%d\t2025%02d%02d\tPièce %d de l’activité %d\t%d,%02d\t%d,%02d\t\t\t20251231\t\t\r\n",
			journal, label, n, month, day, l.account, l.label, l.third, l.third, e, n, month, day, n, e, debit/100, debit%100, credit/100, credit%100)
		sign := ""
		if l.amount < 0 {
			sign = "-"
		}
		fmt.Fprintf(w.journal, "    %s  %s%d.%02d EUR\n", l.account, sign, (debit+credit)/100, (debit+credit)%100)
	}
	fmt.Fprintln(w.journal)
}

// cold is a command that was run a few times: its median time and the most memory it held.
type cold struct {
	took time.Duration
	peak int64 // bytes
}

func coldRun(ctx context.Context, times int, name string, args ...string) (cold, error) {
	var took []time.Duration
	var c cold
	for range times {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Stdout = io.Discard
		start := time.Now()
		if out, err := cmd.StderrPipe(); err != nil {
			return c, err
		} else if err := cmd.Start(); err != nil {
			return c, err
		} else {
			told, _ := io.ReadAll(io.LimitReader(out, 2000)) // what it says when it fails
			if err := cmd.Wait(); err != nil {
				return c, fmt.Errorf("%s: %w: %s", name, err, told)
			}
		}
		took = append(took, time.Since(start))
		if used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			c.peak = max(c.peak, used.Maxrss<<10) // Linux counts kibibytes
		}
	}
	slices.Sort(took)
	c.took = took[len(took)/2]
	return c, nil
}
