#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# wlbridge-compositor on DRM and libinput: what it tells of the monitor, and how a
# touchpad and a mouse behave that its configuration has a word about.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

gui=$WORK/gui
story_guest gui devices pointers
cp "$STORY_BUILD/tests/labels/labels-liar" "$gui/job/liar"
cp "$STORY_BUILD/tests/labels/labels-outputs" "$gui/job/outputs"
# No other guest has it.
xz -dc "$(module_files "$(kernel_version)" uinput)" >"$gui/job/uinput.ko"
printf '%s\n' '[mouse]' 'natural-scroll = yes' 'speed = -1' >"$gui/job/devices.conf"

# heard LINE [SECONDS [COUNT]]: the guest says it
heard() {
	wait_line "$gui/events.out" "^gui $1\$" "${2:-60}" "${VM_PID[gui]}" \
		"${3:-1}" >/dev/null
}

mapfile -t screen < <(vm_screen 1280 800)
vm_start gui "$gui" devices "$STORY_LAYER" "${screen[@]}"
must "a window is shown" heard shown 300

told() {
	printf '%s\n' 'make Unknown' 'model Unknown' 'name Virtual-1' \
		'description Virtual-1' 'xdg-name Virtual-1' \
		'xdg-description Virtual-1' | diff "$gui/job/told" - >&2
}
check "of its monitor a program is told the connector only" told

must "the pointer is over it" heard 'entered .*'
vm_tell "$gui" tap
check "a tap is a click" heard 'button 272 1'
check "which ends" heard 'button 272 0'
vm_tell "$gui" 'wheel -1'
check "the mouse's wheel turns the other way" heard 'axis 0 -15'
vm_tell "$gui" 'scroll 20'
check "the touchpad scrolls as ever" heard 'axis 0 [1-9][0-9]*'

# To the right of the pointer, there are less than 250 points of the window.
vm_tell "$gui" 'move 300'
vm_tell "$gui" click
check "a slow mouse does not get out of the window" heard 'button 272 1' 60 2
the_end
