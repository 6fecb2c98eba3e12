-- What a search and the finding of doubles compare (R3): HMACs under the region's key, hex. The person
-- is a random id: by it the tokens of a name that was wrong are taken away. Families from before have
-- only search_token; theirs are made when their names are next written.
CREATE TABLE person_token (
  token TEXT NOT NULL,
  family TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (token, family, person)
);
CREATE INDEX person_token_of_person ON person_token (family, person);

-- HMAC of a citizen service number under the region's key, hex. The number itself is nowhere.
CREATE TABLE bsn_token (
  family TEXT NOT NULL,
  person TEXT NOT NULL,
  token TEXT NOT NULL,
  PRIMARY KEY (family, person)
);
CREATE INDEX bsn_token_by_token ON bsn_token (token);
