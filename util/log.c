/* SPDX-License-Identifier: MIT */
#include "log.h"
#include "now.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char program[64] = "wlbridge";
static enum log_level max_level = LOG_INFO;

static const char *const level_names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

void
log_init(const char *name, enum log_level level)
{
	snprintf(program, sizeof(program), "%s", name);
	max_level = level;
}

int
log_level_parse(const char *text)
{
	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
		if (strcmp(text, level_names[i]) == 0) {
			return i;
		}
	}
	return -1;
}

void
log_line(enum log_level level, const char *format, ...)
{
	if (level > max_level) {
		return;
	}
	int saved_errno = errno;
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Some of it may be a peer's: nothing that moves a terminal's cursor. */
	for (char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f) {
			*c = '?';
		}
	}
	fprintf(stderr, "%s: %s: %s\n", program, level_names[level], text);
	errno = saved_errno;
}

int
log_failure(const char *what, int r)
{
	log_error("%s: %s", what, strerror(-r));
	return r;
}

bool
log_limit_allows(struct log_limit *limit)
{
	uint64_t earned = ((uint64_t)now_ms() - limit->last_ms) / 1000;
	if (earned > 0) {
		limit->spent -= earned < limit->spent
			? (unsigned)earned : limit->spent;
		limit->last_ms = (uint64_t)now_ms();
	}
	if (limit->spent >= LOG_LIMIT_BURST) {
		limit->held_back++;
		return false;
	}
	limit->spent++;
	if (limit->held_back > 0) {
		log_warn("(%u lines like the next were held back)",
			limit->held_back);
		limit->held_back = 0;
	}
	return true;
}
