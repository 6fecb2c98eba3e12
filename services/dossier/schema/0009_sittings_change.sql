-- A sitting that was moved or cancelled: a knooppunt.meetings.v1.SittingState and ChangeReason.
ALTER TABLE sitting ADD COLUMN state INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sitting ADD COLUMN change_reason INTEGER NOT NULL DEFAULT 0;
