/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "errors.h"
#include "util/fd.h"

/* Load @text; the file's name in @errors is the returned descriptor's. */
static int
load(const char *text, const char *runtime_dir, struct wlb_errors *errors,
	struct wlb_config **ret)
{
	int fd = fd_memfd("conf", 0, 0);
	assert_true(fd >= 0);
	size_t len = strlen(text);
	assert_int_equal(pwrite(fd, text, len, 0), (ssize_t)len);
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int r = wlb_config_load(path, runtime_dir, errors, ret);
	fd_close(&fd);
	return r;
}

static struct wlb_config *
load_good(const char *text)
{
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	int r = load(text, NULL, &errors, &config);
	for (size_t i = 0; i < wlb_errors_kept(&errors); i++) {
		print_message("%s\n", errors.lines[i]);
	}
	assert_int_equal(r, 0);
	assert_int_equal(errors.count, 0);
	return config;
}

/* Whether some error is for @line and says @words; any line if that is 0. */
static bool
is_said(const struct wlb_errors *errors, unsigned line, const char *words)
{
	char mark[16];
	snprintf(mark, sizeof(mark), ":%u: ", line);
	for (size_t i = 0; i < wlb_errors_kept(errors); i++) {
		const char *text = errors->lines[i];
		if (strstr(text, words) != NULL
				&& (line == 0 || strstr(text, mark) != NULL)) {
			return true;
		}
	}
	return false;
}

#define GUI "[vm gui]\ncolour = #101010\nrole = compositor\n"
#define WORK "[vm work]\ncolour = #3584e4\nrole = application\n" \
	"display = gui\n"

static void
sound_is_asked_for_and_its_microphone_too(void **state)
{
	(void)state;
	struct wlb_config *config = load_good(
		"[bridge]\npipewire-dir = /run/user/1000\n"
		GUI
		WORK "audio = duplex\nmic = on\nsound-controls = on\n"
		"[vm home]\ncolour = #00ff00\nrole = compositor\n"
		"audio = playback\nmic = off\nicon = user-home_2.x\n");
	assert_string_equal(config->pipewire_dir, "/run/user/1000");
	const struct wlb_vm_config *vm = wlb_config_find(config, "gui");
	assert_int_equal(vm->audio, WLB_AUDIO_NONE);
	assert_false(vm->mic);
	vm = wlb_config_find(config, "work");
	assert_int_equal(vm->audio, WLB_AUDIO_DUPLEX);
	assert_true(vm->mic);
	assert_true(vm->sound_controls);
	assert_string_equal(vm->icon, "");
	vm = wlb_config_find(config, "home");
	assert_false(vm->sound_controls);
	assert_int_equal(vm->audio, WLB_AUDIO_PLAYBACK);
	assert_string_equal(vm->icon, "user-home_2.x");
	wlb_config_destroy(config);
}

static void
streams_are_as_asked_for_or_the_devices_own(void **state)
{
	(void)state;
	struct wlb_config *config = load_good(
		GUI "audio = duplex\nplayback-streams = 8\n"
		"capture-streams = 0\nsound-formats = S16,U8\n"
		"sound-rates = 8000,192000\nsound-channels = 6\n"
		"mic-target = alsa_input.usb-1\n"
		WORK "audio = duplex\n");
	const struct wlb_streams *streams =
		&wlb_config_find(config, "gui")->streams;
	assert_int_equal(streams->playback, 8);
	assert_int_equal(streams->capture, 0);
	assert_int_equal(streams->channels, 6);
	assert_string_equal(streams->formats, "S16,U8");
	assert_string_equal(streams->rates, "8000,192000");
	assert_string_equal(streams->mic_target, "alsa_input.usb-1");
	streams = &wlb_config_find(config, "work")->streams;
	assert_int_equal(streams->playback, 1);
	assert_int_equal(streams->capture, 1);
	assert_int_equal(streams->channels, 0);
	assert_string_equal(streams->formats, "");
	assert_string_equal(streams->rates, "");
	assert_string_equal(streams->mic_target, "");
	wlb_config_destroy(config);
}

