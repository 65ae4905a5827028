-- The search finds patients by their birth dates too.
CREATE INDEX patient_birth_date ON patient (birth_date_index);
