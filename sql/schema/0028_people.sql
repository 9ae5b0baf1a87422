-- Who was deleted stays as a row that history points at, without anything personal. Roles that people
-- make rank below the super-admin's.
ALTER TABLE users ADD COLUMN deleted_at timestamptz;
ALTER TABLE users DROP CONSTRAINT users_identifier_check;
ALTER TABLE users ADD CONSTRAINT users_identifier_check
	CHECK (email IS NOT NULL OR phone_number IS NOT NULL OR deleted_at IS NOT NULL);
ALTER TABLE roles ADD CONSTRAINT roles_rank_check CHECK (rank BETWEEN 1 AND 100);
CREATE INDEX role_changes_role_idx ON role_changes (role_id);
CREATE INDEX role_changes_user_idx ON role_changes (user_id);
