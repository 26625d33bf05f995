-- Pay. What it needs to know of a person and of a contract, each from a day on; what people ask; what a month brings; the
-- payslips, that never change once they are issued.

-- +goose Up
-- Who is paid: number, NIR, bank account, rate of the tax withheld (JSON of payroll.Person). The last day on or before wins.
CREATE TABLE pay_person (
  coop_id    {{int}} NOT NULL,
  person_id  {{int}} NOT NULL,
  from_day   TEXT NOT NULL,
  body       TEXT NOT NULL,
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, person_id, from_day),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id)
) {{clustered}};

-- What a contract pays (JSON of payroll.Terms): a change is an amendment, a new row.
CREATE TABLE pay_terms (
  coop_id     {{int}} NOT NULL,
  contract_id {{int}} NOT NULL,
  from_day    TEXT NOT NULL,
  body        TEXT NOT NULL,
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, contract_id, from_day),
  FOREIGN KEY (coop_id, contract_id) REFERENCES contract (coop_id, id)
) {{clustered}};

-- What a person asks for beside the fixed part, for one month or each month until another.
CREATE TABLE pay_request (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  contract_id {{int}} NOT NULL,
  month       TEXT NOT NULL,      -- 2026-11
  until_month TEXT NOT NULL,      -- the same: for one month
  kind        TEXT NOT NULL,      -- net, gross, cost
  amount      {{int}} NOT NULL,   -- beside the fixed part
  state       TEXT NOT NULL,      -- asked, replaced, withdrawn
  body        TEXT NOT NULL,      -- JSON: what the page showed when it was asked
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, contract_id) REFERENCES contract (coop_id, id)
) {{strict}};
CREATE INDEX pay_request_contract ON pay_request (coop_id, contract_id, month);
CREATE INDEX pay_request_until ON pay_request (coop_id, until_month);

-- What a month brings beside: bonus, transport, meal vouchers, garnishment, an amount that the officer sets in the place of
-- what was asked (override), for one month or each until another.
CREATE TABLE pay_item (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  contract_id {{int}} NOT NULL,
  month       TEXT NOT NULL,
  until_month TEXT NOT NULL,
  element     TEXT NOT NULL,
  amount      {{int}} NOT NULL,
  label       TEXT NOT NULL,
  state       TEXT NOT NULL,      -- "" or dropped
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, contract_id) REFERENCES contract (coop_id, id)
) {{strict}};
CREATE INDEX pay_item_contract ON pay_item (coop_id, contract_id, month);
CREATE INDEX pay_item_until ON pay_item (coop_id, until_month);

-- Days away that pay must know of, with their document (JSON of payroll.Absence).
CREATE TABLE pay_absence (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  contract_id {{int}} NOT NULL,
  from_day    TEXT NOT NULL,
  until_day   TEXT NOT NULL,
  body        TEXT NOT NULL,
  file        TEXT NOT NULL,      -- SHA-256 of the document, empty: none yet
  state       TEXT NOT NULL,      -- "" or dropped
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, contract_id) REFERENCES contract (coop_id, id)
) {{strict}};
CREATE INDEX pay_absence_contract ON pay_absence (coop_id, contract_id, from_day);
CREATE INDEX pay_absence_until ON pay_absence (coop_id, until_day);

-- One payslip of a contract and a month. A draft is computed again as often as one wants; one that is issued never changes,
-- and a correction stands in a later month. Origin: own (this program computed it), software (it came back from a payroll
-- software), estimate (this program's, to be held against the software's), opening (what had been issued elsewhere).
CREATE TABLE payslip (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  contract_id {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,   -- section that bears it
  month       TEXT NOT NULL,
  origin      TEXT NOT NULL,
  state       TEXT NOT NULL,      -- draft, issued
  gross       {{int}} NOT NULL,
  net         {{int}} NOT NULL,   -- before tax
  paid        {{int}} NOT NULL,
  cost        {{int}} NOT NULL,
  body        TEXT NOT NULL,      -- JSON: from what it was computed, the payslip, the year to date after it
  hash        TEXT NOT NULL,      -- SHA-256 of body, once issued
  entry_id    {{int}} NOT NULL,   -- 0: not in the books
  file        TEXT NOT NULL,      -- SHA-256 of the PDF, empty: not filed yet
  transfer_id {{int}} NOT NULL,   -- file of transfers that pays it, 0: none
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  UNIQUE (coop_id, contract_id, month, origin),
  FOREIGN KEY (coop_id, contract_id) REFERENCES contract (coop_id, id)
) {{strict}};
CREATE INDEX payslip_month ON payslip (coop_id, month, person_id);
CREATE INDEX payslip_person ON payslip (coop_id, person_id, month);

-- The month of pay: its state and the moments it went through (JSON).
CREATE TABLE pay_month (
  coop_id    {{int}} NOT NULL,
  month      TEXT NOT NULL,
  state      TEXT NOT NULL,      -- open, locked
  body       TEXT NOT NULL,
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, month)
) {{clustered}};

-- A file of transfers that was made for the bank.
CREATE TABLE pay_transfer (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  month      TEXT NOT NULL,
  day        TEXT NOT NULL,      -- requested execution
  count      {{int}} NOT NULL,
  total      {{int}} NOT NULL,
  file       TEXT NOT NULL,      -- SHA-256
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX pay_transfer_month ON pay_transfer (coop_id, month);

-- +goose Down
DROP TABLE pay_transfer;
DROP TABLE pay_month;
DROP TABLE payslip;
DROP TABLE pay_absence;
DROP TABLE pay_item;
DROP TABLE pay_request;
DROP TABLE pay_terms;
DROP TABLE pay_person;
