/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Stock QEMU has no device of virtio-wl's kind, but one for testing that takes
 * any ID and, over vhost-user, shared memory regions: this is that one.
 *
 *  - The VM's memory must be a shared memfd, or the device sees nothing of it.
 *  - The device sits behind a root port of its own, so that it can be taken
 *    out and put back (QEMU does not reconnect); the port's window must hold
 *    the region and the registers beside it, hence twice the region.
 *  - 256 entries for each queue: more than 1024 and QEMU aborts.
 *  - Sound is a device that QEMU knows. controls=on is said exactly where ours
 *    has controls; anything else and the guest's driver reads a number of them
 *    that nobody wrote.
 *  - ID 30, not virtio-wl's own 63, at which this QEMU aborts; see
 *    "Queues" in protocols/virtio-wl.md.
 */
#include "vmm-args.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

static int
add(struct wlb_vmm_args *args, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int
add(struct wlb_vmm_args *args, const char *option, const char *format, ...)
{
	assert(args->count < WLB_VMM_PAIRS_MAX);
	char **text = args->pairs[args->count++].text;
	va_list list;
	va_start(list, format);
	if (vasprintf(&text[1], format, list) < 0) {
		text[1] = NULL;
	}
	va_end(list);
	text[0] = strdup(option);
	return text[0] == NULL || text[1] == NULL ? -ENOMEM : 0;
}

/* A value inside a comma-separated list of QEMU's: its commas are doubled. */
static char *
escape_commas(const char *text)
{
	char *escaped = malloc(strlen(text) * 2 + 1);
	if (escaped == NULL) {
		return NULL;
	}
	char *out = escaped;
	for (; *text != '\0'; text++) {
		*out++ = *text;
		if (*text == ',') {
			*out++ = ',';
		}
	}
	*out = '\0';
	return escaped;
}

static int
add_qemu_sound(const struct wlb_vmm_params *params, struct wlb_vmm_args *args)
{
	if (params->sound_socket == NULL) {
		return 0;
	}
	char *socket = escape_commas(params->sound_socket);
	if (socket == NULL) {
		return -ENOMEM;
	}
	int r = add(args, "-chardev", "socket,id=wlbridge-snd,path=%s", socket);
	r |= add(args, "-device", "vhost-user-snd-pci,chardev=wlbridge-snd%s",
		params->sound_controls ? ",controls=on" : "");
	free(socket);
	return r;
}

static int
make_qemu(const struct wlb_vmm_params *params, struct wlb_vmm_args *args)
{
	char *socket = escape_commas(params->socket);
	if (socket == NULL) {
		return -ENOMEM;
	}
	uint64_t memory_mib = params->memory / MIB;
	int r = 0;
	r |= add(args, "-m", "%" PRIu64 "M", memory_mib);
	r |= add(args, "-object", "memory-backend-memfd,id=wlbridge-mem,"
		"size=%" PRIu64 "M,share=on", memory_mib);
	r |= add(args, "-machine", "memory-backend=wlbridge-mem");
	r |= add(args, "-chardev", "socket,id=wlbridge-wl,path=%s", socket);
	r |= add(args, "-device", "pcie-root-port,id=wlbridge-port,slot=%u,"
		"pref64-reserve=%" PRIu64 "G", params->slot,
		params->region_size / GIB * 2);
	r |= add(args, "-device", "vhost-user-test-device-pci,"
		"bus=wlbridge-port,virtio-id=30,num_vqs=2,vq_size=256,"
		"chardev=wlbridge-wl");
	r |= add_qemu_sound(params, args);
	free(socket);
	return r == 0 ? 0 : -ENOMEM;
}

static int
make_crosvm(const struct wlb_vmm_params *params, struct wlb_vmm_args *args)
{
	int r = 0;
	r |= add(args, "--mem", "size=%" PRIu64, params->memory / MIB);
	r |= add(args, "--vhost-user", "type=wl,socket=%s", params->socket);
	if (params->sound_socket != NULL) {
		r |= add(args, "--vhost-user", "type=snd,socket=%s",
			params->sound_socket);
	}
	return r == 0 ? 0 : -ENOMEM;
}

int
wlb_vmm_args_make(const struct wlb_vmm_params *params,
	struct wlb_vmm_args *ret)
{
	*ret = (struct wlb_vmm_args){ 0 };
	return params->vmm == WLB_VMM_CROSVM
		? make_crosvm(params, ret) : make_qemu(params, ret);
}

void
wlb_vmm_args_finish(struct wlb_vmm_args *args)
{
	for (size_t i = 0; i < args->count; i++) {
		free(args->pairs[i].text[0]);
		free(args->pairs[i].text[1]);
	}
	args->count = 0;
}

void
wlb_vmm_args_print(const struct wlb_vmm_args *args, FILE *out)
{
	for (size_t i = 0; i < args->count; i++) {
		fprintf(out, "%s %s\n", args->pairs[i].text[0],
			args->pairs[i].text[1]);
	}
}

static void
print_quoted(const char *word, FILE *out)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_=,./:";
	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			fputs("'\\''", out);
		} else {
			fputc(*word, out);
		}
	}
	fputc('\'', out);
}

void
wlb_vmm_args_print_shell(const struct wlb_vmm_args *args, FILE *out)
{
	for (size_t i = 0; i < args->count; i++) {
		if (i > 0) {
			fputc(' ', out);
		}
		print_quoted(args->pairs[i].text[0], out);
		fputc(' ', out);
		print_quoted(args->pairs[i].text[1], out);
	}
	fputc('\n', out);
}
