/* SPDX-License-Identifier: MIT */
#include "config-value.h"

#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>

#include "config.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
wlb_value_is_name(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return len > 0 && len <= WLB_NAME_MAX && text[len] == '\0';
}

bool
wlb_value_is_icon(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
	return len > 0 && len <= WLB_ICON_MAX && text[len] == '\0';
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	if (c >= 'A' && c <= 'F') {
		c = (char)(c - 'A' + 'a');
	}
	const char *at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

bool
wlb_value_colour(const char *text, uint32_t *ret)
{
	if (text[0] != '#' || strlen(text) != 7) {
		return false;
	}
	uint32_t colour = 0;
	for (int i = 1; i < 7; i++) {
		int digit = hex_digit(text[i]);
		if (digit < 0) {
			return false;
		}
		colour = colour << 4 | (uint32_t)digit;
	}
	*ret = colour;
	return true;
}

/* The number at the start of @text; *@ret_end is what follows it. */
static bool
leading_number(const char *text, uint64_t *ret, const char **ret_end)
{
	uint64_t value = 0;
	const char *c = text;
	for (; is_digit(*c); c++) {
		uint64_t digit = (uint64_t)(*c - '0');
		if (value > (UINT64_MAX - digit) / 10) {
			return false;
		}
		value = value * 10 + digit;
	}
	if (c == text) {
		return false;
	}
	*ret = value;
	*ret_end = c;
	return true;
}

bool
wlb_value_count(const char *text, uint64_t *ret)
{
	uint64_t value;
	const char *end;
	if (!leading_number(text, &value, &end) || *end != '\0') {
		return false;
	}
	*ret = value;
	return true;
}

bool
wlb_value_size(const char *text, uint64_t *ret)
{
	uint64_t value;
	const char *end;
	if (!leading_number(text, &value, &end)) {
		return false;
	}
	unsigned shift = 0;
	switch (*end) {
	case 'K':
		shift = 10;
		break;
	case 'M':
		shift = 20;
		break;
	case 'G':
		shift = 30;
		break;
	case '\0':
		*ret = value;
		return true;
	default:
		return false;
	}
	if (end[1] != '\0' || value > UINT64_MAX >> shift) {
		return false;
	}
	*ret = value << shift;
	return true;
}

bool
wlb_value_is_path(const char *text)
{
	if (text[0] != '/' || text[1] == '\0') {
		return false;
	}
	while (*text != '\0') {
		text++;		/* the slash */
		size_t len = strcspn(text, "/");
		if (len == 0 || (len == 1 && text[0] == '.')
				|| (len == 2 && strncmp(text, "..", 2) == 0)) {
			return false;
		}
		text += len;
	}
	return true;
}

bool
wlb_value_user(const char *text, uid_t *ret_uid, gid_t *ret_gid)
{
	uint64_t number;
	const struct passwd *entry;
	if (wlb_value_count(text, &number)) {
		if (number >= (uid_t)-1) {
			return false;
		}
		entry = getpwuid((uid_t)number);
	} else {
		entry = getpwnam(text);
	}
	if (entry == NULL) {
		return false;
	}
	*ret_uid = entry->pw_uid;
	*ret_gid = entry->pw_gid;
	return true;
}

bool
wlb_value_group(const char *text, gid_t *ret)
{
	uint64_t number;
	const struct group *entry;
	if (wlb_value_count(text, &number)) {
		if (number >= (gid_t)-1) {
			return false;
		}
		entry = getgrgid((gid_t)number);
	} else {
		entry = getgrnam(text);
	}
	if (entry == NULL) {
		return false;
	}
	*ret = entry->gr_gid;
	return true;
}
