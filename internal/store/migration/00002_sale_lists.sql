-- What the lists of documents are served by: a page of 50 among many thousands reads little more than its own rows.

-- +goose Up

-- The documents of a customer, newest last; also whether a customer was ever invoiced.
CREATE INDEX sale_customer ON sale (coop_id, customer_id, id);

-- The documents validated in a span of days.
CREATE INDEX sale_day ON sale (coop_id, kind, day, id) WHERE number <> '';

-- The invoices with something to receive: by due day within an activity, and the newest whoever made them. SQLite turns
-- "paid + credited < gross" around before it compares a query with the condition of an index, and then finds no index.
DROP INDEX sale_open;
CREATE INDEX sale_open ON sale (coop_id, activity_id, due) WHERE kind = 'invoice' AND number <> '' AND gross > paid + credited;
CREATE INDEX sale_unpaid ON sale (coop_id, id) WHERE kind = 'invoice' AND number <> '' AND gross > paid + credited;

-- What a search reads from one end to the other: narrow, so that the documents themselves are not.
CREATE INDEX sale_search ON sale (coop_id, id, kind, activity_id, search);

-- Customers by name, as search holds it, of one activity and of all.
DROP INDEX customer_activity;
CREATE INDEX customer_activity ON customer (coop_id, activity_id, search, id);
CREATE INDEX customer_name ON customer (coop_id, search, id);

-- +goose Down
SELECT 1;
