-- What was undone within its month: the entry and the one that reverses it, in each section they touch. What came in and
-- what went out in a month leave both out.

-- +goose Up
CREATE TABLE undone (
  coop_id    {{int}} NOT NULL,
  section_id {{int}} NOT NULL,
  entry_id   {{int}} NOT NULL,
  year_id    {{int}} NOT NULL,
  PRIMARY KEY (coop_id, section_id, entry_id)
) {{clustered}};

-- A reversal that was itself reversed stays the half of its first pair: along each chain, pairs are taken two by two.
INSERT INTO undone (coop_id, section_id, entry_id, year_id)
WITH RECURSIVE half (coop_id, id, year_id, month, rank) AS (
  SELECT o.coop_id, o.id, o.year_id, substr(o.day, 1, 7), 0 FROM entry o
  WHERE EXISTS (SELECT 1 FROM entry r WHERE r.coop_id = o.coop_id AND r.reverses = o.id AND r.reverses <> 0)
    AND NOT EXISTS (SELECT 1 FROM entry p WHERE p.coop_id = o.coop_id AND p.id = o.reverses AND p.year_id = o.year_id AND substr(p.day, 1, 7) = substr(o.day, 1, 7))
  UNION ALL
  SELECT r.coop_id, r.id, r.year_id, h.month, h.rank + 1 FROM half h
  JOIN entry r ON r.coop_id = h.coop_id AND r.reverses = h.id AND r.reverses <> 0 AND r.year_id = h.year_id AND substr(r.day, 1, 7) = h.month
)
SELECT DISTINCT l.coop_id, l.section_id, l.entry_id, h.year_id FROM half h
JOIN entry_line l ON l.coop_id = h.coop_id AND l.entry_id = h.id
WHERE h.rank % 2 = 1 OR EXISTS (SELECT 1 FROM half n JOIN entry r ON r.coop_id = n.coop_id AND r.id = n.id WHERE n.coop_id = h.coop_id AND r.reverses = h.id AND n.rank = h.rank + 1);

-- +goose Down
DROP TABLE undone;
