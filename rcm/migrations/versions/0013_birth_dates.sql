-- The search finds patients by their birth dates too.
CREATE INDEX patient_birth_date ON patient (birth_date_index);

-- How often a job is tried is its kind's to say (rcm.jobs); nobody reads what was so when it was promised.
ALTER TABLE job DROP COLUMN attempts_max;
