-- The keyring: one row a data key. `name` is an HMAC, `wrapped` is sealed under the root.
CREATE TABLE data_key (
  name BLOB PRIMARY KEY,
  wrapped BLOB NOT NULL
);
