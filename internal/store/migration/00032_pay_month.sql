-- What the month of pay needs beside: a note on a person that comes back each month, and files of transfers that were taken
-- back before the bank had them.

-- +goose Up
CREATE TABLE pay_note (
  coop_id    {{int}} NOT NULL,
  person_id  {{int}} NOT NULL,
  body       TEXT NOT NULL,
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, person_id),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id)
) {{clustered}};
ALTER TABLE pay_transfer ADD COLUMN cancelled {{int}} NOT NULL DEFAULT 0; -- instant
CREATE INDEX payslip_transfer ON payslip (coop_id, transfer_id) WHERE transfer_id <> 0;
CREATE INDEX payslip_entry ON payslip (coop_id, entry_id) WHERE entry_id <> 0;

-- +goose Down
DROP INDEX payslip_entry;
DROP INDEX payslip_transfer;
ALTER TABLE pay_transfer DROP COLUMN cancelled;
DROP TABLE pay_note;
