-- Entries that bring a section no money, or less than their lines say. undone = 1: an entry and the one that reverses it
-- within the month; undone = 0: one that moves money between the section's own accounts of class 5 and 181. What came in
-- and what went out count the first not at all and the others net.

-- +goose Up
CREATE TABLE netted (
  coop_id    {{int}} NOT NULL,
  section_id {{int}} NOT NULL,
  entry_id   {{int}} NOT NULL,
  year_id    {{int}} NOT NULL,
  undone     {{int}} NOT NULL,
  PRIMARY KEY (coop_id, section_id, entry_id, undone)
) {{clustered}};

-- +postgres
-- The owner of the tables is held by their policies too; what follows this migration puts them back.
ALTER TABLE entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE entry_line NO FORCE ROW LEVEL SECURITY;
-- +end

-- A reversal that was itself reversed stays the half of its first pair: along each chain, pairs are taken two by two.
INSERT INTO netted (coop_id, section_id, entry_id, year_id, undone)
WITH RECURSIVE half (coop_id, id, year_id, month, rank) AS (
  SELECT o.coop_id, o.id, o.year_id, substr(o.day, 1, 7), 0 FROM entry o
  WHERE EXISTS (SELECT 1 FROM entry r WHERE r.coop_id = o.coop_id AND r.reverses = o.id AND r.reverses <> 0)
    AND NOT EXISTS (SELECT 1 FROM entry p WHERE p.coop_id = o.coop_id AND p.id = o.reverses AND p.year_id = o.year_id AND substr(p.day, 1, 7) = substr(o.day, 1, 7))
  UNION ALL
  SELECT r.coop_id, r.id, r.year_id, h.month, h.rank + 1 FROM half h
  JOIN entry r ON r.coop_id = h.coop_id AND r.reverses = h.id AND r.reverses <> 0 AND r.year_id = h.year_id AND substr(r.day, 1, 7) = h.month
)
SELECT DISTINCT l.coop_id, l.section_id, l.entry_id, h.year_id, 1 FROM half h
JOIN entry_line l ON l.coop_id = h.coop_id AND l.entry_id = h.id
WHERE h.rank % 2 = 1 OR EXISTS (SELECT 1 FROM half n JOIN entry r ON r.coop_id = n.coop_id AND r.id = n.id WHERE n.coop_id = h.coop_id AND r.reverses = h.id AND n.rank = h.rank + 1);

INSERT INTO netted (coop_id, section_id, entry_id, year_id, undone)
SELECT l.coop_id, l.section_id, l.entry_id, e.year_id, 0 FROM entry_line l JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id
WHERE l.section_id >= 10 AND (l.account LIKE '5%' OR l.account LIKE '181%')
GROUP BY l.coop_id, l.section_id, l.entry_id, e.year_id HAVING MIN(l.amount) < 0 AND MAX(l.amount) > 0;

-- +goose Down
DROP TABLE netted;
