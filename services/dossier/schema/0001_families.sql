-- The dossier unit. Nothing here names anybody: ids are random, what is about people is sealed
-- under keys that only a decision gives (promise P6), and search tokens are keyed hashes (R3).

-- The facts of a family, one sealed aggregate (knooppunt.access.v1.FamilyFacts).
CREATE TABLE family (
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL,
  -- What a search may show (R3), kept from the facts: names of the directory only.
  open_case INTEGER NOT NULL,
  ask TEXT NOT NULL,
  ask_organisation TEXT NOT NULL,
  facts BLOB NOT NULL
);

-- What was said. Each row is sealed under the key of its scope; without a scope (the label,
-- R38) there is no row.
CREATE TABLE item (
  id TEXT NOT NULL PRIMARY KEY,
  family TEXT NOT NULL,
  -- Empty for what belongs to the family as such.
  case_id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  scope TEXT NOT NULL CHECK (length(scope) > 0),
  version INTEGER NOT NULL,
  -- Place in the family's order of creation: 1, 2, 3 ...
  created INTEGER NOT NULL,
  payload BLOB NOT NULL
);
CREATE UNIQUE INDEX item_in_order ON item (family, created);

-- HMAC of a child's family name and birth date under the region's key, hex.
CREATE TABLE search_token (
  token TEXT NOT NULL,
  family TEXT NOT NULL,
  PRIMARY KEY (token, family)
);
CREATE INDEX search_token_of_family ON search_token (family);
