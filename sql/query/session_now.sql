-- The database's clock at the beginning of the transaction: the one clock of a request.
-- -> moment
SELECT now() AS at;