static void
a_whole_configuration_is_read(void **state)
{
	(void)state;
	struct wlb_config *config = load_good(
		"; a comment\n"
		"# another\n"
		"[bridge]\n"
		"runtime-dir = /run/other\n"
		"host-display = /run/user/1000/wayland-1\n"
		"log-level = debug\n"
		"vmm-user = root\n"
		"\n"
		GUI
		"peer-max-queued = 8K\n"
		"[vm  work]\n"
		"\tcolour = #3584E4 ; blue\n"
		"  role=application\n"
		"display = gui\n"
		"max-memory = 512M\n"
		"max-connections = 0\n"
		"region-size = 16G\n"
		"[vm home]\ncolour = #00ff00\nrole = application\n"
		"display = host");
	assert_string_equal(config->runtime_dir, "/run/other");
	assert_string_equal(config->host_display, "/run/user/1000/wayland-1");
	assert_string_equal(config->log_level, "debug");
	assert_int_equal(config->vm_count, 3);

	const struct wlb_vm_config *gui = wlb_config_find(config, "gui");
	assert_non_null(gui);
	assert_int_equal(gui->role, WLB_ROLE_COMPOSITOR);
	assert_string_equal(gui->display, "");
	assert_int_equal(gui->region_size, WLB_REGION_SIZE_DEFAULT);
	assert_true(gui->has_vmm_uid);
	assert_int_equal(gui->vmm_uid, 0);
	int queued = wlb_limit_by_key("peer-max-", "peer-max-queued");
	assert_true(gui->peer_limits.given[queued]);
	assert_int_equal(gui->peer_limits.value[queued], 8192);

	const struct wlb_vm_config *work = wlb_config_find(config, "work");
	assert_non_null(work);
	assert_int_equal(work->colour, 0x3584e4);
	assert_int_equal(work->role, WLB_ROLE_APPLICATION);
	assert_string_equal(work->display, "gui");
	assert_int_equal(work->region_size, UINT64_C(16) << 30);
	int memory = wlb_limit_by_key("max-", "max-memory");
	int connections = wlb_limit_by_key("max-", "max-connections");
	int pipes = wlb_limit_by_key("max-", "max-pipes");
	assert_int_equal(work->limits.value[memory], 512 << 20);
	assert_true(work->limits.given[connections]);
	assert_int_equal(work->limits.value[connections], 0);
	assert_false(work->limits.given[pipes]);

	assert_string_equal(wlb_config_find(config, "home")->display, "host");
	assert_null(wlb_config_find(config, "away"));
	wlb_config_destroy(config);
}

