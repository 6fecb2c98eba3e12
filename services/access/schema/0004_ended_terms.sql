-- Functions of professionals that ended or are to end: by them an organisation finds the cases that it
-- holds by function, because nobody who was named is left (R1, R37).
CREATE TABLE ended_term (
  professional TEXT NOT NULL,
  organisation TEXT NOT NULL,
  -- First day on which it no longer holds, ISO.
  end_date TEXT NOT NULL,
  PRIMARY KEY (organisation, end_date, professional)
);
CREATE INDEX ended_term_of_professional ON ended_term (professional);
