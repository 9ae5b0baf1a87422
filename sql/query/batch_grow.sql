-- Makes room for more codes in a batch, if it is still as it was decided upon. They exist for nobody
-- before their job raises ready_codes.
-- $1 id uuid
-- $2 version bigint
-- $3 count bigint
UPDATE batches SET total_codes = total_codes + $3::bigint, updated_at = now(), version = version + 1
WHERE id = $1::uuid AND version = $2::bigint AND deleted_at IS NULL
	AND ready_codes = total_codes;
