-- What an element of pay needs beyond its amount: the debt, the kind and the rank of a garnishment, the reason of an amount
-- that stands in the place of what was asked (JSON of the office).

-- +goose Up
ALTER TABLE pay_item ADD COLUMN body TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE pay_item DROP COLUMN body;
