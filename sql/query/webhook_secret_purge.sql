-- Forgets the secrets that nothing is signed with any more.
DELETE FROM webhook_secrets WHERE expires_at <= now()
