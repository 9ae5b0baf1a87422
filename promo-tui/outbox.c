/* SPDX-License-Identifier: MIT */
#include "promo-tui/outbox.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "promo-tui/outbox_entry.h"
#include "promo-tui/outbox_file.h"

enum {
	NAMES_BYTES_MAX = 64 * 1024,
	SCAN_MS = 30000,   /* between looks at what others left behind */
	ASKED_MS = 120000, /* no call takes so long: it was dropped on the way */
	PAUSE_FIRST_MS = 2000,
	DOUBLINGS_MAX = 5
};

struct tui_outbox {
	struct promo_arena *arena;    /* the folder's name */
	struct promo_arena *owning;   /* the owner's texts */
	struct promo_profile profile; /* its folder alone */
	const char *folder;
	struct tui_outbox_owner owner;    /* user_id NULL: nobody */
	struct tui_outbox_entry *entries; /* by key, that is by age */
	size_t damaged;
	int64_t scanned_ms;
};

int tui_outbox_new(const struct promo_profile *profile, struct tui_outbox **ret)
{
	struct tui_outbox *outbox = calloc(1, sizeof(*outbox));

	if (!outbox)
		return promo_fault(-ENOMEM, "could not open the outbox");
	outbox->arena = promo_arena_new(NAMES_BYTES_MAX);
	outbox->owning = promo_arena_new(NAMES_BYTES_MAX);
	if (outbox->arena && outbox->owning) {
		outbox->profile.folder = promo_arena_strdup(outbox->arena, profile->folder);
		outbox->folder =
			promo_arena_printf(outbox->arena, "%s/" TUI_OUTBOX_FOLDER, profile->folder);
	}
	if (!outbox->folder || !outbox->profile.folder) {
		tui_outbox_free(outbox);
		return promo_fault(-ENOMEM, "could not open the outbox");
	}
	*ret = outbox;
	return 0;
}

static void forget_entries(struct tui_outbox *outbox)
{
	while (outbox->entries) {
		struct tui_outbox_entry *entry = outbox->entries;

		outbox->entries = entry->next;
		tui_outbox_entry_free(entry);
	}
}

void tui_outbox_free(struct tui_outbox *outbox)
{
	if (!outbox)
		return;
	forget_entries(outbox);
	promo_arena_free(outbox->owning);
	promo_arena_free(outbox->arena);
	free(outbox);
}

static struct tui_outbox_entry *find(const struct tui_outbox *outbox, const char *key)
{
	for (struct tui_outbox_entry *entry = outbox->entries; entry; entry = entry->next)
		if (strcmp(entry->key, key) == 0)
			return entry;
	return NULL;
}

static void insert(struct tui_outbox *outbox, struct tui_outbox_entry *entry)
{
	struct tui_outbox_entry **at = &outbox->entries;

	while (*at && strcmp((*at)->key, entry->key) < 0)
		at = &(*at)->next;
	entry->next = *at;
	*at = entry;
}

static void forget(struct tui_outbox *outbox, struct tui_outbox_entry *entry)
{
	struct tui_outbox_entry **at = &outbox->entries;

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	tui_outbox_entry_free(entry);
}

static bool is_mine(const struct tui_outbox *outbox, const struct tui_outbox_record *record)
{
	return outbox->owner.user_id && strcmp(outbox->owner.user_id, record->user_id) == 0 &&
	       strcmp(outbox->owner.server, record->server) == 0;
}

/* Takes a file that no living program has in hand; those of others only to show them. */
static int load(struct tui_outbox *outbox, const char *key)
{
	struct tui_outbox_entry *entry;
	int r = tui_outbox_entry_new(outbox->folder, key, &entry);

	if (r)
		return r;
	entry->fd = tui_outbox_file_lock(entry->path);
	if (entry->fd < 0) {
		tui_outbox_entry_free(entry);
		return 0;
	}
	r = tui_outbox_entry_read(entry);
	if (r) {
		outbox->damaged += r > 0;
		tui_outbox_entry_free(entry);
		return r > 0 ? 0 : r;
	}
	entry->in_doubt = true;
	entry->mine = is_mine(outbox, &entry->record);
	if (!entry->mine) {
		(void)close(entry->fd);
		entry->fd = -1;
	}
	insert(outbox, entry);
	return 0;
}

