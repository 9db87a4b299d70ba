#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Wayfire with the plugin, on two screens: a client that goes from one to the other,
# screens that are unplugged and plugged in again, and all of them locked.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tests/vm/lib/wayfire.sh"

wayfire_ini session-lock
cat >>"$gui/job/wayfire.ini" <<-END
	[output:Virtual-1]
	position = 0, 0
	[output:HEADLESS-1]
	mode = 800x600
	position = $WIDTH, 0
END
touch "$gui/job/screens"
cp "$STORY_BUILD/tests/labels/labels-outputs" "$gui/job/outputs"
wayfire_start

# second NAME OPTION...: change the second screen
second() {
	run "$1" local wlr-randr --output HEADLESS-1 "${@:2}" &&
		heard "$1 ended"
}

run told web /run/job/outputs
check "a VM is told of both screens" heard 'told ended'
check "by the names of their connectors" test 4 = "$(grep -cE \
	'gui told (xdg-)?description (Virtual|HEADLESS)-1$' "$gui/events.out")"
check "and nothing of the monitors" \
	never told '(make|model) [^U].*'

# In its strip there is no room for two names.
second narrow --custom-mode 216x400
start typed work /run/job/liar honest
check "a window of a VM has the keyboard" heard 'typed focus'
run thief web /run/job/liar screens
check "another VM's goes from screen to screen" heard 'thief went'
check "it does not have the keyboard for that" never thief focus
check "its dialog does the same" heard 'thief shown'
hand key x
check "what is typed still goes to the first" heard 'typed key 45 0'
check "and not to the other" never thief 'key.*'
picture narrow
check "a strip says who waits" judge pixel narrow "$WEB_COLOUR" 202 3
check "a narrow one who has the keyboard" judge pixel narrow "$WORK_COLOUR" \
	$((WIDTH + 78)) 3
whole_names() {
	! judge pixel narrow "$WEB_COLOUR" $((WIDTH + 202)) 3
}
check "and no half of the other name" whole_names
end thief
end typed

# The kernel takes the first away, and a setting the second.
cat >"$gui/job/plug" <<-END
	#!/bin/sh
	echo "\$1" >/sys/class/drm/card0-Virtual-1/status
	echo change >/sys/class/drm/card0/uevent
END
chmod +x "$gui/job/plug"
plug() {
	run "$1" local /run/job/plug "$2" && heard "$1 ended"
}

second wide --custom-mode 800x600
start stays work /run/job/liar honest
heard 'stays focus'
plug out off
check "the screen with a window is unplugged" \
	logged 'remove output: Virtual-1'
picture other
check "the window is on the other, with its name" judge pixel other \
	"$WORK_COLOUR" 309 219
check "and below a strip" judge pixel other "$WORK_COLOUR" 78 3
second none --off
plug in on
check "it is plugged in again, when there was none, and both are back" \
	logged 'remove output: NOOP-1'
picture back
# Wayfire chooses which of them.
on_one() {
	judge pixel back "$WORK_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6)) ||
		judge pixel back "$WORK_COLOUR" $((WIDTH + 309)) 219
}
check "the window is on one of them, with its name" on_one
check "below a strip" judge pixel back "$WORK_COLOUR" 78 3
check "which the other has as well" judge pixel back "$WORK_COLOUR" \
	$((WIDTH + 78)) 3
hand key x
check "what is typed goes to the window" heard 'stays key 45 0'

# Locked by a program of the compositor's own machine.
run locker local swaylock -R 1 -c 303050
check "the screens are locked" heard 'locker '
start late web /run/job/liar popup-over-title
picture locked
check "no window is in front of that" judge none locked "$PAINT"
check "the strip is, and says that one waits" judge pixel locked \
	"$WEB_COLOUR" 202 3
hand key y
hand key ret
check "what is typed goes to the lock" \
	awaited "$pictures/log" 'pam_authenticate failed'
check "and nowhere else" never '(stays|late)' 'key (21|28) .*'
run unlock local pkill -o -USR1 -x swaylock
heard 'locker ended'
end late
hand key x
check "but to the window when it is gone" heard 'stays key 45 0' 180 2
end stays

# The first is where windows appear.
hand move 100 650
hand button left
check "Wayfire is still there, with windows" lie web honest
picture last
check "which have their names" judge pixel last "$WEB_COLOUR" \
	$((FRAME_X + 6)) $((FRAME_Y + 6))
tell quit
check "and ends when it is asked to" heard 'ended 0'
the_end