static const struct {
	const char *text;
	unsigned line;
	const char *words;
} faults[] = {
	{ "x = 1\n", 1, "outside of a section" },
	{ "[bridge]\nfoo = 1\n", 2, "unknown key 'foo'" },
	{ "[bridge]\nlog-level = loud\n", 2, "error, warn, info or debug" },
	{ "[bridge]\nruntime-dir = run\n", 2, "an absolute path" },
	{ "[bridge]\nruntime-dir = /run/../etc\n", 2, "an absolute path" },
	{ "[bridge]\nhost-display = /run/\n", 2, "an absolute path" },
	{ "[bridge]\nuser = no-such-user\n", 2, "a user of this system" },
	{ "[bridge]\ncontrol-group = no-such-group\n", 2, "a group of this" },
	{ "[bridge]\nlog-level = info\nlog-level = info\n", 3,
		"second 'log-level'" },
	{ "[bridge]\n[bridge]\n", 2, "second [bridge]" },
	{ "[sound]\nx = 1\n", 1, "unknown section [sound]" },
	{ "[bridge\n", 1, "expected a section" },
	{ "[]\n", 1, "expected a section" },
	{ "[bridge]\nlog-level\n", 2, "expected key = value" },
	{ "[vm Work]\n", 1, "bad VM name 'Work'" },
	{ "[vm ]\n", 1, "bad VM name ''" },
	{ "[vm]\n", 1, "unknown section [vm]" },
	{ "[vm a.b]\n", 1, "bad VM name" },
	{ "[vm a234567890123456789012345678901]\n"
		"[vm a2345678901234567890123456789012]\n", 2, "bad VM name" },
	{ "[vm host]\n", 1, "the host's own display" },
	{ "[vm local]\n", 1, "a compositor's for its own programs" },
	{ GUI GUI, 4, "second [vm gui]: expected one, and line 1 has it" },
	{ "[vm a]\nrole = compositor\n", 1, "expected a colour" },
	{ "[vm a]\ncolour = #000000\n", 1, "expected a role" },
	{ "[vm a]\ncolour = blue\nrole = compositor\n", 2, "#rrggbb" },
	{ "[vm a]\ncolour = #12345\nrole = compositor\n", 2, "#rrggbb" },
	{ "[vm a]\ncolour = #12345g\nrole = compositor\n", 2, "#rrggbb" },
	{ "[vm a]\nrole = boss\n", 2, "application or compositor" },
	{ "[vm a]\ncolour = #000000\nrole = application\n", 1,
		"expected a display" },
	{ WORK, 4, "expected host or a VM of this file" },
	{ GUI WORK "[vm b]\ncolour = #000000\nrole = application\n"
		"display = work\n", 11, "role = compositor (line 4)" },
	{ GUI "display = gui\n", 4, "expected another VM than itself" },
	{ GUI "display = host\n", 4, "expected host-display in [bridge]" },
	{ GUI "display = a b\n", 4, "the name of a VM, or host" },
	{ GUI "max-memory = 1T\n", 4, "a number of bytes" },
	{ GUI "max-memory = 99999999999G\n", 4, "a number of bytes" },
	{ GUI "max-memory = 18446744073709551616\n", 4, "a number of bytes" },
	{ GUI "max-memory =\n", 4, "a number of bytes" },
	{ GUI "max-pipes = 4K\n", 4, "a number" },
	{ GUI "max-pipes = -1\n", 4, "a number" },
	{ GUI "max-windows = 1\n", 4, "unknown key 'max-windows'" },
	{ GUI "region-size = 3G\n", 4, "a power of two" },
	{ GUI "region-size = 256M\n", 4, "a power of two" },
	{ GUI "vmm-user = no-such-user\n", 4, "a user of this system" },
	{ GUI "audio = loud\n", 4, "none, playback or duplex" },
	{ GUI "audio = duplex\nmic = yes\n", 5, "on or off" },
	{ GUI "audio = playback\nmic = on\n", 1, "audio = duplex" },
	{ GUI "audio = duplex\nsound-controls = yes\n", 5, "on or off" },
	{ GUI "sound-controls = on\n", 1, "audio = playback or duplex" },
	{ GUI "audio = duplex\nplayback-streams = 9\n", 5, "from 0 to 8" },
	{ GUI "audio = duplex\ncapture-streams = -1\n", 5, "from 0 to 8" },
	{ GUI "audio = duplex\nsound-channels = 0\n", 5, "from 1 to 8" },
	{ GUI "audio = duplex\nsound-channels = 9\n", 5, "from 1 to 8" },
	{ GUI "audio = duplex\nsound-formats = S16,MP3\n", 5, "formats of" },
	{ GUI "audio = duplex\nsound-formats = S16, S32\n", 5, "formats of" },
	{ GUI "audio = duplex\nsound-formats =\n", 5, "formats of" },
	{ GUI "audio = duplex\nsound-formats = S16,\n", 5, "formats of" },
	{ GUI "audio = duplex\nsound-rates = 48001\n", 5, "rates in Hz" },
	{ GUI "audio = duplex\nsound-rates = 48000 Hz\n", 5, "rates in Hz" },
	{ GUI "audio = duplex\nmic-target =\n", 5, "the name of a node" },
	{ GUI "playback-streams = 1\n", 1,
		"playback-streams: expected audio = playback or duplex" },
	{ GUI "sound-rates = 48000\n", 1, "audio = playback or duplex" },
	{ GUI "audio = playback\ncapture-streams = 2\n", 1,
		"capture-streams: expected audio = duplex" },
	{ GUI "audio = playback\nmic-target = x\n", 1,
		"mic-target: expected audio = duplex" },
	{ GUI "icon = /usr/share/x.png\n", 4, "the name of an icon" },
	{ GUI "icon =\n", 4, "the name of an icon" },
	{ GUI "icon = 0123456789012345678901234567890123456789012345678901"
		"234567890123\n", 4, "the name of an icon" },
};

