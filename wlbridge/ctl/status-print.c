/* SPDX-License-Identifier: MIT */
#include "status-print.h"

#include <inttypes.h>
#include <string.h>

#include "config-value.h"
#include "limits.h"

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text == NULL ? "" : text;
}

static uint64_t
number_of(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));
	return value < 0 ? 0 : (uint64_t)value;
}

static bool
flag_of(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* "3", or "1.5 MiB"; @text is returned. */
static const char *
quantity(uint64_t value, bool bytes, char text[32])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	if (!bytes) {
		snprintf(text, 32, "%" PRIu64, value);
		return text;
	}
	if (value < 1024) {
		snprintf(text, 32, "%" PRIu64 " B", value);
		return text;
	}
	double scaled = (double)value / 1024;
	size_t unit = 0;
	while (scaled >= 1024 && unit < 3) {
		scaled /= 1024;
		unit++;
	}
	snprintf(text, 32, "%.1f %s", scaled, units[unit]);
	return text;
}

static void
print_heading(const json_t *vm, bool ansi, FILE *out)
{
	const char *name = text_of(vm, "name");
	const char *colour = text_of(vm, "colour");
	const char *display = text_of(vm, "display");
	uint32_t rgb;
	if (ansi && wlb_value_colour(colour, &rgb)) {
		fprintf(out, "\033[48;2;%u;%u;%um  \033[0m ", rgb >> 16,
			rgb >> 8 & 0xff, rgb & 0xff);
	}
	fprintf(out, "%s  %s  %s", name, colour, text_of(vm, "role"));
	if (display[0] != '\0') {
		fprintf(out, ", display %s", display);
	}
	fputc('\n', out);
}

/* Ends the line of a process. */
static void
print_deaths(const json_t *process, FILE *out)
{
	uint64_t deaths = number_of(process, "deaths");
	if (deaths != 0) {
		fprintf(out, ", died %" PRIu64 " times", deaths);
	}
	fputc('\n', out);
}

static void
print_device(const json_t *vm, FILE *out)
{
	const json_t *counters = json_object_get(vm, "counters");
	uint64_t pid = number_of(vm, "pid");

	fprintf(out, "  %-12s %s", "device",
		flag_of(vm, "detached") ? "detached" : text_of(vm, "device"));
	if (pid != 0) {
		fprintf(out, ", pid %" PRIu64, pid);
	}
	if (json_is_object(counters)) {
		fputs(!flag_of(counters, "front-end") ? ", no VMM"
			: flag_of(counters, "driver") ? ", in use by the guest"
			: ", VMM connected", out);
	}
	print_deaths(vm, out);
	const char *context = text_of(vm, "context");
	if (context[0] != '\0') {
		fprintf(out, "  %-12s %s\n", "context", context);
	}
	if (flag_of(vm, "stale")) {
		fprintf(out, "  %-12s its configuration changed: "
			"'wlbridge restart %s' ends the session and takes it "
			"up\n", "stale", text_of(vm, "name"));
	}
}

static bool
is_in_bytes(const char *resource)
{
	int i = wlb_limit_by_key("", resource);
	return i >= 0 && wlb_limits[i].bytes;
}

static void
print_budgets(json_t *budgets, FILE *out)
{
	const char *name;
	json_t *budget;
	json_object_foreach(budgets, name, budget) {
		char used[32], limit[32];
		bool bytes = is_in_bytes(name);
		fprintf(out, "  %-12s %s of %s\n", name,
			quantity(number_of(budget, "used"), bytes, used),
			quantity(number_of(budget, "limit"), bytes, limit));
	}
}

static void
print_counters(const json_t *counters, FILE *out)
{
	char from[32], to[32];
	fprintf(out, "  %-12s %s from the guest, %s to it\n", "traffic",
		quantity(number_of(counters, "bytes-from-guest"), true, from),
		quantity(number_of(counters, "bytes-to-guest"), true, to));
	uint64_t refused = number_of(counters, "refused");
	if (refused > 0) {
		fprintf(out, "  %-12s %" PRIu64 " commands, %" PRIu64
			" of them for want of budget\n", "refused", refused,
			number_of(counters, "over-budget"));
	}
	print_budgets(json_object_get(counters, "budgets"), out);
}

/* Where it is not as it should be. */
static void
print_priority(const char *priority, FILE *out)
{
	if (strcmp(priority, "spent") == 0) {
		fputs(", slowed down for what the guest asks of it", out);
	} else if (strcmp(priority, "realtime") != 0) {
		fputs(", not realtime", out);
	}
}

static void
print_sound(const json_t *sound, FILE *out)
{
	const json_t *counters = json_object_get(sound, "counters");
	fprintf(out, "  %-12s %s, %s", "sound", text_of(sound, "audio"),
		text_of(sound, "process"));
	if (json_is_object(counters)) {
		fputs(!flag_of(counters, "pipewire") ? ", no PipeWire"
			: number_of(counters, "playing") > 0 ? ", playing"
			: ", quiet", out);
		fprintf(out, ", volume %.2f%s", json_number_value(
				json_object_get(counters, "volume")),
			flag_of(counters, "mute") ? ", muted" : "");
		print_priority(text_of(counters, "priority"), out);
	}
	print_deaths(sound, out);
	if (strcmp(text_of(sound, "audio"), "duplex") == 0) {
		bool mic = flag_of(sound, "microphone");
		fprintf(out, "  %-12s %s%s\n", "microphone",
			mic ? "ON" : "off",
			number_of(counters, "recording") == 0 ? ""
			: mic ? ", and the guest records"
			: ", and the guest records silence");
	}
}

void
wlb_status_print(const json_t *vm, bool ansi, FILE *out)
{
	const json_t *counters = json_object_get(vm, "counters");
	print_heading(vm, ansi, out);
	print_device(vm, out);
	if (json_is_object(counters)) {
		print_counters(counters, out);
	}
	const json_t *sound = json_object_get(vm, "sound");
	if (json_is_object(sound)) {
		print_sound(sound, out);
	}
}
