-- Facts of a family are applied by taking away under whom it was found and writing under whom it is
-- found now. Without this each of them looks through the whole table, while a withdrawal waits (P3).
CREATE INDEX subject_family_by_family ON subject_family (family);
