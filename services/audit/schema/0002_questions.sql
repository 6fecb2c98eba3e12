-- Questions of a family about its log (R25), with who must answer them and until when. The table that
-- was held neither who asked nor whom: what stood in it could be shown to nobody and answered by nobody.
DROP TABLE question;
CREATE TABLE question (
  id TEXT NOT NULL PRIMARY KEY,
  -- The family's pseudonym, and the index of the record in the log.
  subject TEXT NOT NULL,
  idx INTEGER NOT NULL,
  create_time_ms INTEGER NOT NULL,
  -- "organisations/{id}" that must answer: in the open, for its privacy officer finds it without a
  -- key of any family.
  organisation TEXT NOT NULL,
  -- Last day of the term, ISO.
  due TEXT NOT NULL,
  -- 0 until it is answered.
  answer_time_ms INTEGER NOT NULL,
  -- knooppunt.audit.v1.KeptQuestion, sealed under an audit key of the family; version 1, 2 when answered.
  version INTEGER NOT NULL CHECK (version IN (1, 2)),
  payload BLOB NOT NULL
);
CREATE INDEX question_by_subject ON question (subject, create_time_ms, id);
CREATE INDEX question_by_organisation ON question (organisation, answer_time_ms, due, id);
