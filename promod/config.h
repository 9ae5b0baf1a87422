/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * The configuration, each key a row: name, kind, default, bounds, help. Where a key is said more
 * than once the order is file, environment (PROMOD_NAME), option (--name), and the last one holds.
 * Everything that is wrong is told at once.
 */

enum {
	PROMOD_LIST_MAX = 8
};

struct promod_list {
	const char *items[PROMOD_LIST_MAX];
	size_t count;
};

struct promod_config {
	struct promod_list listen, metrics_allow, allowed_origins;
	bool allow_cleartext, prepare, skip_locked;
	bool loader;
	const char *database, *owner_database; /* "": our own server */
	const char *loader_database, *listen_database;
	const char *state_dir, *run_as, *postgres_bin, *spool_dir, *hash_key_file;
	const char *backup_directory, *backup_public_key, *backup_key_file;
	const char *audit_key_file, *audit_seals_file;
	struct promod_list audit_trusted_keys;
	const char *mfa_key_file, *mfa_old_key_file; /* old: "" where there is none */
	const char *smtp_password_file, *smtp_ca_file,
		*sms_secret_file; /* "" where there is none */
	struct promod_list smtp_password_host, sms_secret_host;
	int64_t unix_mode;
	int64_t workers, queue, lanes, job_threads, hash_slots, connections, event_streams;
	int64_t request_timeout_s, idle_timeout_s, answer_timeout_s, drain_timeout_s;
	int64_t log_level; /* enum promo_log_level */
};

enum promod_config_kind {
	PROMOD_TEXT = 1,
	PROMOD_PATH,  /* absolute, or "" */
	PROMOD_URI,   /* may hold a password: never shown, and not taken from an option then */
	PROMOD_BOOL,  /* yes or no */
	PROMOD_INT,   /* min to max */
	PROMOD_MODE,  /* octal permissions */
	PROMOD_LEVEL, /* error, warning, info, debug */
	PROMOD_LIST,  /* several, with commas between, or said again */
};

struct promod_config_row {
	const char *name; /* of the file; with - for _ of the option */
	enum promod_config_kind kind;
	const char *fallback; /* the default, as text */
	int64_t min, max;
	size_t offset;
	const char *argument; /* what help calls the value */
	const char *help;
};

extern const struct promod_config_row promod_config_rows[];
extern const size_t promod_config_row_count;

/* A key and its value from the command line. */
struct promod_config_option {
	const char *name, *value;
};

struct promod_config_sources {
	const char *file;   /* NULL: the usual one, if it is there */
	char **environment; /* as environ */
	const struct promod_config_option *options;
	size_t option_count;
	bool is_root; /* decides where the state is kept unless it is said */
};

#define PROMOD_CONFIG_FILE "/etc/promo/promod.conf"

enum {
	PROMOD_CONFIG_ERRORS_MAX = 32
};

struct promod_config_errors {
	const char *texts[PROMOD_CONFIG_ERRORS_MAX];
	size_t count;
};

/* Texts live in the arena. *ret is set as far as it is understood, and it may be used if there are
 * no errors. */
void promod_config_load(const struct promod_config_sources *sources, struct promo_arena *arena,
	struct promod_config *ret, struct promod_config_errors *ret_errors);

/* The configuration in effect, as a file that would say the same; passwords are left out. */
void promod_config_print(const struct promod_config *config, FILE *to);

/* How many streams of events there may be: they stay, and the others need connections too. */
int64_t promod_config_streams(const struct promod_config *config);

/* The rows for --help. */
void promod_config_help(FILE *to);
