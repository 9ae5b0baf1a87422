-- Takes the room back that a job did not fill.
-- $1 id uuid
-- $2 count bigint
UPDATE batches SET total_codes = total_codes - $2::bigint, updated_at = now(), version = version + 1
WHERE id = $1::uuid AND total_codes - $2::bigint >= ready_codes;