/* What others had and settled is gone by now. */
static void forget_gone(struct tui_outbox *outbox)
{
	struct tui_outbox_entry **at = &outbox->entries;

	while (*at) {
		struct tui_outbox_entry *entry = *at;

		if (entry->mine || access(entry->path, F_OK) == 0) {
			at = &entry->next;
			continue;
		}
		*at = entry->next;
		tui_outbox_entry_free(entry);
	}
}

static int look_at(struct tui_outbox *outbox, const char *name)
{
	char key[PROMO_UUID_SIZE] = "";
	char *path;

	if (strlen(name) < sizeof(key) - 1)
		return 0;
	memcpy(key, name, sizeof(key) - 1);
	if (!promo_uuid_valid(key))
		return 0;
	if (strlen(name) == sizeof(key) - 1)
		return find(outbox, key) ? 0 : load(outbox, key);
	path = NULL;
	if (asprintf(&path, "%s/%s", outbox->folder, name) < 0)
		return promo_fault(-ENOMEM, "could not look at the outbox");
	tui_outbox_file_sweep(path);
	free(path);
	return 0;
}

static int scan(struct tui_outbox *outbox)
{
	DIR *folder;
	int r = 0;

	forget_gone(outbox);
	outbox->damaged = 0;
	folder = opendir(outbox->folder);
	if (!folder)
		return errno == ENOENT ? 0
				       : promo_fault(-errno, "could not read %s", outbox->folder);
	while (!r) {
		const struct dirent *at = readdir(folder);

		if (!at)
			break;
		r = look_at(outbox, at->d_name);
	}
	(void)closedir(folder);
	return r;
}

static bool is_owner(const struct tui_outbox *outbox, const struct tui_outbox_owner *owner)
{
	const struct tui_outbox_owner *mine = &outbox->owner;

	return owner && mine->user_id && strcmp(owner->user_id, mine->user_id) == 0 &&
	       strcmp(owner->server, mine->server) == 0;
}

int tui_outbox_set_owner(struct tui_outbox *outbox, const struct tui_outbox_owner *owner)
{
	struct promo_arena *arena = outbox->owning;

	if (is_owner(outbox, owner)) {
		tui_outbox_hurry(outbox);
		return 0;
	}
	forget_entries(outbox);
	outbox->owner = (struct tui_outbox_owner){ 0 };
	promo_arena_clear(arena);
	if (owner) {
		const struct tui_outbox_owner copy = {
			.server = promo_arena_strdup(arena, owner->server),
			.user_id = promo_arena_strdup(arena, owner->user_id),
			.user_name = promo_arena_strdup(arena, owner->user_name),
		};

		if (!copy.server || !copy.user_id || (owner->user_name && !copy.user_name))
			return promo_fault(-ENOMEM, "could not note who is signed in");
		outbox->owner = copy;
	}
	return scan(outbox);
}

int tui_outbox_begin(struct tui_outbox *outbox, const struct promo_redemption_create_in *in,
	int64_t wall_ms, struct promo_arena *arena, struct promo_problem *problem,
	const char **ret_key)
{
	const struct tui_outbox_record record = {
		.server = outbox->owner.server,
		.user_id = outbox->owner.user_id,
		.user_name = outbox->owner.user_name,
		.begun_at = wall_ms,
		.code = in->code,
		.phone_number = in->phone_number,
		.first_name = in->first_name,
		.last_name = in->last_name,
		.note = in->note,
	};
	char key[PROMO_UUID_SIZE];
	struct tui_outbox_entry *entry;
	int r;

	assert(in->set.null == 0);
	if (!outbox->owner.user_id)
		return PROMO_E_UNAUTHENTICATED;
	promo_uuid_new(key);
	r = tui_outbox_entry_new(outbox->folder, key, &entry);
	if (r)
		return r;
	r = tui_outbox_entry_write(&outbox->profile, &record, entry, problem);
	if (r) {
		problem->detail = promo_arena_strdup(arena, problem->detail);
		tui_outbox_entry_free(entry);
		return r;
	}
	entry->mine = entry->asked = true;
	insert(outbox, entry);
	*ret_key = entry->key;
	return 0;
}

