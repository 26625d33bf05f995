-- What goes to a payroll software and comes back from it: the tables that speak to it, the files of variables that were
-- made, the returns that were put before the officer and what became of them.

-- +goose Up
-- A table of the cooperative: each change is a row, the last of a name wins. Without one, that of the program holds.
CREATE TABLE pay_mapping (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  kind       TEXT NOT NULL,      -- variables, results, journal
  name       TEXT NOT NULL,
  body       TEXT NOT NULL,      -- JSON of variables.Mapping or variables.ReturnMapping
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX pay_mapping_name ON pay_mapping (coop_id, kind, name, id);

-- A file of variables that was made (export), or a return (import): staged when it was read and nothing is written,
-- accepted, dropped, undone.
CREATE TABLE pay_exchange (
  coop_id    {{int}} NOT NULL,
  id         {{int}} NOT NULL,
  month      TEXT NOT NULL,
  kind       TEXT NOT NULL,      -- export, import
  state      TEXT NOT NULL,      -- "" of an export
  body       TEXT NOT NULL,      -- JSON of the office: files by their SHA-256, what left, what was accepted
  by_id      {{int}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (coop_id, id)
) {{strict}};
CREATE INDEX pay_exchange_month ON pay_exchange (coop_id, month, kind, id);
CREATE INDEX pay_exchange_state ON pay_exchange (coop_id, kind, state, id);

-- +goose Down
DROP TABLE pay_exchange;
DROP TABLE pay_mapping;
