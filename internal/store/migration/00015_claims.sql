-- What customers owe besides their invoices.

-- +goose Up
-- The day agreed for a retention is that of its open item too.
UPDATE open_item SET due = (SELECT s.release_day FROM sale s WHERE s.coop_id = open_item.coop_id AND s.entry_id = open_item.entry_id AND s.kind = 'invoice')
	WHERE account = '4117' AND EXISTS (SELECT 1 FROM sale s WHERE s.coop_id = open_item.coop_id AND s.entry_id = open_item.entry_id AND s.kind = 'invoice' AND s.release_day <> '' AND s.release_day <> open_item.due);

-- +goose Down
SELECT 1;
