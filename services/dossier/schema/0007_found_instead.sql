-- Two records of one family of which one gave way (R1): who looks for a child finds the other. Random ids
-- of families, nothing about them.
CREATE TABLE found_instead (
  family TEXT NOT NULL PRIMARY KEY,
  into_family TEXT NOT NULL
);
CREATE INDEX found_instead_into ON found_instead (into_family);
