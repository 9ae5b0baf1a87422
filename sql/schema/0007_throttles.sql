-- What the rule against guessing (libpromo/rules/throttle.h) has to remember of a user, beside the
-- misses of the window (count, since) and the end of the delay: subject is the user's id, kind is
-- 'guess'. Whoever never guessed has no row.

ALTER TABLE throttles ALTER COLUMN since DROP NOT NULL;
ALTER TABLE throttles ADD COLUMN step bigint NOT NULL DEFAULT 0;
ALTER TABLE throttles ADD COLUMN good bigint NOT NULL DEFAULT 0;
ALTER TABLE throttles ADD COLUMN hour_count bigint NOT NULL DEFAULT 0;
ALTER TABLE throttles ADD COLUMN hour_since timestamptz;
ALTER TABLE throttles ADD COLUMN hour_alerted boolean NOT NULL DEFAULT false;
