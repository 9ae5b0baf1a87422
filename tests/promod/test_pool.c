/* SPDX-License-Identifier: MIT */
/* The pool does all that it took, each with something of its own a thread, refuses what is too much,
 * and ends without losing anything; pieces of long work keep nobody waiting; mail reaches the loop once and can be taken back. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/macros.h"
#include "promod/loop.h"
#include "promod/pool.h"
#include "tests/lib/test.h"

struct job {
	struct promod_task task;
	int worked, delivered;
};

static struct promod_loop *loop;
static atomic_int opened, closed, working, most_working;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int delivered, open_until;

static int open_own(void *context, void **ret)
{
	(void)context;
	if (opened == open_until)
		return PROMO_E_UNAVAILABLE;
	opened++;
	*ret = malloc(1);
	return *ret ? 0 : -1;
}

static void close_own(void *own)
{
	closed++;
	free(own);
}

static void work(struct promod_task *task, void *own)
{
	int now = ++working;

	assert_non_null(own);
	if (now > most_working)
		most_working = now;
	(void)pthread_mutex_lock(&gate);
	(void)pthread_mutex_unlock(&gate);
	((struct job *)task)->worked++;
	working--;
}

static void done(struct promod_task *task)
{
	((struct job *)task)->delivered++;
	delivered++;
}

static int setup(void **state)
{
	(void)state;
	opened = closed = working = most_working = 0;
	delivered = 0;
	open_until = -1;
	return promod_loop_new(&loop);
}

static int teardown(void **state)
{
	(void)state;
	promod_loop_free(loop);
	return 0;
}

static struct promod_pool *start(int threads, int queue_max)
{
	const struct promod_pool_config config = { "test", threads, queue_max, open_own, close_own,
		NULL, loop };
	struct promod_pool *pool = NULL;

	assert_int_equal(promod_pool_start(&config, &pool), 0);
	return pool;
}

static void deliver(int count)
{
	int ready;

	while (delivered < count) {
		assert_int_equal(promod_loop_wait(loop, 10000, &ready), 0);
		assert_true(ready > 0);
	}
}

static void test_all_done_once(void **state)
{
	enum {
		JOBS = 5000
	};
	struct job *jobs = calloc(JOBS, sizeof(*jobs));
	struct promod_pool *pool = start(4, JOBS);

	(void)state;
	assert_non_null(jobs);
	for (int i = 0; i < JOBS; i++) {
		jobs[i].task.work = work;
		jobs[i].task.done = done;
		assert_true(promod_pool_push(pool, &jobs[i].task));
	}
	deliver(JOBS);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(jobs[i].worked, 1);
		assert_int_equal(jobs[i].delivered, 1);
	}
	assert_true(most_working <= 4);
	promod_pool_stop(pool);
	assert_int_equal(opened, 4);
	assert_int_equal(closed, 4);
	free(jobs);
}

/* Threads that are busy take nothing more than the queue holds. */
static void test_full(void **state)
{
	struct job jobs[8] = { 0 };
	struct promod_pool *pool = start(2, 3);
	int taken = 0;

	(void)state;
	(void)pthread_mutex_lock(&gate);
	for (int i = 0; i < 2; i++) {
		jobs[i].task.work = work;
		jobs[i].task.done = done;
		assert_true(promod_pool_push(pool, &jobs[i].task));
	}
	while (working < 2)
		(void)sched_yield();
	for (int i = 2; i < 8; i++) {
		jobs[i].task.work = work;
		jobs[i].task.done = done;
		taken += promod_pool_push(pool, &jobs[i].task);
	}
	assert_int_equal(taken, 3);
	(void)pthread_mutex_unlock(&gate);
	/* Stopping works off what was taken; the loop hears of it afterwards. */
	promod_pool_stop(pool);
	deliver(5);
	for (int i = 0; i < 8; i++)
		assert_int_equal(jobs[i].delivered, i < 5);
}

/* What nobody has begun can be taken back, wherever it stands in the queue; the others are done. */
static void test_recall(void **state)
{
	static const int back[] = { 1, 5, 3 };
	struct job jobs[7] = { 0 };
	struct promod_pool *pool = start(1, 6);

	(void)state;
	(void)pthread_mutex_lock(&gate);
	for (int i = 0; i < 6; i++) {
		jobs[i].task.work = work;
		jobs[i].task.done = done;
		assert_true(promod_pool_push(pool, &jobs[i].task));
		while (working < 1)
			(void)sched_yield();
	}
	assert_false(promod_pool_recall(pool, &jobs[0].task));
	for (size_t i = 0; i < PROMO_COUNT(back); i++)
		assert_true(promod_pool_recall(pool, &jobs[back[i]].task));
	assert_false(promod_pool_recall(pool, &jobs[5].task));
	jobs[6].task.work = work;
	jobs[6].task.done = done;
	assert_true(promod_pool_push(pool, &jobs[6].task));
	(void)pthread_mutex_unlock(&gate);
	promod_pool_stop(pool);
	deliver(4);
	for (int i = 0; i < 7; i++)
		assert_int_equal(jobs[i].delivered, i % 2 == 0);
}

