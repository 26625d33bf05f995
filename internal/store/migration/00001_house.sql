-- The first tables. Words in double braces are the few that differ between engines (see dialect.go): {{int}} a 64-bit
-- integer, {{blob}} bytes, {{strict}} and {{clustered}} the table options of SQLite. Days are ISO text, instants are
-- microseconds UTC, amounts are cents. "No such thing" is 0 or '', never NULL in a key.

-- +goose Up

-- Global tables: few and listed (globals in schema_test.go).

CREATE TABLE cooperative (
  id         {{int}} NOT NULL PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  body       TEXT NOT NULL          -- JSON of coop.Cooperative
) {{strict}};

CREATE TABLE login (
  id         {{int}} NOT NULL PRIMARY KEY,
  email      TEXT NOT NULL UNIQUE,  -- lower case
  password   TEXT NOT NULL,         -- argon2id, '' when none
  totp       TEXT NOT NULL,         -- secret, '' when none
  totp_on    {{int}} NOT NULL,      -- instant it was confirmed, 0 when not
  totp_step  {{int}} NOT NULL,      -- last step accepted: a code serves once
  handle     {{blob}} NOT NULL,     -- user handle of passkeys
  lang       TEXT NOT NULL,
  disabled   {{int}} NOT NULL,
  created    {{int}} NOT NULL
) {{strict}};

CREATE TABLE credential (
  id         {{blob}} NOT NULL PRIMARY KEY, -- id of the passkey
  login_id   {{int}} NOT NULL REFERENCES login (id),
  name       TEXT NOT NULL,
  body       TEXT NOT NULL,         -- JSON of the public credential
  created    {{int}} NOT NULL,
  used       {{int}} NOT NULL
) {{strict}};
CREATE INDEX credential_login ON credential (login_id);

CREATE TABLE session (
  token      {{blob}} NOT NULL PRIMARY KEY, -- SHA-256 of the cookie's token
  login_id   {{int}} NOT NULL,              -- 0 before sign-in
  data       {{blob}} NOT NULL,
  created    {{int}} NOT NULL,
  seen       {{int}} NOT NULL,
  expires    {{int}} NOT NULL,
  agent      TEXT NOT NULL,
  address    TEXT NOT NULL
) {{strict}};
CREATE INDEX session_login ON session (login_id);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE token (
  hash       {{blob}} NOT NULL PRIMARY KEY, -- SHA-256 of the API token or of the reset link
  kind       TEXT NOT NULL,                 -- api, reset, invite
  login_id   {{int}} NOT NULL REFERENCES login (id),
  coop       {{int}} NOT NULL,              -- cooperative of an API token, 0 otherwise
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,                 -- space separated
  created    {{int}} NOT NULL,
  used       {{int}} NOT NULL,
  expires    {{int}} NOT NULL
) {{strict}};
CREATE INDEX token_login ON token (login_id);

CREATE TABLE attempt (
  subject    TEXT NOT NULL PRIMARY KEY,     -- "login:…" or "address:…"
  failures   {{int}} NOT NULL,
  since      {{int}} NOT NULL,
  until      {{int}} NOT NULL               -- no try before this instant
) {{strict}};

CREATE TABLE secret (
  name       TEXT NOT NULL PRIMARY KEY,
  value      {{blob}} NOT NULL
) {{strict}};

-- Tables of a cooperative: coop_id first in every key.

CREATE TABLE counter (
  coop_id    {{int}} NOT NULL,
  name       TEXT NOT NULL,
  next       {{int}} NOT NULL,
  PRIMARY KEY (coop_id, name)
) {{clustered}};

CREATE TABLE series (
  coop_id    {{int}} NOT NULL,
  name       TEXT NOT NULL,   -- "entry/VE/2", "invoice/2026"
  last       {{int}} NOT NULL,
  day        TEXT NOT NULL,   -- day of the last number: numbers follow the days
  PRIMARY KEY (coop_id, name)
) {{clustered}};

CREATE TABLE chain (
  coop_id    {{int}} NOT NULL,
  name       TEXT NOT NULL,   -- "entry", "payment"
  seq        {{int}} NOT NULL,
  head       {{blob}} NOT NULL,
  PRIMARY KEY (coop_id, name)
) {{clustered}};

CREATE TABLE person (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  login_id   {{int}} NOT NULL,
  first_name TEXT NOT NULL,
  last_name  TEXT NOT NULL,
  email      TEXT NOT NULL,
  phone      TEXT NOT NULL,
  lang       TEXT NOT NULL,
  left_on    TEXT NOT NULL,
  search     TEXT NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX person_login ON person (login_id);

CREATE TABLE role_grant (
  coop_id    {{int}} NOT NULL,
  person_id  {{int}} NOT NULL,
  n          {{int}} NOT NULL,
  role       TEXT NOT NULL,
  from_day   TEXT NOT NULL,
  until_day  TEXT NOT NULL,
  year_id    {{int}} NOT NULL,
  PRIMARY KEY (coop_id, person_id, n),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id)
) {{clustered}};

