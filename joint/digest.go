package joint

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
)

// Digest is what an internal invoice with a number says, whatever was decided of it since: between whom, when, under which
// number and for what.
func (i Invoice) Digest() string {
	content, err := json.Marshal(i.Content)
	if err != nil { // it holds nothing that has no words
		panic(err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "essaim internal 1\n%d %s %d %d %d %s %s\n%s", i.ID, i.Kind, i.Sender, i.Receiver, i.Corrects, i.Number, i.Date, content))
	return hex.EncodeToString(sum[:])
}

// Undoes says whether a credit is of an invoice, whole.
func (i Invoice) Undoes(of Invoice) bool {
	return i.Corrects == of.ID && of.ID != 0 && i.Sender == of.Sender && i.Receiver == of.Receiver && i.Net == of.Net && reflect.DeepEqual(i.Content, of.Content)
}
