#!/bin/bash
# SPDX-License-Identifier: MIT
# Screens of monitors that the configuration names: which are used, how, and that
# nobody else hears the names.
. "$(dirname "$0")/lib.sh"

needs grim wlr-randr
mkfifo "$WORK/screens" "$WORK/screens.done"
exec {SCREENS_DONE}<>"$WORK/screens.done"
# The module is no more sanitized than what it is loaded into.
COMPOSITOR_ENV=("LD_PRELOAD=$WLB_SCREENS" "SCREENS=$WORK/screens"
	"ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")
must 'the compositor starts' compositor_start \
	'[output Maker Screen 1]' 'enabled = no' \
	'[output Maker Screen 2]' 'mode = 1000x800' 'scale = 2' \
	'[output HEADLESS-2]' 'scale = 1.25' \
	'[output Maker Screen 3]' 'mode = 700x399' 'scale = 4' \
	'position = -5000,0' \
	'[output Maker Screen 4]' 'position = 899,10' \
	'[output Maker Screen 5]' 'position = 0,0'

# screen VERB...: see screens.c
screen() {
	echo "$*" >"$WORK/screens"
	IFS= read -r -t "$PATIENCE" -u "$SCREENS_DONE" _
}
# is SCREEN TEXT...: says wlr-randr of it
is() {
	local text
	on_host wlr-randr | sed -n "/^HEADLESS-$1 /,/^HEADLESS/p" \
		>"$WORK/screen.log"
	for text in "${@:2}"; do
		grep -q "^ *$text\$" "$WORK/screen.log" || return
	done
}
named() {
	picture shot && judge holds shot "$WORK/whole.ppm" "$FRAME_X" \
		"$FRAME_Y" 308 28
}
nobody_hears() {
	on_host wlr-randr >"$WORK/heard"
	on_host "$WLB_OUTPUTS" >>"$WORK/heard"
	WAYLAND_DISPLAY=$WORK/work.sock "$WLB_OUTPUTS" >>"$WORK/heard"
	grep -q HEADLESS-1 "$WORK/heard" \
		&& ! grep -E 'Maker|Screen' "$WORK/heard" >&2
}
check 'the log says how to name a screen' saw compositor \
	'output HEADLESS-1: Maker Screen 1$'
check 'and nobody else' nobody_hears
check 'one that is not wanted is used where it is the only one' is 1 \
	'Enabled: yes'
as work liar "$WLB_LIAR" honest
must 'a window is shown' saw liar '^shown$'
picture whole

check 'another one comes' screen add
check 'it is as its sections say, the later of them in doubt' is 2 \
	'Enabled: yes' '1000x800 px (current)' 'Scale: 1.250000'
check 'and the other is not used any more' is 1 'Enabled: no'
has_all() {
	picture shot && judge pixel shot "$WORK_COLOUR" 50 80 \
		&& judge pixel shot "$WORK_COLOUR" 434 369 \
		&& judge some shot "$PAINT" 55 115 375 250
}
check 'the window is there, with its frame' has_all
check 'it goes' screen remove 1
check 'and the first is used again' is 1 'Enabled: yes'
check 'with the window as it was' named

check 'one comes that would be too small for labels' screen add
check 'it is as large as all are' is 3 '900x600 px (current)' \
	'Scale: 1.000000'
check 'the log says so' saw compositor \
	'output HEADLESS-3 cannot be as the configuration says'
check 'where it was meant to be' is 3 'Position: -5000,0'
check 'one comes that has a place' screen add
check 'and is there' is 4 'Position: 899,10'
check 'one comes that would lie on it' screen add
check 'and is beside them' is 5 'Position: 1799,10'
check 'the log says so' saw compositor \
	'output HEADLESS-5: another one is where it should be'
check 'the compositor ends as it should' ended_well
the_end