CREATE TABLE contract (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  person_id  {{int}} NOT NULL,
  kind       TEXT NOT NULL,
  start_day  TEXT NOT NULL,
  end_day    TEXT NOT NULL,
  term       {{int}} NOT NULL,
  fixed_cost {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,  -- activity that bears the fixed part, 0: the person's only one
  associate  {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id)
) {{strict}};
CREATE INDEX contract_person ON contract (coop_id, person_id);

CREATE TABLE rule (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  kind       TEXT NOT NULL,
  name       TEXT NOT NULL,
  from_day   TEXT NOT NULL,
  value      TEXT NOT NULL,
  decision   TEXT NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};

CREATE TABLE section (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  PRIMARY KEY (coop_id, id),
  UNIQUE (coop_id, code)
) {{strict}};

CREATE TABLE activity (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  opened     TEXT NOT NULL,
  closed     TEXT NOT NULL,
  advisor_id {{int}} NOT NULL,
  policy_id  {{int}} NOT NULL,
  reserve    {{int}} NOT NULL,
  reserve_on TEXT NOT NULL,
  body       TEXT NOT NULL,   -- JSON: trade, email, phone, natures, tax, gross, insurance
  search     TEXT NOT NULL,
  PRIMARY KEY (coop_id, id),
  UNIQUE (coop_id, code),
  FOREIGN KEY (coop_id, id) REFERENCES section (coop_id, id)
) {{strict}};

CREATE TABLE activity_share (
  coop_id     {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  n           {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  from_day    TEXT NOT NULL,
  until_day   TEXT NOT NULL,
  parts       {{int}} NOT NULL,
  PRIMARY KEY (coop_id, activity_id, n),
  FOREIGN KEY (coop_id, activity_id) REFERENCES activity (coop_id, id),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id)
) {{clustered}};

CREATE TABLE account (
  coop_id    {{int}} NOT NULL,
  code       TEXT NOT NULL,
  label      TEXT NOT NULL,
  third      TEXT NOT NULL,
  PRIMARY KEY (coop_id, code)
) {{clustered}};

CREATE TABLE journal (
  coop_id    {{int}} NOT NULL,
  code       TEXT NOT NULL,
  label      TEXT NOT NULL,
  PRIMARY KEY (coop_id, code)
) {{clustered}};

CREATE TABLE fiscal_year (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  start_day  TEXT NOT NULL,
  end_day    TEXT NOT NULL,
  closed_to  {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  UNIQUE (coop_id, start_day)
) {{strict}};

CREATE TABLE third (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  kind       TEXT NOT NULL,
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  person_id  {{int}} NOT NULL,    -- whose account it is, of a worker; 0: of nobody of the house
  search     TEXT NOT NULL,
  PRIMARY KEY (coop_id, id),
  UNIQUE (coop_id, code)
) {{strict}};
CREATE UNIQUE INDEX third_person ON third (coop_id, person_id) WHERE person_id <> 0;

CREATE TABLE entry (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL, -- also the position in the chain
  journal    TEXT NOT NULL,
  year_id    {{int}} NOT NULL,
  number     {{int}} NOT NULL,
  day        TEXT NOT NULL,
  doc_day    TEXT NOT NULL,
  ref        TEXT NOT NULL,
  label      TEXT NOT NULL,
  document   TEXT NOT NULL,
  reverses   {{int}} NOT NULL,
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  valid_day  TEXT NOT NULL,
  hash       {{blob}} NOT NULL,
  chain      {{blob}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  UNIQUE (coop_id, year_id, journal, number)
) {{clustered}};

CREATE UNIQUE INDEX entry_reverses ON entry (coop_id, reverses) WHERE reverses <> 0; -- an entry is reversed once

CREATE TABLE entry_line (
  coop_id       {{int}} NOT NULL,
  entry_id      {{int}} NOT NULL,
  n             {{int}} NOT NULL,
  account       TEXT NOT NULL,
  section_id    {{int}} NOT NULL,
  day           TEXT NOT NULL,   -- of the entry: the index below serves every page that lists lines
  third_id      {{int}} NOT NULL,
  axis          {{int}} NOT NULL,
  tax           TEXT NOT NULL,
  due           TEXT NOT NULL,
  amount        {{int}} NOT NULL, -- debit positive, credit negative
  currency      TEXT NOT NULL,
  foreign_minor {{int}} NOT NULL,
  label         TEXT NOT NULL,    -- '' when it is the entry's
  document      TEXT NOT NULL,    -- '' when it is the entry's
  settles_entry {{int}} NOT NULL,
  settles_n     {{int}} NOT NULL,
  added         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, entry_id, n)
) {{clustered}};
CREATE INDEX entry_line_section ON entry_line (coop_id, section_id, account, day);

CREATE TABLE balance (
  coop_id    {{int}} NOT NULL,
  section_id {{int}} NOT NULL,  -- 0: the house, all sections
  year_id    {{int}} NOT NULL,
  account    TEXT NOT NULL,
  period     {{int}} NOT NULL,  -- 0: carried over
  debit      {{int}} NOT NULL,
  credit     {{int}} NOT NULL,
  PRIMARY KEY (coop_id, section_id, year_id, account, period)
) {{clustered}};

CREATE TABLE open_item (
  coop_id    {{int}} NOT NULL,
  entry_id   {{int}} NOT NULL,
  n          {{int}} NOT NULL,
  account    TEXT NOT NULL,
  section_id {{int}} NOT NULL,
  third_id   {{int}} NOT NULL,
  day        TEXT NOT NULL,
  due        TEXT NOT NULL,
  amount     {{int}} NOT NULL,
  remaining  {{int}} NOT NULL,
  ref        TEXT NOT NULL,
  label      TEXT NOT NULL,
  document   TEXT NOT NULL,
  PRIMARY KEY (coop_id, entry_id, n)
) {{clustered}};
CREATE INDEX open_item_open ON open_item (coop_id, section_id, account) WHERE remaining <> 0;
CREATE INDEX open_item_third ON open_item (coop_id, third_id) WHERE remaining <> 0;

CREATE TABLE company (
  coop_id    {{int}} NOT NULL,
  siren      TEXT NOT NULL,
  name       TEXT NOT NULL,
  body       TEXT NOT NULL,   -- JSON: address, VAT number, siret
  search     TEXT NOT NULL,
  PRIMARY KEY (coop_id, siren)
) {{strict}};

CREATE TABLE customer (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  third_id    {{int}} NOT NULL,
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  siren       TEXT NOT NULL,
  archived    {{int}} NOT NULL,
  body        TEXT NOT NULL,  -- JSON of sale.Customer
  search      TEXT NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, activity_id) REFERENCES activity (coop_id, id)
) {{strict}};
CREATE INDEX customer_activity ON customer (coop_id, activity_id, name);

CREATE TABLE sale (
  coop_id      {{int}} NOT NULL,
  id           {{int}} NOT NULL,
  kind         TEXT NOT NULL,
  activity_id  {{int}} NOT NULL,
  customer_id  {{int}} NOT NULL,   -- 0 while a draft has none
  status       TEXT NOT NULL,
  version      {{int}} NOT NULL,
  author_id    {{int}} NOT NULL,
  created      {{int}} NOT NULL,
  submitted_at {{int}} NOT NULL,
  opened_by    {{int}} NOT NULL,
  read_rule    TEXT NOT NULL,
  validated_by {{int}} NOT NULL,
  validated_at {{int}} NOT NULL,
  number       TEXT NOT NULL,
  day          TEXT NOT NULL,
  due          TEXT NOT NULL,
  sent_at      {{int}} NOT NULL,
  origin       {{int}} NOT NULL,
  corrects     {{int}} NOT NULL,
  entry_id     {{int}} NOT NULL,
  title        TEXT NOT NULL,
  buyer        TEXT NOT NULL,      -- name of the customer as it stands on the document
  net          {{int}} NOT NULL,
  vat          {{int}} NOT NULL,
  gross        {{int}} NOT NULL,
  paid         {{int}} NOT NULL,
  credited     {{int}} NOT NULL,
  file         TEXT NOT NULL,
  content      TEXT NOT NULL,      -- JSON of sale.Content
  totals       TEXT NOT NULL,      -- JSON of sale.Totals
  settled      TEXT NOT NULL,      -- JSON of sale.Settled
  signed       TEXT NOT NULL,      -- JSON of sale.Signature
  search       TEXT NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, activity_id) REFERENCES activity (coop_id, id)
) {{strict}};
CREATE INDEX sale_activity ON sale (coop_id, activity_id, kind, id);
CREATE INDEX sale_kind ON sale (coop_id, kind, status, id);
CREATE UNIQUE INDEX sale_number ON sale (coop_id, kind, number) WHERE number <> '';
CREATE INDEX sale_open ON sale (coop_id, activity_id, due) WHERE kind = 'invoice' AND number <> '' AND paid + credited < gross;

CREATE TABLE sale_event (
  coop_id    {{int}} NOT NULL,
  sale_id    {{int}} NOT NULL,
  n          {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  by_id      {{int}} NOT NULL,
  by_name    TEXT NOT NULL,
  deed       TEXT NOT NULL,
  comment    TEXT NOT NULL,
  line       {{int}} NOT NULL,   -- line the comment is on, from 1; 0: the whole
  PRIMARY KEY (coop_id, sale_id, n),
  FOREIGN KEY (coop_id, sale_id) REFERENCES sale (coop_id, id)
) {{clustered}};

CREATE TABLE link (
  coop_id    {{int}} NOT NULL,
  hash       {{blob}} NOT NULL,  -- SHA-256 of the random reference in the address
  sale_id    {{int}} NOT NULL,
  expires    TEXT NOT NULL,
  PRIMARY KEY (coop_id, hash),
  FOREIGN KEY (coop_id, sale_id) REFERENCES sale (coop_id, id)
) {{strict}};

CREATE TABLE payment (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,  -- also the position in the chain of payments
  day         TEXT NOT NULL,
  amount      {{int}} NOT NULL,
  means       TEXT NOT NULL,
  reference   TEXT NOT NULL,
  customer_id {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  excess      {{int}} NOT NULL,
  entry_id    {{int}} NOT NULL,
  reverses    {{int}} NOT NULL,  -- id of the payment this record reverses, 0 otherwise
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  hash        {{blob}} NOT NULL,
  chain       {{blob}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX payment_activity ON payment (coop_id, activity_id, id);
CREATE UNIQUE INDEX payment_reverses ON payment (coop_id, reverses) WHERE reverses <> 0;

CREATE TABLE allocation (
  coop_id    {{int}} NOT NULL,
  payment_id {{int}} NOT NULL,
  sale_id    {{int}} NOT NULL,
  amount     {{int}} NOT NULL,
  PRIMARY KEY (coop_id, payment_id, sale_id)
) {{clustered}};
CREATE INDEX allocation_sale ON allocation (coop_id, sale_id);

CREATE TABLE collected (
  coop_id     {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  year_id     {{int}} NOT NULL,
  period      {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  day         TEXT NOT NULL,
  sale_id     {{int}} NOT NULL,
  payment_id  {{int}} NOT NULL,  -- 0: a credit note changed the share
  nature      TEXT NOT NULL,
  net         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, activity_id, year_id, period, id)
) {{clustered}};

CREATE TABLE turnover (
  coop_id     {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  year_id     {{int}} NOT NULL,
  nature      TEXT NOT NULL,
  period      {{int}} NOT NULL,
  invoiced    {{int}} NOT NULL,
  collected   {{int}} NOT NULL,
  PRIMARY KEY (coop_id, activity_id, year_id, nature, period)
) {{clustered}};

CREATE TABLE file (
  coop_id    {{int}} NOT NULL,
  sha256     TEXT NOT NULL,
  name       TEXT NOT NULL,
  media      TEXT NOT NULL,
  size       {{int}} NOT NULL,
  created    {{int}} NOT NULL,
  PRIMARY KEY (coop_id, sha256)
) {{clustered}};

CREATE TABLE mail (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  sale_id    {{int}} NOT NULL,
  recipient  TEXT NOT NULL,
  subject    TEXT NOT NULL,
  word       TEXT NOT NULL,     -- what the sender put before the usual text
  message_id TEXT NOT NULL,
  state      TEXT NOT NULL,     -- queued, handed over, doubtful, failed
  error      TEXT NOT NULL,
  created    {{int}} NOT NULL,
  changed    {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX mail_sale ON mail (coop_id, sale_id);

CREATE TABLE job (
  coop_id      {{int}} NOT NULL,
  id           {{int}} NOT NULL,
  kind         TEXT NOT NULL,
  args         TEXT NOT NULL,
  state        TEXT NOT NULL,   -- waiting, running, done, failed
  run_at       {{int}} NOT NULL,
  attempt      {{int}} NOT NULL,
  locked_until {{int}} NOT NULL,
  error        TEXT NOT NULL,
  created      {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX job_waiting ON job (coop_id, run_at) WHERE state <> 'done';

CREATE TABLE audit (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  by_id      {{int}} NOT NULL,
  action     TEXT NOT NULL,
  subject    TEXT NOT NULL,     -- "invoice:12"
  detail     TEXT NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{clustered}};

CREATE TABLE idempotency (
  coop_id    {{int}} NOT NULL,
  key        TEXT NOT NULL,     -- person and key
  at         {{int}} NOT NULL,
  request    {{blob}} NOT NULL, -- SHA-256 of the request: the same key with another content is refused
  result     TEXT NOT NULL,
  PRIMARY KEY (coop_id, key)
) {{clustered}};

CREATE TABLE stamp (
  coop_id    {{int}} NOT NULL,
  name       TEXT NOT NULL,     -- "settings", "sale", "written"
  n          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, name)
) {{clustered}};

-- +goose Down
SELECT 1;
