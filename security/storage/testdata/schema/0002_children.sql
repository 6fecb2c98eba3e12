CREATE TABLE child (
  id INTEGER NOT NULL PRIMARY KEY,
  parent INTEGER NOT NULL REFERENCES person (id)
);
CREATE INDEX child_parent ON child (parent);
