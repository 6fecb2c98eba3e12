-- What stands open in the items of a family (knooppunt.worklist.v1.OpenItems), one sealed
-- aggregate under the facts key: a worklist reads this row, not every item. The row shows that a
-- family is here, as table family does, and nothing more.
CREATE TABLE open_items (
  family TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  payload BLOB NOT NULL
);
-- What one reader did with the notices of one family (knooppunt.worklist.v1.MarkedNotices), sealed
-- likewise.
CREATE TABLE marked_notices (
  family TEXT NOT NULL,
  -- A seat id or a person id.
  reader TEXT NOT NULL,
  version INTEGER NOT NULL,
  payload BLOB NOT NULL,
  PRIMARY KEY (family, reader)
);
