-- How many parts of a file of a job lie wholly before an offset, and how many bytes they have.
-- $1 job_id uuid
-- $2 name text
-- $3 offset bigint
-- -> job_file_end
SELECT count(*) AS parts, coalesce(sum(f.size), 0)::bigint AS bytes
FROM (
	SELECT octet_length(bytes) AS size, sum(octet_length(bytes)) OVER (ORDER BY part) AS ends
	FROM job_files WHERE job_id = $1::uuid AND name = $2::text) f
WHERE f.ends <= $3::bigint;
