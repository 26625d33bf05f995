-- A file of transfers is prepared, then it leaves: the day on which somebody says that the bank has it. And what a list of
-- payslips says of a draft, so that it is read without what the draft was computed from.

-- +goose Up
ALTER TABLE pay_transfer ADD COLUMN sent TEXT NOT NULL DEFAULT '';       -- day, empty: nobody said so
ALTER TABLE pay_transfer ADD COLUMN sent_by {{int}} NOT NULL DEFAULT 0;
ALTER TABLE payslip ADD COLUMN look TEXT NOT NULL DEFAULT '';            -- JSON: notes on a draft

-- +goose Down
ALTER TABLE payslip DROP COLUMN look;
ALTER TABLE pay_transfer DROP COLUMN sent_by;
ALTER TABLE pay_transfer DROP COLUMN sent;
