/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/seal_check.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/merkle.h"

enum {
	POSITIONS_FIRST = 256
};

/* Up to where a writer is sealed. */
struct promo_seal_position {
	int64_t writer_id; /* 0: this place is free */
	int64_t seq;
	int64_t seal; /* by which it is */
	unsigned gap; /* what the check's was then */
	bool is_there;
};

static void found(const struct promo_seal_check *check, enum promo_audit_problem_kind kind,
	int64_t writer_id, int64_t seq)
{
	check->found(check->context, kind, writer_id, seq);
}

static void found_seal(
	const struct promo_seal_check *check, enum promo_audit_problem_kind kind, int64_t id)
{
	found(check, kind, PROMO_NULL_INT, id);
}

/*
 * Where each writer stands: open addressing, at most half full.
 */

static struct promo_seal_position *place_of(
	struct promo_seal_position *positions, size_t room, int64_t writer_id)
{
	size_t at = (size_t)((uint64_t)writer_id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);

	while (positions[at].writer_id && positions[at].writer_id != writer_id)
		at = (at + 1) & (room - 1);
	return &positions[at];
}

static int make_room(struct promo_seal_check *check)
{
	size_t room = check->position_room * 2;
	struct promo_seal_position *positions;

	if (check->position_count * 2 < check->position_room)
		return 0;
	positions = promo_arena_alloc_array(check->arena, room, sizeof(*positions));
	if (!positions)
		return promo_fault(-ENOMEM, "could not keep the positions of writers");
	for (size_t i = 0; i < check->position_room; i++)
		if (check->positions[i].writer_id)
			*place_of(positions, room, check->positions[i].writer_id) =
				check->positions[i];
	check->positions = positions;
	check->position_room = room;
	return 0;
}

static int64_t position_of(const struct promo_seal_check *check, int64_t writer_id)
{
	return place_of(check->positions, check->position_room, writer_id)->seq;
}

int64_t promo_seal_check_writer(struct promo_seal_check *check, int64_t writer_id, int64_t seq)
{
	struct promo_seal_position *position =
		place_of(check->positions, check->position_room, writer_id);

	position->is_there = true;
	if (seq < position->seq)
		found(check, PROMO_AUDIT_WRITER_CHANGED, writer_id, seq);
	return position->seq;
}

void promo_seal_check_end(struct promo_seal_check *check)
{
	for (size_t i = 0; i < check->position_room; i++)
		if (check->positions[i].writer_id && !check->positions[i].is_there &&
			check->positions[i].seal > check->dropped_to)
			found(check, PROMO_AUDIT_WRITER_CHANGED, check->positions[i].writer_id,
				check->positions[i].seq);
}

int promo_seal_check_start(struct promo_seal_check *check)
{
	check->position_room = POSITIONS_FIRST;
	check->positions = promo_arena_alloc_array(
		check->arena, check->position_room, sizeof(*check->positions));
	check->leaves = promo_arena_alloc(
		check->arena, (size_t)PROMO_SEAL_ROWS_MAX * PROMO_SEAL_HASH_BYTES);
	check->there =
		promo_arena_alloc_array(check->arena, PROMO_SEAL_ROWS_MAX, sizeof(*check->there));
	if (!check->positions || !check->leaves || !check->there)
		return promo_fault(-ENOMEM, "could not check a trail");
	memcpy(check->previous, promo_seal_no_hash, sizeof(check->previous));
	check->chain_known = !check->partial;
	check->gap = check->partial ? 1 : 0;
	return 0;
}

/*
 * Seals.
 */

static bool is_known(const struct promo_seal_check *check, const char *key_id)
{
	char id[PROMO_SIGN_KEY_ID_SIZE];

	for (size_t i = 0; i < check->key_count; i++) {
		promo_sign_key_id(check->keys[i], id);
		if (strcmp(id, key_id) == 0)
			return true;
	}
	return false;
}

static bool same(const struct promo_audit_seal *a, const struct promo_audit_seal *b)
{
	return a->at == b->at && a->dropped_to == b->dropped_to &&
	       strcmp(a->ranges, b->ranges) == 0 && strcmp(a->root, b->root) == 0 &&
	       strcmp(a->previous, b->previous) == 0 && strcmp(a->key_id, b->key_id) == 0 &&
	       strcmp(a->signature, b->signature) == 0;
}

static bool is_signed(const struct promo_seal_check *check, const struct promo_audit_seal *seal)
{
	return seal && is_known(check, seal->key_id) &&
	       promo_seal_signed(seal, check->keys, check->key_count);
}

