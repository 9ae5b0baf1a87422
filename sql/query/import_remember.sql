-- Remembers codes that a dry run has seen.
-- $1 job_id uuid
-- $2 codes text[]
-- $3 printed text[]
INSERT INTO import_codes (job_id, code, printed)
SELECT $1::uuid, i.code, i.printed FROM unnest($2::text[], $3::text[]) AS i (code, printed)
ORDER BY i.code;
