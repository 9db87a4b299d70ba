#!/bin/bash
# SPDX-License-Identifier: MIT
# Screens come, change and go; labels are always on one of them, whole.
. "$(dirname "$0")/lib.sh"

needs grim
mkfifo "$WORK/screens" "$WORK/screens.done"
exec {SCREENS_DONE}<>"$WORK/screens.done"
# The module is no more sanitized than what it is loaded into.
COMPOSITOR_ENV=("LD_PRELOAD=$WLB_SCREENS" "SCREENS=$WORK/screens"
	"ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")
must 'the compositor starts' compositor_start

# screen VERB...: see screens.c
screen() {
	echo "$*" >"$WORK/screens"
	IFS= read -r -t "$PATIENCE" -u "$SCREENS_DONE" _
}
# keyboard_at X COLOUR: says the strip that begins there
keyboard_at() {
	picture shot && judge pixel shot "$2" $(($1 + 80)) 4
}
# named: the honest window's name, with the border beside it, is to be seen
named() {
	picture shot && judge holds shot "$WORK/honest.ppm" "$FRAME_X" \
		"$FRAME_Y" 50 28
}

must 'a window is shown' lie work honest
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
check 'another screen comes' screen add
check 'its strip says the same' keyboard_at 900 "$WORK_COLOUR"
check 'the window is as it was' named

WIDTH=1800
must 'a mouse is there' hand_start
hand to 140 80
hand down
hand to 1400 380
hand up
check 'it can be moved there' named
check 'and is there' judge only shot "$PAINT" 900 24 900 576
check 'that screen becomes small' screen mode 1 260 120
check 'the name is to be seen' named
check 'and nothing on the strip' judge only shot "$PAINT" 900 24 260 96
check 'it goes' screen remove 1
check 'the name is to be seen on the other' named
check 'which becomes small, too' screen mode 0 260 120
check 'and still has it' named

check 'no screen is left' screen remove 0
as work second "$WLB_LIAR" honest
check 'a window may come even then' saw second '^shown$'
check 'a screen comes again' screen add
check 'it has a strip' keyboard_at 0 "$WORK_COLOUR"
check 'and windows with their names' named

# What there is no room for on one strip is not on the next.
as personal third "$WLB_LIAR" honest
saw third '^shown$'
picture shot
check 'another VM waits' judge pixel shot "$PERSONAL_COLOUR" 210 4
check 'a screen beside a narrow one' screen add
screen mode 0 212 300
strip_begins() {
	local x
	picture shot || return
	for x in 0 3 7; do
		judge pixel shot 000000 $((212 + x)) 4 || return
	done
}
check 'has a strip of its own' strip_begins
check 'that says the same' keyboard_at 212 "$WORK_COLOUR"
check 'the compositor ends as it should' ended_well
the_end
