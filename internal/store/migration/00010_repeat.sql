-- What is done again and again: runs over many things at once, subscriptions and their periods, the catalogue of an activity;
-- and what a signature on a link was made of.

-- +goose Up
CREATE TABLE run (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  kind        TEXT NOT NULL,
  activity_id {{int}} NOT NULL,   -- 0: of no activity
  state       TEXT NOT NULL,      -- running, done, cancelled
  total       {{int}} NOT NULL,
  done        {{int}} NOT NULL,
  failed      {{int}} NOT NULL,
  by_id       {{int}} NOT NULL,   -- person, 0: the program
  at          {{int}} NOT NULL,
  changed     {{int}} NOT NULL,
  seen        {{int}} NOT NULL,   -- who started it has read how it ended
  args        TEXT NOT NULL,      -- JSON of the kind
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX run_by ON run (coop_id, by_id, seen, id);

CREATE TABLE run_item (
  coop_id     {{int}} NOT NULL,
  run_id      {{int}} NOT NULL,
  n           {{int}} NOT NULL,   -- from 1, in the order they are done
  subject     TEXT NOT NULL,      -- "sale:12"
  state       TEXT NOT NULL,      -- waiting, done, failed
  message     TEXT NOT NULL,      -- JSON of the refusals, '' when there is none
  PRIMARY KEY (coop_id, run_id, n)
) {{clustered}};
CREATE INDEX run_item_state ON run_item (coop_id, run_id, state, n);

CREATE TABLE subscription (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  customer_id {{int}} NOT NULL,
  state       TEXT NOT NULL,      -- running, paused, ended
  version     {{int}} NOT NULL,
  next        TEXT NOT NULL,      -- first day of the next period, '' once it has ended
  ready       TEXT NOT NULL,      -- day from which its draft is made, '' when none will be
  title       TEXT NOT NULL,
  body        TEXT NOT NULL,      -- JSON of sale.Subscription
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX subscription_activity ON subscription (coop_id, activity_id, id);
CREATE INDEX subscription_ready ON subscription (coop_id, state, ready, id);

CREATE TABLE subscription_period (
  coop_id         {{int}} NOT NULL,
  subscription_id {{int}} NOT NULL,
  start           TEXT NOT NULL,    -- first day of the period: invoiced once and never twice
  sale_id         {{int}} NOT NULL, -- 0: left out
  PRIMARY KEY (coop_id, subscription_id, start)
) {{clustered}};
CREATE INDEX subscription_period_sale ON subscription_period (coop_id, sale_id);

CREATE TABLE product (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  version     {{int}} NOT NULL,
  reference   TEXT NOT NULL,
  label       TEXT NOT NULL,
  archived    {{int}} NOT NULL,
  body        TEXT NOT NULL,      -- JSON of sale.Product
  search      TEXT NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX product_activity ON product (coop_id, activity_id, label, id);
CREATE UNIQUE INDEX product_reference ON product (coop_id, activity_id, reference) WHERE reference <> '';

CREATE TABLE signature (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,    -- also the position in the chain of signatures
  sale_id    {{int}} NOT NULL,
  body       TEXT NOT NULL,       -- JSON of sale.Proof
  hash       {{blob}} NOT NULL,
  chain      {{blob}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{clustered}};
CREATE INDEX signature_sale ON signature (coop_id, sale_id, id);

ALTER TABLE link ADD COLUMN content TEXT NOT NULL DEFAULT '';  -- SHA-256 of what the link was made for; '' before links knew it
ALTER TABLE link ADD COLUMN used {{int}} NOT NULL DEFAULT 0;    -- instant it served to sign
ALTER TABLE link ADD COLUMN revoked {{int}} NOT NULL DEFAULT 0; -- instant it was withdrawn

-- +goose Down
SELECT 1;
