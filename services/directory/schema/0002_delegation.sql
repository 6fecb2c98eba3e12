-- Follows the mandates in professional.record: who holds one that was delegated, by the id of
-- the mandate that it comes from, so that the end of the one is the end of the other (R6).
CREATE TABLE delegation (
  source TEXT NOT NULL,
  professional TEXT NOT NULL REFERENCES professional (id),
  PRIMARY KEY (source, professional)
);
CREATE INDEX delegation_by_professional ON delegation (professional);
