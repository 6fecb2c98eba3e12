-- Who works where. A row holds the message of knooppunt.directory.v1 by that name;
-- `revision` grows with every change and is the revision of the facts that access was
-- sent. No family stands here, so nothing is sealed a second time.
CREATE TABLE organisation (
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL CHECK (revision > 0),
  record BLOB NOT NULL
);
CREATE TABLE werkplaats (
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL CHECK (revision > 0),
  record BLOB NOT NULL
);
CREATE TABLE professional (
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL CHECK (revision > 0),
  record BLOB NOT NULL
);
-- Follows the functions in professional.record: until when somebody works there, the
-- latest end of all terms, '9999-12-31' when one is open.
CREATE TABLE employment (
  organisation TEXT NOT NULL,
  professional TEXT NOT NULL REFERENCES professional (id),
  until TEXT NOT NULL,
  PRIMARY KEY (organisation, professional)
);
CREATE INDEX employment_by_professional ON employment (professional);