static atomic_int at_pieces, most_at_pieces, turn;
static int turns[8];

static void work_in_turn(struct promod_task *task, void *own)
{
	const int now = task->piece ? ++at_pieces : at_pieces;

	if (now > most_at_pieces)
		most_at_pieces = now;
	work(task, own);
	turns[turn++] = task->piece ? 'p' : 't';
	at_pieces -= task->piece;
}

static void push_in_turn(struct promod_pool *pool, struct job *job, bool piece)
{
	job->task.work = work_in_turn;
	job->task.done = done;
	assert_true(piece ? promod_pool_push_piece(pool, &job->task)
			  : promod_pool_push(pool, &job->task));
}

/* Pieces are worked at one at a time, and in turn with what others wait for. */
static void test_pieces_in_turn(void **state)
{
	static const char order[] = { 'p', 't', 'p', 't', 'p', 't' };
	struct job jobs[6] = { 0 };
	struct promod_pool *pool = start(1, 6);

	(void)state;
	turn = most_at_pieces = 0;
	(void)pthread_mutex_lock(&gate);
	push_in_turn(pool, &jobs[0], true);
	while (working < 1)
		(void)sched_yield();
	for (int i = 1; i < 6; i++)
		push_in_turn(pool, &jobs[i], i < 3);
	(void)pthread_mutex_unlock(&gate);
	deliver(6);
	for (size_t i = 0; i < PROMO_COUNT(order); i++)
		assert_int_equal(turns[i], order[i]);
	promod_pool_stop(pool);
}

static void test_pieces_leave_threads(void **state)
{
	struct job jobs[6] = { 0 };
	struct promod_pool *pool = start(3, 6);

	(void)state;
	turn = most_at_pieces = 0;
	(void)pthread_mutex_lock(&gate);
	for (int i = 0; i < 6; i++)
		push_in_turn(pool, &jobs[i], i < 4);
	/* One is at a piece, the others at what is none. */
	while (working < 3)
		(void)sched_yield();
	assert_false(promod_pool_recall(pool, &jobs[0].task));
	assert_true(promod_pool_recall(pool, &jobs[2].task));
	assert_false(promod_pool_recall(pool, &jobs[5].task));
	(void)pthread_mutex_unlock(&gate);
	deliver(5);
	assert_int_equal(most_at_pieces, 1);
	for (int i = 0; i < 6; i++)
		assert_int_equal(jobs[i].delivered, i != 2);
	promod_pool_stop(pool);
}

static void test_open_fails(void **state)
{
	const struct promod_pool_config config = { "test", 4, 1, open_own, close_own, NULL, loop };
	struct promod_pool *pool = NULL;

	(void)state;
	open_until = 2;
	assert_int_equal(promod_pool_start(&config, &pool), PROMO_E_UNAVAILABLE);
	assert_null(pool);
	assert_int_equal(opened, 2);
	assert_int_equal(closed, 2);
}

struct letter {
	struct promod_mail mail;
	int arrived;
};

static void arrive(struct promod_mail *mail)
{
	static int order;

	((struct letter *)mail)->arrived = ++order;
}

static void test_mail(void **state)
{
	struct letter letters[4] = { 0 };
	int ready;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(letters); i++) {
		letters[i].mail.deliver = arrive;
		promod_loop_post(loop, &letters[i].mail);
	}
	promod_loop_recall(loop, &letters[1].mail);
	promod_loop_recall(loop, &letters[3].mail);
	/* Not there any more: nothing happens. */
	promod_loop_recall(loop, &letters[3].mail);
	assert_int_equal(promod_loop_wait(loop, 1000, &ready), 0);
	assert_int_equal(ready, 1);
	assert_int_equal(letters[0].arrived, 1);
	assert_int_equal(letters[1].arrived, 0);
	assert_int_equal(letters[2].arrived, 2);
	assert_int_equal(letters[3].arrived, 0);
	promod_loop_post(loop, &letters[3].mail);
	assert_int_equal(promod_loop_wait(loop, 1000, &ready), 0);
	assert_int_equal(letters[3].arrived, 3);
	assert_int_equal(promod_loop_wait(loop, 0, &ready), 0);
	assert_int_equal(ready, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_done_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_recall, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pieces_in_turn, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pieces_leave_threads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_open_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mail, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
