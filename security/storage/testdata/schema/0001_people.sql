-- Quotes, brackets, semicolons and backslashes come through as they are: ';' [x] \n "y" )"
CREATE TABLE person (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE DEFAULT 'a;b\n)"'
);
