-- What stands around a document on its paper, as it was when it was validated: one row for each thing that ever stood there,
-- under the SHA-256 of what it holds. A document names two: the house, the customer.

-- +goose Up
CREATE TABLE imprint (
  coop_id    {{int}} NOT NULL,
  hash       TEXT NOT NULL,
  body       TEXT NOT NULL,      -- JSON of sale.House or sale.Customer
  PRIMARY KEY (coop_id, hash)
) {{clustered}};
ALTER TABLE sale ADD COLUMN imprint TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE sale DROP COLUMN imprint;
DROP TABLE imprint;