/* Which of the two counts, and what is wrong with the other. */
static const struct promo_audit_seal *choose(struct promo_seal_check *check,
	const struct promo_audit_seal *trail, const struct promo_audit_seal *log, bool has_log,
	int64_t id)
{
	bool trail_signed = is_signed(check, trail);
	bool log_signed = log && trail && same(trail, log) ? trail_signed : is_signed(check, log);

	if (!trail) {
		found_seal(
			check, log_signed ? PROMO_AUDIT_SEAL_MISSING : PROMO_AUDIT_LOG_CHANGED, id);
		return log_signed ? log : NULL;
	}
	if (log && !same(trail, log))
		found_seal(check,
			trail_signed && !log_signed ? PROMO_AUDIT_LOG_CHANGED
						    : PROMO_AUDIT_SEAL_CHANGED,
			id);
	else if (!trail_signed)
		found_seal(check,
			is_known(check, trail->key_id) ? PROMO_AUDIT_SEAL_CHANGED
						       : PROMO_AUDIT_KEY_UNKNOWN,
			id);
	else if (!log && has_log)
		found_seal(check, PROMO_AUDIT_LOG_CHANGED, id);
	return trail_signed ? trail : log_signed ? log : NULL;
}

static void note_gap(struct promo_seal_check *check)
{
	check->chain_known = false;
	check->gap++;
}

static void check_chain(struct promo_seal_check *check, const struct promo_audit_seal *seal)
{
	if (check->chain_known && strcmp(seal->previous, check->previous) != 0)
		found_seal(check, PROMO_AUDIT_CHAIN_BROKEN, seal->id);
	check->chain_known = promo_seal_hash(seal, check->previous);
}

/* Each range goes on where the writer's last one ended. */
static int move_on(struct promo_seal_check *check, const struct promo_seal_range *range)
{
	struct promo_seal_position *position;
	int r = make_room(check);

	if (r)
		return r;
	position = place_of(check->positions, check->position_room, range->writer_id);
	if (range->from != position->seq + 1 &&
		(position->gap == check->gap || range->from <= position->seq))
		found(check, PROMO_AUDIT_RANGE_WRONG, range->writer_id, range->from);
	if (!position->writer_id)
		check->position_count++;
	*position = (struct promo_seal_position){
		.writer_id = range->writer_id,
		.seq = range->to > position->seq ? range->to : position->seq,
		.seal = check->last_id,
		.gap = check->gap,
	};
	return 0;
}

static int make_use(struct promo_seal_check *check, const struct promo_audit_seal *seal,
	const char *leaves, struct promo_arena *arena, struct promo_seal_use **ret)
{
	struct promo_seal_use *use = promo_arena_alloc(arena, sizeof(*use));
	int r;

	if (!use)
		return promo_fault(-ENOMEM, "could not check a seal");
	*use = (struct promo_seal_use){ .id = seal->id, .at = seal->at };
	r = promo_seal_ranges_read(seal->ranges, arena, &use->ranges, &use->range_count);
	for (size_t i = 0; !r && i < use->range_count; i++) {
		use->rows += (size_t)(use->ranges[i].to - use->ranges[i].from + 1);
		r = move_on(check, &use->ranges[i]);
	}
	if (r)
		return r;
	if (leaves && strlen(leaves) == use->rows * 2 * PROMO_SEAL_HASH_BYTES)
		use->leaves = leaves;
	*ret = use;
	return 0;
}

void promo_seal_check_last(struct promo_seal_check *check, const struct promo_audit_seal *last)
{
	if (is_signed(check, last) && last->dropped_to > check->dropped_to)
		check->dropped_to = last->dropped_to;
}

int promo_seal_check_take(struct promo_seal_check *check, const struct promo_audit_seal *trail,
	const struct promo_audit_seal *log, bool has_log, struct promo_arena *arena,
	struct promo_seal_use **ret)
{
	int64_t id = trail ? trail->id : log->id;
	const struct promo_audit_seal *seal;
	int r;

	if ((check->begun || !check->partial) && id != check->last_id + 1) {
		found_seal(check,
			id > check->last_id ? PROMO_AUDIT_SEAL_MISSING : PROMO_AUDIT_SEAL_CHANGED,
			id > check->last_id ? check->last_id + 1 : id);
		note_gap(check);
	}
	check->begun = true;
	check->last_id = id;
	seal = choose(check, trail, log, has_log, id);
	*ret = NULL;
	if (!seal) {
		note_gap(check);
		return 0;
	}
	check_chain(check, seal);
	r = make_use(check, seal, trail ? trail->leaves : NULL, arena, ret);
	if (!r)
		check->sealed_until = seal->at;
	if (!r && id <= check->dropped_to)
		check->dropped_until = seal->at;
	/* Signed, and yet no seal: nobody makes one, but nothing here depends on it. */
	if (r > 0) {
		found_seal(check, PROMO_AUDIT_SEAL_CHANGED, id);
		note_gap(check);
		*ret = NULL;
		return 0;
	}
	return r;
}

/*
 * Rows.
 */

