-- What was frozen when a document was validated, and what was written in the log, are chained as entries and payments are.
-- A table and not columns of the document: a quote may be reopened and validated again, and the chain keeps both.

-- +goose Up
CREATE TABLE validation (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,   -- also the position in the chain of validations
  sale_id    {{int}} NOT NULL,
  earlier    {{int}} NOT NULL,   -- of the first: how many documents had been validated before there was a chain
  hash       {{blob}} NOT NULL,
  chain      {{blob}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{clustered}};

ALTER TABLE audit ADD COLUMN chain {{blob}} NOT NULL DEFAULT {{empty}}; -- empty: written before there was a chain

-- +goose Down
SELECT 1;
