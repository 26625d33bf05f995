-- Counters of leave that another program left, or that were counted again, at the end of a month.

-- +goose Up
-- JSON of payroll.LeaveOpening. The last month on or before a day wins.
CREATE TABLE pay_leave (
  coop_id     {{int}} NOT NULL,
  contract_id {{int}} NOT NULL,
  month       TEXT NOT NULL,
  body        TEXT NOT NULL,
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, contract_id, month),
  FOREIGN KEY (coop_id, contract_id) REFERENCES contract (coop_id, id)
) {{clustered}};

-- +goose Down
DROP TABLE pay_leave;