void promo_seal_check_open(struct promo_seal_check *check, const struct promo_seal_use *use)
{
	check->use = use;
	memset(check->there, 0, use->rows * sizeof(*check->there));
}

/* The place of a row among those of the seal. */
static bool find_row(const struct promo_seal_use *use, int64_t writer_id, int64_t seq, size_t *ret)
{
	size_t before = 0;

	for (size_t i = 0; i < use->range_count; i++) {
		const struct promo_seal_range *range = &use->ranges[i];

		if (range->writer_id == writer_id && seq >= range->from && seq <= range->to) {
			*ret = before + (size_t)(seq - range->from);
			return true;
		}
		before += (size_t)(range->to - range->from + 1);
	}
	return false;
}

void promo_seal_check_row(struct promo_seal_check *check, int64_t writer_id, int64_t seq,
	const unsigned char leaf[PROMO_SEAL_HASH_BYTES])
{
	size_t at;

	if (!check->use || !find_row(check->use, writer_id, seq, &at)) {
		if (seq <= position_of(check, writer_id))
			found(check, PROMO_AUDIT_ROW_UNEXPECTED, writer_id, seq);
		return;
	}
	if (check->there[at])
		found(check, PROMO_AUDIT_ROW_REPEATED, writer_id, seq);
	check->there[at] = true;
	memcpy(check->leaves + at * PROMO_SEAL_HASH_BYTES, leaf, PROMO_SEAL_HASH_BYTES);
}

static bool stored_leaf(
	const struct promo_seal_use *use, size_t at, unsigned char ret[PROMO_SEAL_HASH_BYTES])
{
	char hex[PROMO_SHA256_HEX_SIZE];

	if (!use->leaves)
		return false;
	memcpy(hex, use->leaves + at * 2 * PROMO_SEAL_HASH_BYTES, sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	return promo_hex_decode(hex, ret, PROMO_SEAL_HASH_BYTES) == 0;
}

/* Whether what is stored beside the seal is what was signed. */
static bool leaves_hold(const struct promo_seal_use *use, const struct promo_seal_range *range,
	size_t before, size_t count)
{
	unsigned char leaf[PROMO_SEAL_HASH_BYTES];
	struct promo_merkle tree;

	promo_merkle_start(&tree);
	for (size_t i = 0; i < count; i++) {
		if (!stored_leaf(use, before + i, leaf))
			return false;
		promo_merkle_add(&tree, leaf);
	}
	promo_merkle_root(&tree, leaf);
	return memcmp(leaf, range->root, sizeof(leaf)) == 0;
}

/* A range of which not all is as it was: which rows. */
static void name_rows(struct promo_seal_check *check, const struct promo_seal_range *range,
	size_t before, size_t count)
{
	bool dropped = check->use->id <= check->dropped_to;
	bool hold = leaves_hold(check->use, range, before, count);
	bool any_there = false, any_named = false;

	for (size_t i = 0; i < count; i++) {
		unsigned char leaf[PROMO_SEAL_HASH_BYTES];
		size_t at = before + i;
		int64_t seq = range->from + (int64_t)i;

		any_there |= check->there[at];
		if (!check->there[at] && !dropped) {
			found(check, PROMO_AUDIT_ROW_MISSING, range->writer_id, seq);
			any_named = true;
		}
		if (!check->there[at] || !hold || !stored_leaf(check->use, at, leaf))
			continue;
		if (memcmp(leaf, check->leaves + at * PROMO_SEAL_HASH_BYTES, sizeof(leaf)) == 0) {
			check->entries++;
			continue;
		}
		found(check, PROMO_AUDIT_ROW_CHANGED, range->writer_id, seq);
		any_named = true;
	}
	if (any_there && !hold && !any_named)
		found(check, PROMO_AUDIT_ROWS_CHANGED, range->writer_id, range->from);
}

void promo_seal_check_close(struct promo_seal_check *check)
{
	const struct promo_seal_use *use = check->use;
	size_t before = 0;

	for (size_t i = 0; i < use->range_count; i++) {
		const struct promo_seal_range *range = &use->ranges[i];
		size_t count = (size_t)(range->to - range->from + 1);
		unsigned char root[PROMO_SEAL_HASH_BYTES];
		struct promo_merkle tree;
		bool whole = true;

		promo_merkle_start(&tree);
		for (size_t at = before; whole && at < before + count; at++) {
			whole = check->there[at];
			if (whole)
				promo_merkle_add(&tree, check->leaves + at * PROMO_SEAL_HASH_BYTES);
		}
		if (whole)
			promo_merkle_root(&tree, root);
		if (whole && memcmp(root, range->root, sizeof(root)) == 0)
			check->entries += (int64_t)count;
		else
			name_rows(check, range, before, count);
		before += count;
	}
	check->use = NULL;
}
