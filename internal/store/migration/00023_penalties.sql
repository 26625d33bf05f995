-- What customers were asked for having paid late: which documents ask for what of which invoice. It repeats what the documents
-- hold, so that what is left to ask is found without reading them.

-- +goose Up
CREATE TABLE penalty (
  coop_id    {{int}} NOT NULL,
  sale_id    {{int}} NOT NULL,   -- document that asks
  invoice_id {{int}} NOT NULL,   -- invoice that was paid late
  interest   {{int}} NOT NULL,
  forty      {{int}} NOT NULL,
  PRIMARY KEY (coop_id, sale_id, invoice_id)
) {{clustered}};
CREATE INDEX penalty_invoice ON penalty (coop_id, invoice_id);

-- +postgres
ALTER TABLE account NO FORCE ROW LEVEL SECURITY;
-- +end
-- A chart that lacks 758 or 761 is not the one the program gives: whoever keeps it adds what they need.
INSERT INTO account (coop_id, code, label, third)
SELECT a.coop_id, '7588', 'Autres produits divers de gestion courante', '' FROM account a WHERE a.code = '758' AND NOT EXISTS (SELECT 1 FROM account b WHERE b.coop_id = a.coop_id AND b.code = '7588');
INSERT INTO account (coop_id, code, label, third)
SELECT a.coop_id, '763', 'Revenus des autres créances', '' FROM account a WHERE a.code = '761' AND NOT EXISTS (SELECT 1 FROM account b WHERE b.coop_id = a.coop_id AND b.code = '763');

-- +goose Down
DROP TABLE penalty;
