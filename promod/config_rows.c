/* SPDX-License-Identifier: MIT */
#include "promod/config.h"

/* clang-format off */
#define ROW(n, k, f, lo, hi, m, a, h)                                                              \
	{ .name = #n, .kind = PROMOD_##k, .fallback = (f), .min = (lo), .max = (hi),               \
	  .offset = offsetof(struct promod_config, m), .argument = (a), .help = (h) }

/* Add a key here, to the struct, and to man/promod.conf.5.scd. */
const struct promod_config_row promod_config_rows[] = {
	ROW(listen, LIST, "127.0.0.1:8080", 0, 0, listen, "ADDRESS",
		"where to listen: 127.0.0.1:8080, [::1]:8080 or unix:/path; several with commas; "
		"port 0 takes a free one"),
	ROW(allow_cleartext, BOOL, "no", 0, 0, allow_cleartext, "yes|no",
		"listen on other than loopback addresses without TLS"),
	ROW(allowed_origins, LIST, "", 0, 0, allowed_origins, "ORIGIN",
		"pages elsewhere that may use the API from a browser, such as "
		"https://panel.example.com; several with commas"),
	ROW(metrics_allow, LIST, "127.0.0.0/8, ::1", 0, 0, metrics_allow, "ADDRESS",
		"who may read /metrics: addresses and networks such as 10.0.0.0/8, several with commas"),
	ROW(unix_mode, MODE, "0660", 0, 0777, unix_mode, "MODE",
		"permissions of a unix socket"),
	ROW(database, URI, "", 0, 0, database, "URI",
		"PostgreSQL, as the application's role; none: a server of our own"),
	ROW(owner_database, URI, "", 0, 0, owner_database, "URI",
		"the same database as its owner, for migrations; none: promod migrates nothing"),
	ROW(loader, BOOL, "no", 0, 0, loader, "yes|no",
		"background jobs check foreign keys once for many codes, in the role promo_loader"),
	ROW(loader_database, URI, "", 0, 0, loader_database, "URI",
		"the same database as that role; with a server of our own not needed"),
	ROW(listen_database, URI, "", 0, 0, listen_database, "URI",
		"the same database past a pooler in transaction mode, to hear of jobs at once"),
	ROW(prepare, BOOL, "yes", 0, 0, prepare, "yes|no",
		"prepare statements; no behind a pooler in transaction mode"),
	ROW(skip_locked, BOOL, "yes", 0, 0, skip_locked, "yes|no",
		"no where the database is compatible with PostgreSQL but has no SKIP LOCKED"),
	ROW(state_dir, PATH, "", 0, 0, state_dir, "DIR",
		"where the server of our own and the keys live"),
	ROW(spool_dir, PATH, "", 0, 0, spool_dir, "DIR",
		"where downloads are spooled; none: state_dir"),
	ROW(backup_directory, PATH, "", 0, 0, backup_directory, "DIR",
		"where backups lie; none: backups in state_dir"),
	ROW(backup_public_key, TEXT, "", 0, 0, backup_public_key, "KEY",
		"the key that backups are sealed to, in hex, as promod backup-key prints it; none: they "
		"are not sealed"),
	ROW(backup_key_file, PATH, "", 0, 0, backup_key_file, "FILE",
		"the secret half of that key, where this daemon is to verify sealed backups"),
	ROW(hash_key_file, PATH, "", 0, 0, hash_key_file, "FILE",
		"32 bytes for keyed hashes, the same for all daemons of one database; none: made "
		"in state_dir"),
	ROW(audit_key_file, PATH, "", 0, 0, audit_key_file, "FILE",
		"32 bytes that sign the seals of the audit trail; none: made in state_dir"),
	ROW(audit_seals_file, PATH, "", 0, 0, audit_seals_file, "FILE",
		"where this daemon writes every seal down, outside of the database; none: in state_dir"),
	ROW(audit_trusted_keys, LIST, "", 0, 0, audit_trusted_keys, "KEYS",
		"public keys, in hex, whose seals are trusted, this daemon's among them; none: its own"),
	ROW(mfa_key_file, PATH, "", 0, 0, mfa_key_file, "FILE",
		"32 bytes that seal the seeds of second factors, the same for all daemons of one "
		"database; none: made in state_dir"),
	ROW(mfa_old_key_file, PATH, "", 0, 0, mfa_old_key_file, "FILE",
		"the key before that one, while seeds are still sealed with it"),
	ROW(sms_secret_file, PATH, "", 0, 0, sms_secret_file, "FILE",
		"the secret {secret} of the gateway for text messages, in one line"),
	ROW(sms_secret_host, LIST, "", 0, 0, sms_secret_host, "HOST",
		"where text messages and that secret may go: host or host:port, with http:// before it "
		"also without TLS; several with commas"),
	ROW(smtp_password_file, PATH, "", 0, 0, smtp_password_file, "FILE",
		"the password for the mail server, in one line"),
	ROW(smtp_password_host, LIST, "", 0, 0, smtp_password_host, "HOST",
		"where mail and that password may go: host or host:port, several with commas"),
	ROW(smtp_ca_file, PATH, "", 0, 0, smtp_ca_file, "FILE",
		"certificates that may vouch for the mail server; none: those of the system"),
	ROW(run_as, TEXT, "promo", 0, 0, run_as, "ACCOUNT",
		"who to become when started by root"),
	ROW(postgres_bin, PATH, "", 0, 0, postgres_bin, "DIR",
		"where initdb and postgres are; none: the usual places"),
	ROW(workers, INT, "8", 1, 256, workers, "N",
		"threads that serve requests, each with a connection to the database"),
	ROW(queue, INT, "512", 1, 65536, queue, "N",
		"requests that may wait for a worker; more are answered 503"),
	ROW(lanes, INT, "0", 0, 16, lanes, "N",
		"connections that verify and redeem for many requests at once; 0: one a core"),
	ROW(job_threads, INT, "2", 0, 32, job_threads, "N",
		"background jobs at once; 0: this daemon takes none"),
	ROW(hash_slots, INT, "0", 0, 64, hash_slots, "N",
		"passwords that are hashed at once, 64 MiB each; 0: one a core, at most half of workers"),
	ROW(connections, INT, "1100", 1, 100000, connections, "N",
		"HTTP connections at once; more wait to be accepted"),
	ROW(event_streams, INT, "500", 1, 75000, event_streams, "N",
		"streams of live events at once, at most three quarters of connections"),
	ROW(request_timeout, INT, "10", 1, 3600, request_timeout_s, "SECONDS",
		"for a client to send a whole request"),
	ROW(idle_timeout, INT, "60", 1, 3600, idle_timeout_s, "SECONDS",
		"between two requests, and without progress in an answer"),
	ROW(answer_timeout, INT, "60", 1, 3600, answer_timeout_s, "SECONDS",
		"for an operation, before 503 is answered; a second more for each 8 MiB sent"),
	ROW(drain_timeout, INT, "10", 0, 3600, drain_timeout_s, "SECONDS",
		"for what is under way when the daemon is stopped"),
	ROW(log_level, LEVEL, "info", 0, 0, log_level, "LEVEL",
		"error, warning, info or debug"),
};
/* clang-format on */

const size_t promod_config_row_count = PROMO_COUNT(promod_config_rows);
