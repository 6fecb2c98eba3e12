-- What is kept beside the meetings of a family (knooppunt.meetings.v1.KeptMeetings): when and where,
-- who is invited and what they answered, the order of the agenda; one sealed aggregate under the
-- facts key. No words about anybody: those are items, under their labels (R38).
CREATE TABLE kept_meetings (
  family TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  payload BLOB NOT NULL
);
-- Sittings of a werkplaats: a day, a time and a place, about nobody. Which cases one holds stands
-- with each family, sealed.
CREATE TABLE sitting (
  id TEXT NOT NULL PRIMARY KEY,
  -- "werkplaatsen/{id}", and the organisation that ran it when it was planned.
  werkplaats TEXT NOT NULL,
  organisation TEXT NOT NULL,
  -- ISO, and "09:00".
  day TEXT NOT NULL,
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  place TEXT NOT NULL
);
CREATE INDEX sitting_by_day ON sitting (werkplaats, day, begins, id);
