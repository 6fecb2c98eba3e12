-- Sessions that were ended before their tokens: a decision on such a token is refused.
CREATE TABLE ended_session (
  session TEXT PRIMARY KEY,
  forget_time INTEGER NOT NULL
);
CREATE INDEX ended_session_forget_time ON ended_session (forget_time);
