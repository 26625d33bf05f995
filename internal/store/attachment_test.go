package store_test

import (
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// verify finds an attachment that was changed, moved, brought back or taken away behind the program's back.
func TestVerifyAttachments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		sha := strings.Repeat("ab", 32)
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			for _, kind := range []string{"photo", "other"} {
				a := store.Attachment{Subject: "activity:10", Kind: kind, SHA256: sha, Name: kind + ".jpg", Media: "image/jpeg", Size: 12, By: storetest.Person}
				if err := tx.AddAttachment(&a, a.Subject); err != nil {
					return err
				}
				if kind == "other" {
					if err := tx.RemoveAttachment(&a, storetest.Person, a.Subject); err != nil {
						return err
					}
				}
			}
			return nil
		})
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			kinds, err := tx.AttachedKinds("activity:10")
			equal(t, kinds, map[string]int{"photo": 1})
			return err
		})
		tells := func(want string) {
			t.Helper()
			found, err := db.Verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var keys []string
			for _, f := range found {
				keys = append(keys, f.Key)
			}
			if got := strings.Join(keys, " "); got != want {
				t.Errorf("verify tells %q and not %q", got, want)
			}
		}
		tells("")
		for _, x := range []struct{ do, undo, keys string }{
			{"kind = 'certificate' WHERE id = 1", "kind = 'photo' WHERE id = 1", "verify.attachment_changed"},
			{"subject = 'activity:11' WHERE id = 1", "subject = 'activity:10' WHERE id = 1", "verify.attachment_changed"},
			{"removed_at = 0 WHERE id = 2", "removed_at = (SELECT at FROM audit WHERE action = 'attachment.remove') WHERE id = 2", "verify.attachment_changed"},
			{"id = 900 WHERE id = 1", "id = 1 WHERE id = 900", "verify.attachment_missing verify.attachment_untold"},
			{"file_sha = 'cd' WHERE id = 1", "file_sha = '" + sha + "' WHERE id = 1", "verify.attachment_changed"},
			{"size = 13 WHERE id = 1", "size = 12 WHERE id = 1", "verify.attachment_unfiled"},
		} {
			for i, set := range []string{x.do, x.undo} {
				if _, err := db.Owner().ExecContext(ctx, "UPDATE attachment SET "+set); err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					tells(x.keys)
				}
			}
		}
		tells("")
	})
}
