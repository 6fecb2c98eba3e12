-- The contents of documents, in rows that are sealed apart (security/crypto/chunked_aead.h). What a
-- document is called and which content is which version stands in its item, sealed.
CREATE TABLE document_content (
  id TEXT NOT NULL PRIMARY KEY,
  family TEXT NOT NULL,
  -- Under whose key the rows are sealed.
  scope TEXT NOT NULL CHECK (length(scope) > 0),
  -- Unix seconds.
  begin_time INTEGER NOT NULL,
  -- 0 while it is being uploaded: nobody sees it, and what is cut off is removed.
  complete INTEGER NOT NULL CHECK (complete IN (0, 1))
);
CREATE INDEX document_content_by_state ON document_content (complete, begin_time);
CREATE INDEX document_content_of_family ON document_content (family);

CREATE TABLE document_row (
  content TEXT NOT NULL,
  -- 0, 1, 2 ...; 256 KiB each, the last one what is left.
  place INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (content, place)
);
