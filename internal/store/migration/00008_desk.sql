-- The reading desk: what waits in the order it came, what was answered, who stands in for whom, what is read afterwards.

-- +goose Up

-- What waits for a reader, the oldest first: a page of it, and how many there are since when.
CREATE INDEX sale_desk ON sale (coop_id, submitted_at, id, kind, activity_id, author_id) WHERE status = 'submitted';

-- The answers of readers, the latest first: the usual delay is told from them.
CREATE INDEX sale_event_answer ON sale_event (coop_id, at, sale_id, n) WHERE deed IN ('validate', 'return');

CREATE TABLE absence (
  coop_id       {{int}} NOT NULL,
  id            {{int}} NOT NULL,
  person_id     {{int}} NOT NULL,
  substitute_id {{int}} NOT NULL,
  from_day      TEXT NOT NULL,
  until_day     TEXT NOT NULL,
  by_id         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id),
  FOREIGN KEY (coop_id, person_id) REFERENCES person (coop_id, id),
  FOREIGN KEY (coop_id, substitute_id) REFERENCES person (coop_id, id)
) {{strict}};

-- Documents that left alone and were picked to be read afterwards; verdict '' until someone has.
CREATE TABLE review (
  coop_id    {{int}} NOT NULL,
  sale_id    {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  author_id  {{int}} NOT NULL,
  picked     {{int}} NOT NULL,   -- instant
  verdict    TEXT NOT NULL,      -- '', fine, remark, credit
  remark     TEXT NOT NULL,
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, sale_id),
  FOREIGN KEY (coop_id, sale_id) REFERENCES sale (coop_id, id)
) {{clustered}};
CREATE INDEX review_waiting ON review (coop_id, verdict, picked, sale_id);

-- +goose Down
SELECT 1;
