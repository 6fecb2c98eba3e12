-- The log. Leaves are immutable and numbered from 0 without gap; `leaf` is hashed into the
-- tree and holds hashes only, `payload` is the sealed record beside it (NULL for facts and
-- stream records, or once destroyed).
CREATE TABLE stream (
  id INTEGER NOT NULL PRIMARY KEY,
  unit TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),
  chain BLOB NOT NULL,
  UNIQUE (unit, incarnation)
);
CREATE TABLE leaf (
  idx INTEGER NOT NULL PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES stream (id),
  seq INTEGER NOT NULL,
  leaf BLOB NOT NULL,
  payload BLOB,
  UNIQUE (stream, seq)
);
-- Complete nodes of the Merkle tree: level 0 is the leaves' hashes.
CREATE TABLE node (
  level INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, idx)
);
-- Which records are a family's, by pseudonym. Mutable: destroyed with the records' keys.
CREATE TABLE record_index (
  tag TEXT NOT NULL,
  idx INTEGER NOT NULL REFERENCES leaf (idx),
  PRIMARY KEY (tag, idx)
);
-- The newest checkpoint, one row, with the cosignatures at hand.
CREATE TABLE checkpoint (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  note TEXT NOT NULL
);
-- The last size that each witness is known to have cosigned.
CREATE TABLE witness (
  name TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL
);
-- Questions of a family about its log (R25); `text` is sealed under the family's facts key.
CREATE TABLE question (
  id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  idx INTEGER NOT NULL,
  create_time_ms INTEGER NOT NULL,
  text BLOB NOT NULL,
  answered INTEGER NOT NULL CHECK (answered IN (0, 1))
);
CREATE INDEX question_by_subject ON question (subject);
