-- The entries of pay by their day: what a month owes to bodies, and what payslips cost, are asked of them alone.

-- +goose Up
CREATE INDEX entry_pay ON entry (coop_id, day) WHERE journal = 'PA';

-- +goose Down
DROP INDEX entry_pay;
