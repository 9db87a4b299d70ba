/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * As with a VM's other device, the listening socket is ours and outlives the
 * process. Each run gets a fresh status page and a fresh pair of sockets for
 * orders (audio/orders.h). Orders are not answered: the page shows what holds,
 * written by a process that a guest may have taken over, so it is read as such.
 *
 * Whether the microphone is on is the daemon's to say, and is said anew to each
 * run: what a person said last, else what the configuration says now. What was
 * said is forgotten with the microphone, so one that comes back by a reload is
 * not on for old times' sake.
 *
 * Volume and mute are kept by the session manager on the host, where the user's
 * mixer changes them too, so an order reaches the mixer once and is forgotten
 * here. But a VM that has made no sound yet has no place in the mixer. So until
 * the page says that the last order of a kind has arrived there, each further run
 * is told it again. What the old run's page says is read when the next run is
 * prepared, so nothing can come in between.
 */
#include "sound.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audio/orders.h"
#include "audio/status.h"
#include "broker.h"
#include "paths.h"
#include "process.h"
#include "spawn.h"
#include "util/fd.h"
#include "util/log.h"
#include "vm.h"

/* What a person ordered, until it has reached the mixer. */
struct wish {
	uint32_t said;		/* orders of the kind, to this run; 0: none */
	uint32_t value;		/* of the last */
};

struct wlb_sound {
	struct wlb_vm *vm;
	struct wlb_process *process;
	int vhost_user_fd;
	int status_fd;		/* of the run that is on, or -1 */
	int control_fd;		/* likewise: our end */
	int device_fd;		/* its end, while it is being started */
	bool mic;
	bool mic_was_said;	/* by a person: the configuration does not count */
	struct wish mute;
	struct wish volume;
};

static int
renew_fds(struct wlb_sound *sound)
{
	int pair[2];
	fd_close(&sound->status_fd);
	fd_close(&sound->control_fd);
	fd_close(&sound->device_fd);
	sound->status_fd = fd_memfd("wlbridge-sound", VSND_STATUS_SIZE,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	if (sound->status_fd < 0) {
		return sound->status_fd;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0, pair) < 0) {
		return -errno;
	}
	sound->control_fd = pair[0];
	sound->device_fd = pair[1];
	return 0;
}

/* What the last run said of itself; -ENODATA where it said nothing. */
static int
read_page(const struct wlb_sound *sound, struct vsnd_status_page *ret)
{
	struct vsnd_status_page page;
	if (pread(sound->status_fd, &page, sizeof(page), 0)
				!= (ssize_t)sizeof(page)
			|| page.magic != VSND_STATUS_MAGIC
			|| page.version != VSND_STATUS_VERSION) {
		return -ENODATA;
	}
	*ret = page;
	return 0;
}

/* Forget what has reached the mixer: it may have been changed there since. */
static void
forget_taken(struct wlb_sound *sound)
{
	struct vsnd_status_page page;
	if (read_page(sound, &page) < 0) {
		return;
	}
	if (page.mute_taken == sound->mute.said) {
		sound->mute.said = 0;
	}
	if (page.volume_taken == sound->volume.said) {
		sound->volume.said = 0;
	}
}

