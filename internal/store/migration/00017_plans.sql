-- Indexes of questions that read a whole table: the register by day, the links of a document, the cheques of a deposit, the
-- refunds of a customer.

-- +goose Up
CREATE INDEX register_day ON register (coop_id, day, id);
CREATE INDEX link_sale ON link (coop_id, sale_id);
CREATE INDEX payment_refund ON payment (coop_id, customer_id) WHERE amount < 0;
CREATE INDEX remitted_record ON remitted (coop_id, record_id);

-- +goose Down
DROP INDEX remitted_record;
DROP INDEX payment_refund;
DROP INDEX link_sale;
DROP INDEX register_day;
