-- What was made from a document, and what corrects it: each document's page asks, and most were made from none.

-- +goose Up
CREATE INDEX sale_origin ON sale (coop_id, origin) WHERE origin <> 0;
CREATE INDEX sale_corrects ON sale (coop_id, corrects) WHERE corrects <> 0;

-- +goose Down
SELECT 1;
