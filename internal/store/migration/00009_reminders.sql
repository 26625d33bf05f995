-- What customers who are late were told, invoice by invoice, and what keeps the next word back.

-- +goose Up
CREATE TABLE reminder (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  customer_id {{int}} NOT NULL,
  level       {{int}} NOT NULL,   -- the highest among its invoices; the levels count from 1
  day         TEXT NOT NULL,
  means       TEXT NOT NULL,      -- mail, letter
  recipient   TEXT NOT NULL,      -- mail address, empty for a letter
  title       TEXT NOT NULL,
  word        TEXT NOT NULL,      -- the text as it left
  owed        {{int}} NOT NULL,   -- what was open of its invoices
  interest    {{int}} NOT NULL,   -- claimed, as is the indemnity
  forty       {{int}} NOT NULL,
  mail_id     {{int}} NOT NULL,   -- 0: a letter
  file        TEXT NOT NULL,      -- SHA-256 of the filed letter, once it is laid out
  by_id       {{int}} NOT NULL,
  by_name     TEXT NOT NULL,
  at          {{int}} NOT NULL,
  posted      {{int}} NOT NULL,   -- when a letter was posted; 0: not yet, or a mail
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX reminder_customer ON reminder (coop_id, customer_id, id);
CREATE INDEX reminder_activity ON reminder (coop_id, activity_id, id);
CREATE INDEX reminder_to_post ON reminder (coop_id, id) WHERE means = 'letter' AND posted = 0;

CREATE TABLE reminder_item (
  coop_id     {{int}} NOT NULL,
  reminder_id {{int}} NOT NULL,
  sale_id     {{int}} NOT NULL,
  level       {{int}} NOT NULL,   -- that this invoice reached
  day         TEXT NOT NULL,
  owed        {{int}} NOT NULL,
  interest    {{int}} NOT NULL,
  forty       {{int}} NOT NULL,
  PRIMARY KEY (coop_id, reminder_id, sale_id)
) {{clustered}};
CREATE INDEX reminder_item_sale ON reminder_item (coop_id, sale_id, level, day);

CREATE TABLE pause (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  customer_id {{int}} NOT NULL,
  sale_id     {{int}} NOT NULL,   -- 0: whatever the customer owes
  until       TEXT NOT NULL,      -- the last day without a reminder
  reason      TEXT NOT NULL,      -- dispute, promise, other
  word        TEXT NOT NULL,
  by_id       {{int}} NOT NULL,
  by_name     TEXT NOT NULL,
  at          {{int}} NOT NULL,
  lifted      {{int}} NOT NULL,   -- when it was taken away before its day; 0: it was not
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX pause_customer ON pause (coop_id, customer_id, id);
CREATE INDEX pause_until ON pause (coop_id, until) WHERE lifted = 0;

-- +goose Down
SELECT 1;
