-- What people attach to a document, an activity, a customer: a photo, a certificate, an agreement. What was attached is
-- hidden when it is taken off and never lost; its content is a file under its SHA-256.

-- +goose Up
CREATE TABLE attachment (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  subject    TEXT NOT NULL,      -- what it is attached to: "sale:12", "activity:7"
  kind       TEXT NOT NULL,      -- "photo", "certificate", "agreement"…
  file_sha   TEXT NOT NULL,
  thumb_sha  TEXT NOT NULL,      -- a small picture of it, '' when there is none
  name       TEXT NOT NULL,
  media      TEXT NOT NULL,
  size       {{int}} NOT NULL,   -- bytes
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  removed_at {{int}} NOT NULL,   -- 0: still shown
  removed_by {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{clustered}};
CREATE INDEX attachment_subject ON attachment (coop_id, subject, id);

-- +goose Down
SELECT 1;
