-- Locks a webhook that is to be deleted: who tells of an event meanwhile waits, and finds it gone.
-- $1 id uuid
-- -> id
SELECT id FROM webhooks WHERE id = $1::uuid FOR UPDATE
