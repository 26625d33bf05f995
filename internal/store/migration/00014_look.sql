-- How the papers of an activity look: name, logo, colour, lines of its own. A change is a new row, so that a paper laid out
-- late still looks as it did on the day it was validated. The logo is a file under its SHA-256.

-- +goose Up
CREATE TABLE look (
  coop_id     {{int}} NOT NULL,
  id          {{int}} NOT NULL,
  activity_id {{int}} NOT NULL,
  at          {{int}} NOT NULL,   -- microseconds UTC
  by_id       {{int}} NOT NULL,
  body        TEXT NOT NULL,      -- JSON of activity.Look
  PRIMARY KEY (coop_id, id)
) {{clustered}};
CREATE INDEX look_activity ON look (coop_id, activity_id, id);

-- +goose Down
SELECT 1;
