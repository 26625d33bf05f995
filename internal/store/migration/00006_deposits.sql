-- Deposits, works invoiced as they advance with their retention, losses, currencies. "lost" is what was written off of an
-- invoice, "retained" what its customer keeps of it until "release_day".

-- +goose Up
ALTER TABLE sale ADD COLUMN lost {{int}} NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN retained {{int}} NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN release_day TEXT NOT NULL DEFAULT '';

DROP INDEX sale_open;
DROP INDEX sale_unpaid;
CREATE INDEX sale_open ON sale (coop_id, activity_id, due) WHERE kind = 'invoice' AND number <> '' AND gross > paid + credited + lost;
CREATE INDEX sale_unpaid ON sale (coop_id, id) WHERE kind = 'invoice' AND number <> '' AND gross > paid + credited + lost;

ALTER TABLE payment ADD COLUMN exchange {{int}} NOT NULL DEFAULT 0;      -- euros beyond what the allocations settle in the books
ALTER TABLE allocation ADD COLUMN foreign_minor {{int}} NOT NULL DEFAULT 0; -- settled in the currency of the invoice

-- +postgres
ALTER TABLE account NO FORCE ROW LEVEL SECURITY;
-- +end
INSERT INTO account (coop_id, code, label, third)
SELECT coop_id, '41911', 'Clients, acomptes encaissés (travail à faire)', 'customer' FROM account a WHERE code = '4191'
AND NOT EXISTS (SELECT 1 FROM account b WHERE b.coop_id = a.coop_id AND b.code = '41911');
INSERT INTO account (coop_id, code, label, third)
SELECT coop_id, '41912', 'Clients, acomptes facturés à encaisser', 'customer' FROM account a WHERE code = '4191'
AND NOT EXISTS (SELECT 1 FROM account b WHERE b.coop_id = a.coop_id AND b.code = '41912');

-- +goose Down
SELECT 1;
