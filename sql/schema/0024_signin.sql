-- Sign-ins that fail (libpromo/rules/signin.h): rows of throttles of the kind 'signin', whose subject is
-- the account and the address, with a slash between them; where one of both is left out, the row counts
-- over all of it. Where an account signed in from an address, its row says when it last did.
ALTER TABLE throttles ADD COLUMN succeeded_at timestamptz;
