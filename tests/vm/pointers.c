/* SPDX-License-Identifier: MIT */
/*
 * pointers: a touchpad and a mouse that are not there, by uinput
 *
 * It says "made" when they are, and then does what each line of its standard input
 * says: "tap", with one finger on the touchpad; "scroll N", with two, in steps of a
 * millimetre; "move N" to the right, "click" and "wheel N" of the mouse, towards the
 * person if N is negative.
 *
 * Nobody waits for a finger to move: the kernel takes our word for when something
 * was, as long as that is past.
 */
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../lib/must.h"

/* 100 by 60 mm. */
#define UNITS_PER_MM 40
#define WIDTH (100 * UNITS_PER_MM)
#define HEIGHT (60 * UNITS_PER_MM)
#define FRAME_NS 10000000

static int touchpad;
static int mouse;
static struct timespec now;

static void
can(int device, unsigned long what, int code)
{
	must(ioctl(device, what, code) == 0);
}

static void
axis(int device, int code, int maximum, int resolution)
{
	const struct uinput_abs_setup setup = {
		.code = (__u16)code,
		.absinfo = { .maximum = maximum, .resolution = resolution },
	};
	can(device, UI_SET_ABSBIT, code);
	must(ioctl(device, UI_ABS_SETUP, &setup) == 0);
}

static int
open_device(void)
{
	int device = open("/dev/uinput", O_WRONLY | O_CLOEXEC);
	must(device >= 0);
	can(device, UI_SET_EVBIT, EV_KEY);
	can(device, UI_SET_KEYBIT, BTN_LEFT);
	return device;
}

static void
create(int device, const char *name, __u16 product)
{
	struct uinput_setup setup = {
		.id = { .bustype = BUS_USB, .vendor = 1, .product = product },
	};
	snprintf(setup.name, sizeof(setup.name), "%s", name);
	must(ioctl(device, UI_DEV_SETUP, &setup) == 0);
	must(ioctl(device, UI_DEV_CREATE) == 0);
}

static void
make_touchpad(void)
{
	touchpad = open_device();
	can(touchpad, UI_SET_EVBIT, EV_ABS);
	can(touchpad, UI_SET_KEYBIT, BTN_TOUCH);
	can(touchpad, UI_SET_KEYBIT, BTN_TOOL_FINGER);
	can(touchpad, UI_SET_KEYBIT, BTN_TOOL_DOUBLETAP);
	can(touchpad, UI_SET_PROPBIT, INPUT_PROP_POINTER);
	can(touchpad, UI_SET_PROPBIT, INPUT_PROP_BUTTONPAD);
	axis(touchpad, ABS_X, WIDTH, UNITS_PER_MM);
	axis(touchpad, ABS_Y, HEIGHT, UNITS_PER_MM);
	axis(touchpad, ABS_MT_SLOT, 1, 0);
	axis(touchpad, ABS_MT_TRACKING_ID, 0xffff, 0);
	axis(touchpad, ABS_MT_POSITION_X, WIDTH, UNITS_PER_MM);
	axis(touchpad, ABS_MT_POSITION_Y, HEIGHT, UNITS_PER_MM);
	create(touchpad, "a touchpad", 1);
}

static void
make_mouse(void)
{
	mouse = open_device();
	can(mouse, UI_SET_EVBIT, EV_REL);
	can(mouse, UI_SET_KEYBIT, BTN_RIGHT);
	can(mouse, UI_SET_RELBIT, REL_X);
	can(mouse, UI_SET_RELBIT, REL_Y);
	can(mouse, UI_SET_RELBIT, REL_WHEEL);
	create(mouse, "a mouse", 2);
}

static void
event(int device, int type, int code, int value)
{
	const struct input_event event = {
		.input_event_sec = now.tv_sec,
		.input_event_usec = now.tv_nsec / 1000,
		.type = (__u16)type, .code = (__u16)code, .value = value,
	};
	must(write(device, &event, sizeof(event)) == sizeof(event));
}

static void
frame(int device)
{
	event(device, EV_SYN, SYN_REPORT, 0);
	now.tv_nsec += FRAME_NS;
	if (now.tv_nsec >= 1000000000) {
		now.tv_nsec -= 1000000000;
		now.tv_sec++;
	}
}

/* The N-th of the fingers, at so many millimetres. */
static void
finger(int n, int x, int y)
{
	event(touchpad, EV_ABS, ABS_MT_SLOT, n);
	event(touchpad, EV_ABS, ABS_MT_POSITION_X, x * UNITS_PER_MM);
	event(touchpad, EV_ABS, ABS_MT_POSITION_Y, y * UNITS_PER_MM);
}

static void
down(int n, int x, int y)
{
	static int id;
	event(touchpad, EV_ABS, ABS_MT_SLOT, n);
	event(touchpad, EV_ABS, ABS_MT_TRACKING_ID, ++id);
	finger(n, x, y);
}

static void
up(int n)
{
	event(touchpad, EV_ABS, ABS_MT_SLOT, n);
	event(touchpad, EV_ABS, ABS_MT_TRACKING_ID, -1);
}

/* How many there are, for who does not count them. */
static void
touched(int tool, int value)
{
	event(touchpad, EV_KEY, BTN_TOUCH, value);
	event(touchpad, EV_KEY, tool, value);
	frame(touchpad);
}

static void
tap(void)
{
	down(0, 50, 30);
	touched(BTN_TOOL_FINGER, 1);
	up(0);
	touched(BTN_TOOL_FINGER, 0);
}

static void
scroll(int steps)
{
	const int step = steps < 0 ? -1 : 1;
	down(0, 40, 30);
	down(1, 60, 30);
	touched(BTN_TOOL_DOUBLETAP, 1);
	for (int i = step; i != steps + step; i += step) {
		finger(0, 40, 30 + i);
		finger(1, 60, 30 + i);
		frame(touchpad);
	}
	up(0);
	up(1);
	touched(BTN_TOOL_DOUBLETAP, 0);
}

static void
click(void)
{
	event(mouse, EV_KEY, BTN_LEFT, 1);
	frame(mouse);
	event(mouse, EV_KEY, BTN_LEFT, 0);
	frame(mouse);
}

static void
turn(int code, int by)
{
	event(mouse, EV_REL, code, by);
	frame(mouse);
}

int
main(void)
{
	char line[32];
	int n;
	make_touchpad();
	make_mouse();
	must(puts("made") >= 0 && fflush(stdout) == 0);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
		/* Longer than anything that is done here. */
		now.tv_sec--;
		if (strcmp(line, "tap\n") == 0) {
			tap();
		} else if (strcmp(line, "click\n") == 0) {
			click();
		} else if (sscanf(line, "scroll %d", &n) == 1) {
			scroll(n);
		} else if (sscanf(line, "move %d", &n) == 1) {
			turn(REL_X, n);
		} else {
			must(sscanf(line, "wheel %d", &n) == 1);
			turn(REL_WHEEL, n);
		}
	}
	return EXIT_SUCCESS;
}
