-- The latest time that was decided or applied at (unix seconds), one row: it never goes back.
CREATE TABLE latest_time (
  time INTEGER NOT NULL
);