static void
every_fault_is_named_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct wlb_errors errors = { 0 };
		struct wlb_config *config = NULL;
		int r = load(faults[i].text, NULL, &errors, &config);
		if (r != -EINVAL || !is_said(&errors, faults[i].line,
				faults[i].words)) {
			fail_msg("not said of line %u: '%s' of\n%s%s",
				faults[i].line, faults[i].words,
				faults[i].text, errors.count > 0
					? errors.lines[0] : "(no error)");
		}
		assert_null(config);
		wlb_errors_finish(&errors);
	}
}

static void
all_faults_of_a_file_are_said_at_once(void **state)
{
	(void)state;
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	assert_int_equal(load("[bridge]\nfoo = 1\nlog-level = x\n[vm A]\n"
		"colour = nonsense that is not read\n[vm b]\ncolour = 1\n",
		NULL, &errors, &config), -EINVAL);
	assert_true(is_said(&errors, 2, "foo"));
	assert_true(is_said(&errors, 3, "log-level"));
	assert_true(is_said(&errors, 4, "'A'"));
	assert_true(is_said(&errors, 7, "colour"));
	assert_true(is_said(&errors, 6, "expected a role"));
	assert_int_equal(errors.count, 5);
	wlb_errors_finish(&errors);
}

static void
a_fault_is_never_said_twice(void **state)
{
	(void)state;
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	assert_int_equal(load("[bridge\nx = 1\n", NULL, &errors, &config),
		-EINVAL);
	assert_int_equal(errors.count, 1);
	wlb_errors_finish(&errors);
}

static void
lines_too_long_or_with_a_nul_are_refused(void **state)
{
	(void)state;
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	char text[300] = "[bridge]\n; ";
	memset(text + 11, 'x', 250);
	assert_int_equal(load(text, NULL, &errors, &config), -EINVAL);
	assert_true(is_said(&errors, 2, "at most 190 bytes"));
	wlb_errors_finish(&errors);

	int fd = fd_memfd("conf", 0, 0);
	assert_int_equal(write(fd, "[bridge]\nlog-level = info\0x\n", 28), 28);
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_int_equal(wlb_config_load(path, NULL, &errors, &config),
		-EINVAL);
	assert_true(is_said(&errors, 2, "of text"));
	wlb_errors_finish(&errors);
	fd_close(&fd);
}

static void
a_file_that_is_not_there_is_a_fault(void **state)
{
	(void)state;
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	assert_int_equal(wlb_config_load("/nonexistent/x.conf", NULL, &errors,
		&config), -EINVAL);
	assert_true(is_said(&errors, 0, "No such file"));
	wlb_errors_finish(&errors);
}

static void
sockets_that_would_not_fit_are_a_fault(void **state)
{
	(void)state;
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	char dir[91] = "/";
	memset(dir + 1, 'd', 89);
	assert_int_equal(load(GUI WORK, dir, &errors, &config), -EINVAL);
	assert_true(is_said(&errors, 4, "a socket may have 107"));
	assert_int_equal(errors.count, 1);
	wlb_errors_finish(&errors);

	/* "/vm/", 31 bytes and "/wl.sock" fill it, "/snd.sock" does not fit. */
	static const char longest[] = "[vm a234567890123456789012345678901]\n"
		"colour = #000000\nrole = compositor\n";
	char sound[sizeof(longest) + 32];
	snprintf(sound, sizeof(sound), "%saudio = playback\n", longest);
	dir[107 - 4 - 31 - 8] = '\0';
	assert_int_equal(load(longest, dir, &errors, &config), 0);
	wlb_config_destroy(config);
	config = NULL;
	assert_int_equal(load(sound, dir, &errors, &config), -EINVAL);
	assert_true(is_said(&errors, 1, "snd.sock has 108 bytes"));
	wlb_errors_finish(&errors);
}

