-- Facts as access knows them: snapshots, a projection that the units' outboxes can rebuild.
CREATE TABLE family (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  facts BLOB NOT NULL
);
-- Which families a professional or an account may have something to do with.
CREATE TABLE subject_family (
  subject TEXT NOT NULL,
  family TEXT NOT NULL,
  PRIMARY KEY (subject, family)
);
CREATE TABLE professional (
  name TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  revision INTEGER NOT NULL,
  facts BLOB NOT NULL
);
CREATE UNIQUE INDEX professional_login ON professional (login);
CREATE TABLE organisation (
  name TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  facts BLOB NOT NULL
);
CREATE TABLE werkplaats (
  name TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  facts BLOB NOT NULL
);
-- How far each unit's outbox has been applied.
CREATE TABLE applied (
  unit TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (unit, incarnation)
);
