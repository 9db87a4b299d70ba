/* SPDX-License-Identifier: MIT */
/* Fontconfig keeps what it has read for the life of the process. */
__attribute__((visibility("default"))) const char *
__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}
