-- Forgets all but the last changes of rights: who has not heard of one that is gone hears that it
-- concerned everybody (auth_state).
-- $1 kept bigint epochs
DELETE FROM auth_changes WHERE epoch <= (SELECT epoch FROM auth_state WHERE id = 1) - $1::bigint
