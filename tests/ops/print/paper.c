/* SPDX-License-Identifier: MIT */
#include "tests/ops/print/paper.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/rules/code.h"
#include "tests/lib/test.h"

enum {
	SCAN_DOTS = 200, /* an inch: what a poor scanner has */
};

struct paper *paper_new(void)
{
	struct paper *paper = calloc(1, sizeof(*paper));

	assert_non_null(paper);
	(void)snprintf(paper->dir, sizeof(paper->dir), "/tmp/promo-test-paper.XXXXXX");
	assert_non_null(mkdtemp(paper->dir));
	(void)snprintf(paper->pdf, sizeof(paper->pdf), "%s/sheets.pdf", paper->dir);
	return paper;
}

void paper_free(struct paper *paper)
{
	char picture[128];

	(void)snprintf(picture, sizeof(picture), "%s/page.pgm", paper->dir);
	(void)unlink(picture);
	(void)unlink(paper->pdf);
	(void)rmdir(paper->dir);
	free(paper->bytes);
	free(paper);
}

int paper_take(void *context, const void *bytes, size_t size)
{
	struct paper *paper = context;

	paper->calls++;
	if (paper->fail_at && paper->size + size > paper->fail_at)
		return PAPER_FULL;
	paper->bytes = realloc(paper->bytes, paper->size + size);
	assert_non_null(paper->bytes);
	memcpy(paper->bytes + paper->size, bytes, size);
	paper->size += size;
	return 0;
}

void paper_code(int64_t serial, size_t length, char *ret)
{
	uint64_t state = (uint64_t)serial * 0x9e3779b97f4a7c15 + 1;

	for (size_t i = 0; i < length; i++) {
		state = state * 6364136223846793005 + 1442695040888963407;
		ret[i] = PROMO_CODE_ALPHABET[(state >> 33) % PROMO_CODE_LETTERS];
	}
	ret[length] = '\0';
}

void paper_draw(
	struct paper *paper, const struct promo_voucher_head *head, const struct paper_run *run)
{
	struct promo_vouchers *vouchers;
	char code[PROMO_CODE_SIZE];

	assert_int_equal(promo_vouchers_start(head, paper_take, paper, &vouchers), 0);
	for (int64_t serial = run->first; serial <= run->last; serial += run->step) {
		const struct promo_voucher voucher = { .code = code,
			.amount = "1,500.50 RWF",
			.expires = "2026-12-31",
			.serial = serial };

		paper_code(serial, run->length ? run->length : 16, code);
		assert_int_equal(promo_vouchers_add(vouchers, &voucher), 0);
	}
	assert_int_equal(promo_vouchers_finish(vouchers), 0);
	promo_vouchers_free(vouchers);
	paper_save(paper);
}

void paper_save(struct paper *paper)
{
	FILE *file = fopen(paper->pdf, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(paper->bytes, 1, paper->size, file), paper->size);
	assert_int_equal(fclose(file), 0);
}

static char *read_all(int fd)
{
	size_t size = 0, capacity = 65536;
	char *text = malloc(capacity);
	ssize_t n;

	assert_non_null(text);
	while ((n = read(fd, text + size, capacity - size - 1)) > 0) {
		size += (size_t)n;
		if (capacity - size < 4096) {
			capacity *= 2;
			text = realloc(text, capacity);
			assert_non_null(text);
		}
	}
	text[size] = '\0';
	return text;
}

char *paper_ask(const struct paper *paper, const char *const *arguments, int *ret_status)
{
	posix_spawn_file_actions_t actions;
	char *argv[32] = { NULL };
	char *answer;
	int ends[2], error;
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	/* zbar complains of a bus that nobody has. */
	(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; arguments[i]; i++) {
		assert_true(i + 1 < sizeof(argv) / sizeof(argv[0]));
		argv[i] = strdup(strcmp(arguments[i], "%") == 0 ? paper->pdf : arguments[i]);
		assert_non_null(argv[i]);
	}
	error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
	if (error)
		fail_msg("%s cannot be run: %s", argv[0], strerror(error));
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(ends[1]);
	answer = read_all(ends[0]);
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, ret_status, 0), child);
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	return answer;
}

/* Writes a page to page.pgm in its folder. */
static void render(const struct paper *paper, int page, int dots_an_inch, char ret_path[128])
{
	char number[16], dots[16], name[96];
	const char *const arguments[] = { "pdftoppm", "-gray", "-r", dots, "-f", number, "-l",
		number, "-singlefile", "%", name, NULL };
	int status;

	(void)snprintf(number, sizeof(number), "%d", page);
	(void)snprintf(dots, sizeof(dots), "%d", dots_an_inch);
	(void)snprintf(name, sizeof(name), "%s/page", paper->dir);
	free(paper_ask(paper, arguments, &status));
	assert_int_equal(status, 0);
	(void)snprintf(ret_path, 128, "%s/page.pgm", paper->dir);
}

struct paper_picture paper_render(const struct paper *paper, int page, int dots_an_inch)
{
	struct paper_picture picture;
	char path[128];
	size_t size;
	FILE *file;
	int levels;

	render(paper, page, dots_an_inch, path);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "P5 %d %d %d", &picture.width, &picture.height, &levels), 3);
	assert_int_equal(levels, 255);
	(void)fgetc(file);
	size = (size_t)picture.width * (size_t)picture.height;
	picture.pixels = malloc(size);
	assert_non_null(picture.pixels);
	assert_int_equal(fread(picture.pixels, 1, size, file), size);
	(void)fclose(file);
	return picture;
}

/* A voucher with a rim of a few millimetres, out of a page. */
static void save_slot(const struct paper_picture *page, int slot, const char *path)
{
	int side = 44 * SCAN_DOTS * 10 / 254;
	int left = (350 + slot % 3 * 480) * SCAN_DOTS / 254;
	int top = (545 + slot / 3 * 480) * SCAN_DOTS / 254;
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_true(fprintf(file, "P5 %d %d 255\n", side, side) > 0);
	for (int y = top; y < top + side; y++)
		assert_int_equal(
			fwrite(page->pixels + y * page->width + left, 1, (size_t)side, file), side);
	assert_int_equal(fclose(file), 0);
}

char *paper_scan(const struct paper *paper, int page)
{
	char paths[PROMO_SHEET_SLOTS][128];
	const char *arguments[PROMO_SHEET_SLOTS + 6] = { "zbarimg", "--quiet", "--raw", "-Sdisable",
		"-Sqrcode.enable" };
	struct paper_picture picture = paper_render(paper, page, SCAN_DOTS);
	char *found;
	int status;

	for (int slot = 0; slot < PROMO_SHEET_SLOTS; slot++) {
		(void)snprintf(paths[slot], sizeof(paths[slot]), "%s/%d.pgm", paper->dir, slot);
		save_slot(&picture, slot, paths[slot]);
		arguments[5 + slot] = paths[slot];
	}
	found = paper_ask(paper, arguments, &status);
	for (int slot = 0; slot < PROMO_SHEET_SLOTS; slot++)
		(void)unlink(paths[slot]);
	free(picture.pixels);
	return found;
}

int paper_pages(const struct paper *paper)
{
	static const char *const arguments[] = { "pdfinfo", "%", NULL };
	int status, pages = 0;
	char *answer = paper_ask(paper, arguments, &status);
	const char *line = strstr(answer, "Pages:");

	assert_int_equal(status, 0);
	assert_non_null(line);
	assert_int_equal(sscanf(line, "Pages: %d", &pages), 1);
	free(answer);
	return pages;
}