static int
say(const struct wlb_sound *sound, uint32_t code, uint32_t value)
{
	const struct vsnd_order order = { .code = code, .value = value };
	ssize_t n = send(sound->control_fd, &order, sizeof(order),
		MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 ? -errno : 0;
}

static int
say_again(const struct wlb_sound *sound, uint32_t code, struct wish *wish)
{
	if (wish->said == 0) {
		return 0;
	}
	wish->said = 1;
	return say(sound, code, wish->value);
}

static void
add_option(struct wlb_spawn *spawn, const char *option, const char *value)
{
	if (value[0] != '\0') {
		wlb_spawn_arg(spawn, "%s", option);
		wlb_spawn_arg(spawn, "%s", value);
	}
}

static void
add_streams(struct wlb_spawn *spawn, const struct wlb_vm_config *vm)
{
	const struct wlb_streams *streams = &vm->streams;
	wlb_spawn_arg(spawn, "--playback=%u", streams->playback);
	wlb_spawn_arg(spawn, "--capture=%u",
		vm->audio == WLB_AUDIO_DUPLEX ? streams->capture : 0u);
	if (streams->channels > 0) {
		wlb_spawn_arg(spawn, "--channels=%u", streams->channels);
	}
	add_option(spawn, "--formats", streams->formats);
	add_option(spawn, "--rates", streams->rates);
	add_option(spawn, "--mic-target", streams->mic_target);
}

static int
prepare(void *data, struct wlb_spawn *spawn)
{
	struct wlb_sound *sound = data;
	const struct wlb_config *config = sound->vm->broker->config;
	const struct wlb_vm_config *vm = &sound->vm->config;
	forget_taken(sound);
	int r = renew_fds(sound);
	if (r == 0) {
		r = say_again(sound, VSND_ORDER_MUTE, &sound->mute);
	}
	if (r == 0) {
		r = say_again(sound, VSND_ORDER_VOLUME, &sound->volume);
	}
	if (r < 0) {
		return r;
	}
	spawn->realtime = true;
	wlb_spawn_arg(spawn, "%s", config->sound_program);
	wlb_spawn_arg(spawn, "--name");
	wlb_spawn_arg(spawn, "%s", vm->name);
	wlb_spawn_arg(spawn, "--colour");
	wlb_spawn_arg(spawn, "#%06x", vm->colour & 0xffffff);
	add_option(spawn, "--icon", vm->icon);
	wlb_spawn_arg(spawn, "--fd=%d",
		wlb_spawn_fd(spawn, sound->vhost_user_fd));
	wlb_spawn_arg(spawn, "--status-fd");
	wlb_spawn_arg(spawn, "%d", wlb_spawn_fd(spawn, sound->status_fd));
	wlb_spawn_arg(spawn, "--control-fd");
	wlb_spawn_arg(spawn, "%d", wlb_spawn_fd(spawn, sound->device_fd));
	add_streams(spawn, vm);
	if (vm->sound_controls) {
		wlb_spawn_arg(spawn, "--controls");
	}
	wlb_spawn_arg(spawn, "--mic");
	wlb_spawn_arg(spawn, "%s", sound->mic ? "on" : "off");
	wlb_spawn_arg(spawn, "--log-level");
	wlb_spawn_arg(spawn, "%s", config->log_level);
	if (config->pipewire_dir != NULL) {
		wlb_spawn_env(spawn, "PIPEWIRE_RUNTIME_DIR=%s",
			config->pipewire_dir);
	}
	return spawn->error;
}

static void
handle_stopped(void *data)
{
	struct wlb_sound *sound = data;
	wlb_broker_vm_stopped(sound->vm);
}

static const struct wlb_process_ops sound_ops = {
	.prepare = prepare,
	.stopped = handle_stopped,
};

int
wlb_sound_create(struct wlb_vm *vm, struct wlb_sound **ret)
{
	char title[WLB_NAME_MAX + 32];
	struct wlb_sound *sound = calloc(1, sizeof(*sound));
	if (sound == NULL) {
		return -ENOMEM;
	}
	sound->vm = vm;
	sound->vhost_user_fd = -1;
	sound->status_fd = -1;
	sound->control_fd = -1;
	sound->device_fd = -1;
	snprintf(title, sizeof(title), "vm '%s': sound", vm->config.name);
	int r = wlb_process_create(vm->broker->loop, title, &sound_ops, sound,
		&sound->process);
	if (r < 0) {
		wlb_sound_destroy(sound);
		return r;
	}
	wlb_sound_configure(sound);
	*ret = sound;
	return 0;
}

void
wlb_sound_destroy(struct wlb_sound *sound)
{
	if (sound == NULL) {
		return;
	}
	wlb_process_destroy(sound->process);
	wlb_sound_close(sound);
	fd_close(&sound->status_fd);
	fd_close(&sound->control_fd);
	fd_close(&sound->device_fd);
	free(sound);
}

static struct wlb_path
socket_path(const struct wlb_sound *sound)
{
	return wlb_path_sound(sound->vm->broker->config->runtime_dir,
		sound->vm->config.name);
}

int
wlb_sound_open(struct wlb_sound *sound)
{
	const struct wlb_vm_config *config = &sound->vm->config;
	struct wlb_path path = socket_path(sound);
	if (sound->vhost_user_fd < 0) {
		sound->vhost_user_fd = fd_listen(path.text, 1);
		if (sound->vhost_user_fd < 0) {
			return sound->vhost_user_fd;
		}
	}
	uid_t owner = config->has_vmm_uid ? config->vmm_uid : geteuid();
	return lchown(path.text, owner, (gid_t)-1) < 0 ? -errno : 0;
}

void
wlb_sound_close(struct wlb_sound *sound)
{
	if (sound->vhost_user_fd >= 0) {
		struct wlb_path path = socket_path(sound);
		unlink(path.text);
		fd_close(&sound->vhost_user_fd);
	}
}

void
wlb_sound_start(struct wlb_sound *sound)
{
	wlb_process_start(sound->process);
}

void
wlb_sound_stop(struct wlb_sound *sound)
{
	wlb_process_stop(sound->process);
}

void
wlb_sound_restart(struct wlb_sound *sound)
{
	wlb_process_restart(sound->process);
}

bool
wlb_sound_is_stopped(const struct wlb_sound *sound)
{
	return wlb_process_get_state(sound->process) == WLB_PROCESS_STOPPED;
}

pid_t
wlb_sound_get_pid(const struct wlb_sound *sound)
{
	return wlb_process_get_pid(sound->process);
}

static int
send_order(struct wlb_sound *sound, uint32_t code, uint32_t value)
{
	/* Our copy of its end would hide that it has gone. */
	fd_close(&sound->device_fd);
	if (wlb_process_get_state(sound->process) != WLB_PROCESS_RUNNING) {
		return -ENOTCONN;
	}
	return say(sound, code, value);
}

/* A process that cannot be told is not left to go on as it was. */
static void
set_mic(struct wlb_sound *sound, bool on)
{
	sound->mic = on;
	log_info("vm '%s': the microphone is %s", sound->vm->config.name,
		on ? "on" : "off");
	int r = send_order(sound, VSND_ORDER_MIC, on);
	if (r < 0 && r != -ENOTCONN) {
		log_warn("vm '%s': its sound does not listen, and is started "
			"anew", sound->vm->config.name);
		wlb_process_restart(sound->process);
	}
}

void
wlb_sound_configure(struct wlb_sound *sound)
{
	const struct wlb_vm_config *config = &sound->vm->config;
	if (config->audio != WLB_AUDIO_DUPLEX) {
		sound->mic_was_said = false;
	}
	if (!sound->mic_was_said && sound->mic != config->mic) {
		set_mic(sound, config->mic);
	}
}

int
wlb_sound_order(struct wlb_sound *sound, uint32_t code, uint32_t value)
{
	if (code == VSND_ORDER_MIC) {
		sound->mic_was_said = true;
		set_mic(sound, value != 0);
		return 0;
	}
	int r = send_order(sound, code, value);
	if (r == 0) {
		struct wish *wish = code == VSND_ORDER_MUTE
			? &sound->mute : &sound->volume;
		wish->said++;
		wish->value = value;
	}
	return r;
}

/* JSON knows no number beyond this. */
static json_int_t
bounded(uint64_t number)
{
	return number > INT64_MAX ? INT64_MAX : (json_int_t)number;
}

static const char *
priority_name(uint32_t priority)
{
	switch (priority) {
	case VSND_PRIORITY_REALTIME:
		return "realtime";
	case VSND_PRIORITY_NICE:
		return "nice";
	case VSND_PRIORITY_SPENT:
		return "spent";
	default:
		return "normal";
	}
}

static json_t *
counters(const struct wlb_sound *sound)
{
	struct vsnd_status_page page;
	if (wlb_process_get_state(sound->process) != WLB_PROCESS_RUNNING
			|| read_page(sound, &page) < 0) {
		return json_null();
	}
	return json_pack("{s:b, s:b, s:b, s:s, s:b, s:f, s:I, s:I, s:I, s:I, s:I, "
			"s:I, s:I, s:I, s:I}",
		"front-end", page.state != VSND_STATUS_WAITING,
		"driver", page.state == VSND_STATUS_RUNNING,
		"pipewire", page.sink != 0,
		"priority", priority_name(page.priority),
		"mute", page.mute != 0,
		"volume", (double)page.volume_permille / 1000,
		"playing", bounded(page.playing),
		"recording", bounded(page.recording),
		"frames-played", bounded(page.frames_played),
		"frames-recorded", bounded(page.frames_recorded),
		"frames-missed", bounded(page.frames_missed),
		"frames-late", bounded(page.frames_late),
		"xruns", bounded(page.xruns),
		"stalls", bounded(page.stalls),
		"refused", bounded(page.refused));
}

json_t *
wlb_sound_status(const struct wlb_sound *sound)
{
	struct wlb_path path = socket_path(sound);
	return json_pack("{s:s, s:s, s:i, s:i, s:s, s:b, s:o}",
		"socket", path.text,
		"process", wlb_process_state_name(
			wlb_process_get_state(sound->process)),
		"pid", (int)wlb_process_get_pid(sound->process),
		"deaths", (int)wlb_process_get_deaths(sound->process),
		"audio", wlb_audio_name(sound->vm->config.audio),
		"microphone", sound->mic,
		"counters", counters(sound));
}