static void
the_run_time_directory_can_be_overridden(void **state)
{
	(void)state;
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	assert_int_equal(load("[bridge]\nruntime-dir = /run/x\n" GUI, "/tmp/y",
		&errors, &config), 0);
	assert_string_equal(config->runtime_dir, "/tmp/y");
	wlb_config_destroy(config);
	assert_int_equal(load(GUI, "relative", &errors, &config), -EINVAL);
	wlb_errors_finish(&errors);
}

static void
the_sixty_fifth_vm_is_refused(void **state)
{
	(void)state;
	static char text[WLB_VMS_MAX * 64 + 128];
	size_t len = 0;
	for (int i = 0; i <= WLB_VMS_MAX; i++) {
		len += (size_t)sprintf(text + len, "[vm v%d]\n"
			"colour = #000000\nrole = compositor\n", i);
	}
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	assert_int_equal(load(text, NULL, &errors, &config), -EINVAL);
	assert_int_equal(errors.count, 1);
	assert_true(is_said(&errors, WLB_VMS_MAX * 3 + 1, "64 VMs at most"));
	wlb_errors_finish(&errors);
}

static void
a_new_colour_or_icon_leaves_a_vm_the_same_and_a_new_budget_does_not(
	void **state)
{
	(void)state;
	struct wlb_config *a = load_good(GUI WORK);
	struct wlb_config *b = load_good(GUI "max-vfds = 7\n"
		"[vm work]\ncolour = #ffffff\nrole = application\n"
		"display = gui\nicon = x\n");
	assert_true(wlb_vm_config_same(wlb_config_find(a, "work"),
		wlb_config_find(b, "work")));
	assert_false(wlb_vm_config_same(wlb_config_find(a, "gui"),
		wlb_config_find(b, "gui")));
	wlb_config_destroy(a);
	wlb_config_destroy(b);
}

static void
a_vm_with_other_streams_is_not_the_same(void **state)
{
	(void)state;
	static const char *const keys[] = {
		"playback-streams = 2", "capture-streams = 2",
		"sound-formats = S16", "sound-rates = 48000",
		"sound-channels = 4", "mic-target = mic",
	};
	struct wlb_config *a = load_good(GUI "audio = duplex\n");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char text[128];
		snprintf(text, sizeof(text), GUI "audio = duplex\n%s\n",
			keys[i]);
		struct wlb_config *b = load_good(text);
		assert_false(wlb_vm_config_same(a->vms, b->vms));
		wlb_config_destroy(b);
	}
	wlb_config_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_is_asked_for_and_its_microphone_too),
		cmocka_unit_test(streams_are_as_asked_for_or_the_devices_own),
		cmocka_unit_test(a_whole_configuration_is_read),
		cmocka_unit_test(every_fault_is_named_with_its_line),
		cmocka_unit_test(all_faults_of_a_file_are_said_at_once),
		cmocka_unit_test(a_fault_is_never_said_twice),
		cmocka_unit_test(lines_too_long_or_with_a_nul_are_refused),
		cmocka_unit_test(a_file_that_is_not_there_is_a_fault),
		cmocka_unit_test(sockets_that_would_not_fit_are_a_fault),
		cmocka_unit_test(the_run_time_directory_can_be_overridden),
		cmocka_unit_test(the_sixty_fifth_vm_is_refused),
		cmocka_unit_test(
			a_new_colour_or_icon_leaves_a_vm_the_same_and_a_new_budget_does_not),
		cmocka_unit_test(a_vm_with_other_streams_is_not_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
