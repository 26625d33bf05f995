-- Working together: internal invoices between activities, deals that several activities share, and what passed between
-- them. What they do for each other has accounts of its own, apart from the contribution's.

-- +goose Up
CREATE TABLE internal_invoice (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  kind        TEXT NOT NULL,
  sender_id   {{int}} NOT NULL,   -- activity that did the work
  receiver_id {{int}} NOT NULL,   -- activity that it was done for; 0 while a draft has none
  status      TEXT NOT NULL,
  version     {{int}} NOT NULL,
  author_id   {{int}} NOT NULL,
  created     {{int}} NOT NULL,
  sent_at     {{int}} NOT NULL,
  number      TEXT NOT NULL,
  day         TEXT NOT NULL,
  decided_at  {{int}} NOT NULL,
  decided_by  {{int}} NOT NULL,
  silent      {{int}} NOT NULL,
  awaits      {{int}} NOT NULL,   -- customer's invoice whose payment pays this; 0: none
  corrects    {{int}} NOT NULL,
  net         {{int}} NOT NULL,
  paid        {{int}} NOT NULL,
  content     TEXT NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX internal_sender ON internal_invoice (coop_id, sender_id);
CREATE INDEX internal_receiver ON internal_invoice (coop_id, receiver_id);
CREATE INDEX internal_awaits ON internal_invoice (coop_id, awaits) WHERE awaits <> 0;
CREATE INDEX internal_corrects ON internal_invoice (coop_id, corrects) WHERE corrects <> 0;

CREATE TABLE joint_event (
  coop_id  {{int}} NOT NULL,
  thing    TEXT NOT NULL,         -- "internal" or "deal"
  thing_id {{int}} NOT NULL,
  n        {{int}} NOT NULL,
  at       {{int}} NOT NULL,
  by_id    {{int}} NOT NULL,
  by_name  TEXT NOT NULL,
  deed     TEXT NOT NULL,
  comment  TEXT NOT NULL,
  PRIMARY KEY (coop_id, thing, thing_id, n)
) {{clustered}};

CREATE TABLE deal (
  coop_id   {{int}} NOT NULL,
  id        {{int}} NOT NULL,     -- also a second axis of lines
  lead_id   {{int}} NOT NULL,
  status    TEXT NOT NULL,
  version   {{int}} NOT NULL,
  author_id {{int}} NOT NULL,
  created   {{int}} NOT NULL,
  begun     {{int}} NOT NULL,
  title     TEXT NOT NULL,
  body      TEXT NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};

CREATE TABLE deal_member (
  coop_id     {{int}} NOT NULL,
  deal_id     {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,   -- 0: the deal's own axis
  axis        {{int}} NOT NULL,
  PRIMARY KEY (coop_id, deal_id, activity_id)
) {{clustered}};
CREATE UNIQUE INDEX deal_member_axis ON deal_member (coop_id, axis);
CREATE INDEX deal_member_activity ON deal_member (coop_id, activity_id);

-- What a document invoices on each axis, and what was collected of it; axis 0: its lines that are of no deal.
CREATE TABLE sale_axis (
  coop_id   {{int}} NOT NULL,
  sale_id   {{int}} NOT NULL,
  axis      {{int}} NOT NULL,
  corrects  {{int}} NOT NULL,     -- of a credit note
  numbered  {{int}} NOT NULL,
  net       {{int}} NOT NULL,
  collected {{int}} NOT NULL,
  PRIMARY KEY (coop_id, sale_id, axis)
) {{clustered}};
CREATE INDEX sale_axis_axis ON sale_axis (coop_id, axis);
CREATE INDEX sale_axis_corrects ON sale_axis (coop_id, corrects) WHERE corrects <> 0;

-- What an entry of the journal of internal exchanges passed to an activity, and why.
CREATE TABLE joint_part (
  coop_id     {{int}} NOT NULL,
  entry_id    {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,   -- that receives
  from_id     {{int}} NOT NULL,   -- that gives
  internal_id {{int}} NOT NULL,   -- internal invoice, or 0
  deal_id     {{int}} NOT NULL,   -- deal, or 0
  sale_id     {{int}} NOT NULL,   -- customer's invoice that was paid, or 0
  payment_id  {{int}} NOT NULL,
  day         TEXT NOT NULL,
  amount      {{int}} NOT NULL,
  PRIMARY KEY (coop_id, entry_id, activity_id)
) {{clustered}};
CREATE INDEX joint_part_deal ON joint_part (coop_id, deal_id) WHERE deal_id <> 0;
CREATE INDEX joint_part_internal ON joint_part (coop_id, internal_id) WHERE internal_id <> 0;

CREATE INDEX entry_line_axis ON entry_line (coop_id, axis) WHERE axis <> 0;

-- +postgres
ALTER TABLE account NO FORCE ROW LEVEL SECURITY;
-- +end

INSERT INTO account (coop_id, code, label, third)
SELECT a.coop_id, '1862', 'Achats à d’autres activités', '' FROM account a WHERE a.code = '186' AND NOT EXISTS (SELECT 1 FROM account b WHERE b.coop_id = a.coop_id AND b.code = '1862');
INSERT INTO account (coop_id, code, label, third)
SELECT a.coop_id, '1872', 'Ventes à d’autres activités', '' FROM account a WHERE a.code = '187' AND NOT EXISTS (SELECT 1 FROM account b WHERE b.coop_id = a.coop_id AND b.code = '1872');

-- +goose Down
SELECT 1;
