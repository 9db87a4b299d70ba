/* SPDX-License-Identifier: MIT */
/* Log lines on standard error: "program: level: text". Programs log; libraries
 * return errors. */
#ifndef WLB_UTIL_LOG_H
#define WLB_UTIL_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
};

/* Name the program (and, say, the VM it serves); @name is copied. */
void
log_init(const char *name, enum log_level level);

/* The level named by @text ("error", "warn", "info", "debug"), or -1. */
int
log_level_parse(const char *text);

void
log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

/* An error: "@what: what -errno @r means". Return: @r. */
int
log_failure(const char *what, int r);

/*
 * A ration of lines for what a peer can provoke: LOG_LIMIT_BURST at once, then
 * one a second. What was held back is counted and said with the next line.
 */
#define LOG_LIMIT_BURST 10

struct log_limit {
	uint64_t last_ms;	/* zero-initialise the whole */
	unsigned spent;
	unsigned held_back;
};

/* Whether a line may be written now; takes it from the ration. */
bool
log_limit_allows(struct log_limit *limit);

#define log_warn_limited(limit, ...)			\
	do {						\
		if (log_limit_allows(limit)) {		\
			log_warn(__VA_ARGS__);		\
		}					\
	} while (0)

#endif
