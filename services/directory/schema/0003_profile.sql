-- The profile of a werkplaats (R37): the message WerkplaatsProfile, without what the server works
-- out. No facts follow from it: it gives nobody access.
CREATE TABLE profile (
  werkplaats TEXT NOT NULL PRIMARY KEY REFERENCES werkplaats (id),
  version INTEGER NOT NULL CHECK (version > 0),
  record BLOB NOT NULL
);
