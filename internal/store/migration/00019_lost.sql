-- Invoices that were written off: what comes of them in the end is looked for among them.

-- +goose Up
CREATE INDEX sale_lost ON sale (coop_id, id) WHERE lost > 0;

-- +goose Down
DROP INDEX sale_lost;