static void tell(const struct tui_outbox_entry *entry, struct tui_outbox_item *ret)
{
	*ret = (struct tui_outbox_item){
		.key = entry->key,
		.user_name = entry->record.user_name,
		.begun_at_ms = entry->record.begun_at,
		.in = tui_outbox_entry_in(entry),
		.mine = entry->mine,
		.asked = entry->asked,
		.in_doubt = entry->in_doubt,
	};
}

enum tui_outbox_end tui_outbox_take(struct tui_outbox *outbox, const struct tui_reply *reply,
	int64_t now_ms, struct promo_arena *arena, const char **ret_sentence)
{
	struct tui_outbox_entry *entry =
		reply->op == &promo_op_redemption_create && reply->idempotency_key
			? find(outbox, reply->idempotency_key)
			: NULL;
	int64_t pause_ms;
	bool late;

	*ret_sentence = "";
	if (!entry)
		return TUI_OUTBOX_NOT_MINE;
	late = entry->in_doubt;
	/* The first answer, if it is one, says that nothing was done where it is no success. */
	if (tui_outbox_is_last_word(reply) ||
		(!late && reply->error > 0 && reply->error != PROMO_E_OUTCOME_UNKNOWN)) {
		if (late)
			*ret_sentence = tui_outbox_entry_sentence(entry, reply, arena);
		(void)unlink(entry->path);
		forget(outbox, entry);
		return late ? TUI_OUTBOX_SETTLED : TUI_OUTBOX_ANSWERED;
	}
	*ret_sentence = tui_outbox_entry_sentence(entry, reply, arena);
	pause_ms = (int64_t)PAUSE_FIRST_MS
		   << (entry->tries < DOUBLINGS_MAX ? entry->tries : DOUBLINGS_MAX);
	if (reply->reply.problem.retry_after_s * 1000 > pause_ms)
		pause_ms = reply->reply.problem.retry_after_s * 1000;
	entry->in_doubt = true;
	entry->asked = false;
	entry->next_ms = now_ms + pause_ms;
	return TUI_OUTBOX_UNKNOWN;
}

bool tui_outbox_next(struct tui_outbox *outbox, int64_t now_ms, struct tui_outbox_item *ret)
{
	if (outbox->owner.user_id && now_ms - outbox->scanned_ms >= SCAN_MS) {
		outbox->scanned_ms = now_ms;
		/* A folder that cannot be read now is looked at again; the fault was logged. */
		(void)scan(outbox);
	}
	for (struct tui_outbox_entry *entry = outbox->entries; entry; entry = entry->next) {
		if (entry->asked && !entry->asked_ms)
			entry->asked_ms = now_ms;
		if (entry->asked && now_ms - entry->asked_ms >= ASKED_MS)
			entry->asked = false;
		if (!entry->mine || entry->asked || entry->next_ms > now_ms)
			continue;
		entry->asked = entry->in_doubt = true;
		entry->asked_ms = now_ms;
		entry->tries++;
		tell(entry, ret);
		return true;
	}
	return false;
}

void tui_outbox_hurry(struct tui_outbox *outbox)
{
	for (struct tui_outbox_entry *entry = outbox->entries; entry; entry = entry->next)
		entry->next_ms = entry->tries = 0;
}

size_t tui_outbox_count(const struct tui_outbox *outbox, bool mine)
{
	size_t count = 0;

	for (const struct tui_outbox_entry *entry = outbox->entries; entry; entry = entry->next)
		count += entry->mine == mine && entry->in_doubt;
	return count;
}

bool tui_outbox_item(const struct tui_outbox *outbox, size_t i, struct tui_outbox_item *ret)
{
	const struct tui_outbox_entry *entry = outbox->entries;

	while (entry && i-- > 0)
		entry = entry->next;
	if (entry)
		tell(entry, ret);
	return entry;
}

size_t tui_outbox_damaged(const struct tui_outbox *outbox, const char **ret_folder)
{
	*ret_folder = outbox->folder;
	return outbox->damaged;
}
