-- Quotes that a consumer withdrew from are told on the home of the activity.

-- +goose Up
CREATE INDEX sale_event_withdraw ON sale_event (coop_id, sale_id, at) WHERE deed = 'withdraw';

-- +goose Down
DROP INDEX sale_event_withdraw;
