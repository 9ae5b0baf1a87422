-- Takes the place of the one who restores on behalf of the database with this number, as long as the session
-- lasts; not if somebody else has it. In the same database of the server, whoever asks.
-- $1 oid bigint
-- -> truth
SELECT pg_try_advisory_lock((x'70726f6d'::bigint << 32) | $1::bigint) AS yes
