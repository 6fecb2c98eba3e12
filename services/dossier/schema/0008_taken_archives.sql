-- Archives of other installations that were taken in (R1): once each, and of one case over there one that runs or
-- was accepted. Hashes and random ids, nothing about the family.
CREATE TABLE taken_archive (
  archive TEXT NOT NULL PRIMARY KEY,
  sent_case TEXT NOT NULL,
  family TEXT NOT NULL,
  returned INTEGER NOT NULL
);
CREATE UNIQUE INDEX taken_archive_case ON taken_archive (sent_case) WHERE returned = 0;
