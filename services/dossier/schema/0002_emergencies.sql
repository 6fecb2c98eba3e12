-- Emergency access (R20), as the privacy officer's inbox shows it: who opened what for how long, and
-- who reviewed it. Names of the directory, random ids and times; nothing about the family, and no
-- reason: that is sealed in the facts.
CREATE TABLE emergency (
  id TEXT NOT NULL PRIMARY KEY,
  family TEXT NOT NULL,
  -- The pseudonym under which the family's log is kept.
  subject TEXT NOT NULL,
  -- The newest case when it was opened.
  case_id TEXT NOT NULL,
  professional TEXT NOT NULL,
  organisation TEXT NOT NULL,
  function INTEGER NOT NULL,
  meldcode_step INTEGER NOT NULL,
  -- Unix seconds, all four.
  start_time INTEGER NOT NULL,
  end_time INTEGER NOT NULL,
  review_due_time INTEGER NOT NULL,
  -- 0 while it waits for its review.
  review_time INTEGER NOT NULL,
  -- Empty while it waits.
  reviewer TEXT NOT NULL,
  justified INTEGER NOT NULL
);
CREATE INDEX emergency_by_review ON emergency (review_time, start_time);
CREATE INDEX emergency_of_professional ON emergency (professional, start_time);
