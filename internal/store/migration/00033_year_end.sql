-- The end of a fiscal year: what each person chooses for their part of an activity's result, and what was booked for it.

-- +goose Up
-- Asking for choices: until when they may be given and changed.
CREATE TABLE year_end (
  coop_id  {{int}} NOT NULL,
  year_id  {{int}} NOT NULL,
  deadline TEXT NOT NULL,      -- last day to answer
  by_id    {{int}} NOT NULL,
  at       {{int}} NOT NULL,
  PRIMARY KEY (coop_id, year_id)
) {{clustered}};

-- What a person chose, or what silence meant. A row never changes but for its state: another choice is another row.
CREATE TABLE year_choice (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  year_id     {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  state       TEXT NOT NULL,    -- signed, silent, replaced
  balance     {{int}} NOT NULL,
  body        TEXT NOT NULL,    -- JSON: who, when, what was shown, what was chosen
  hash        TEXT NOT NULL,    -- SHA-256 of body
  by_id       {{int}} NOT NULL, -- 0: nobody answered
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, activity_id) REFERENCES activity (coop_id, id),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id)
) {{strict}};
CREATE INDEX year_choice_year ON year_choice (coop_id, year_id, activity_id, person_id);

-- What entries of the year end took of a person's part. What is set aside of a CAPE is released by rows of its own, in a
-- later year (kind: released; amount below zero).
CREATE TABLE year_entry (
  coop_id     {{int}} NOT NULL,
  entry_id    {{int}} NOT NULL,
  n           {{int}} NOT NULL, -- of the sum within its entry
  year_id     {{int}} NOT NULL, -- the year that closes
  activity_id {{int}} NOT NULL,
  person_id   {{int}} NOT NULL,
  kind        TEXT NOT NULL,    -- variable, leave, provision, transfer, cape, released
  to_id       {{int}} NOT NULL, -- transfer: the activity
  amount      {{int}} NOT NULL, -- taken of the result
  charges     {{int}} NOT NULL, -- of which contributions
  by_id       {{int}} NOT NULL,
  at          {{int}} NOT NULL,
  PRIMARY KEY (coop_id, entry_id, n)
) {{clustered}};
CREATE INDEX year_entry_year ON year_entry (coop_id, year_id, activity_id, person_id);

-- +goose Down
DROP TABLE year_entry;
DROP TABLE year_choice;
DROP TABLE year_end;
