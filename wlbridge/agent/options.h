/* SPDX-License-Identifier: MIT */
/* What the subcommands' command lines have in common. */
#ifndef WLB_AGENT_OPTIONS_H
#define WLB_AGENT_OPTIONS_H

#define WLB_EXIT_USAGE 2

/* A descriptor number given by whoever started us, or -1 if that is none. */
int
wlb_options_fd(const char *text);

/* Log from that level on. Return: 0, or -1 for no such level. */
int
wlb_options_log_level(const char *text);

/* Say on @fd that we serve, and close it; -1 is nobody to tell. */
void
wlb_options_ready(int fd);

/* The subcommands: argv[0] is their name. Return: the exit status. */
int
wlb_app_main(int argc, char *argv[]);

int
wlb_display_main(int argc, char *argv[]);

int
wlb_context_main(int argc, char *argv[]);

#endif
