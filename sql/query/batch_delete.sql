-- Takes away a batch of which no code ever existed for anyone.
-- $1 id uuid
DELETE FROM batches WHERE id = $1::uuid AND ready_codes = 0;
