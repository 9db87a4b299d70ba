/* SPDX-License-Identifier: MIT */
/* The sound of a VM: its vhost-user socket and its wlbridge-snd. */
#ifndef WLB_SOUND_H
#define WLB_SOUND_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct wlb_sound;
struct wlb_vm;

/* For @vm, whose configuration asks for it; nothing runs yet. 0 or -errno. */
int
wlb_sound_create(struct wlb_vm *vm, struct wlb_sound **ret);

/* A process that still runs is killed. NULL is fine. */
void
wlb_sound_destroy(struct wlb_sound *sound);

/* Make its socket, for whoever runs the VMM. 0 or -errno. */
int
wlb_sound_open(struct wlb_sound *sound);

/* Remove its socket: nobody new reaches it. */
void
wlb_sound_close(struct wlb_sound *sound);

void
wlb_sound_start(struct wlb_sound *sound);

void
wlb_sound_stop(struct wlb_sound *sound);

void
wlb_sound_restart(struct wlb_sound *sound);

bool
wlb_sound_is_stopped(const struct wlb_sound *sound);

/*
 * The VM's configuration may have changed: the microphone is as that says,
 * unless a person said otherwise.
 */
void
wlb_sound_configure(struct wlb_sound *sound);

/* Of the run that is on, or 0. */
pid_t
wlb_sound_get_pid(const struct wlb_sound *sound);

/**
 * wlb_sound_order() - Tell the running process what a person wants
 * @code: enum vsnd_order_code
 *
 * What is said of the microphone holds for later runs too, and outweighs the
 * configuration for as long as the VM has one.
 * Return: 0; but for the microphone, of which the next run is told if need be:
 * -ENOTCONN: nothing runs; -EAGAIN: it does not listen.
 */
int
wlb_sound_order(struct wlb_sound *sound, uint32_t code, uint32_t value);

/* For status: an object. */
json_t *
wlb_sound_status(const struct wlb_sound *sound);

#endif
