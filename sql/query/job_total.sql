-- Notes how much there is to do, where that was not known when the job was queued.
-- $1 id uuid
-- $2 fence bigint
-- $3 total bigint
UPDATE jobs SET total = $3::bigint WHERE id = $1::uuid AND fence = $2::bigint;
