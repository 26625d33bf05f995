-- Foreign customers: the rates of the day that the accountant keeps, and on documents what lists show of their currency.
-- "own_gross" and "own_left" are in "currency", '' where it is the euro; "abroad" names the codes under which other
-- states are told of it, or customs prove it: 'EUG EUS'.

-- +goose Up
CREATE TABLE exchange_rate (
  coop_id  {{int}} NOT NULL,
  currency TEXT NOT NULL,
  day      TEXT NOT NULL,
  rate     {{int}} NOT NULL,   -- millionths of its unit for one euro
  source   TEXT NOT NULL,
  by_id    {{int}} NOT NULL,
  at       {{int}} NOT NULL,
  PRIMARY KEY (coop_id, currency, day)
) {{clustered}};

ALTER TABLE sale ADD COLUMN currency TEXT NOT NULL DEFAULT '';
ALTER TABLE sale ADD COLUMN own_gross {{int}} NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN own_left {{int}} NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN abroad TEXT NOT NULL DEFAULT '';

-- +postgres
ALTER TABLE sale NO FORCE ROW LEVEL SECURITY;
-- +end
UPDATE sale SET abroad = TRIM(
  CASE WHEN content LIKE '%"tax":"EUG"%' THEN 'EUG ' ELSE '' END ||
  CASE WHEN content LIKE '%"tax":"EUS"%' THEN 'EUS ' ELSE '' END ||
  CASE WHEN content LIKE '%"tax":"EXG"%' THEN 'EXG' ELSE '' END)
WHERE content LIKE '%"tax":"EU%' OR content LIKE '%"tax":"EXG"%';

CREATE INDEX sale_abroad ON sale (coop_id, day, id) WHERE abroad <> '' AND number <> '';

-- +goose Down
SELECT 1;
