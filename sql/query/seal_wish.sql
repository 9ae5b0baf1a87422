-- Up to which seal the owner of the database wants rows to be dropped; 0: nothing.
-- -> count
SELECT coalesce((SELECT drop_to FROM audit_sealer WHERE id = 1), 0) AS count
