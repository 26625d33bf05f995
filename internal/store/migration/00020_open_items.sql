-- What a customer owes on some accounts is read without all the rest that they owe: a new invoice looks for their deposits.

-- +goose Up
DROP INDEX open_item_third;
CREATE INDEX open_item_third ON open_item (coop_id, third_id, account) WHERE remaining <> 0;

-- +goose Down
DROP INDEX open_item_third;
CREATE INDEX open_item_third ON open_item (coop_id, third_id) WHERE remaining <> 0;
