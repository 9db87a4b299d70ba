#!/bin/bash
# SPDX-License-Identifier: MIT
# What the compositor's file may say, and what it is told that it may not.
. "$(dirname "$0")/lib.sh"

# start LINE...: with a file of these, until it ends; it ends itself when it runs
start() {
	printf '%s\n' "$@" >"$WORK/labels.conf"
	timeout "$PATIENCE" env WLR_BACKENDS=headless WLR_RENDERER=pixman \
		WLR_LIBINPUT_NO_DEVICES=1 "$WLB_COMPOSITOR" \
		-c "$WORK/labels.conf" -d none \
		-s 'kill -TERM $PPID' 2>"$WORK/start.log"
}
good() {
	check "$1" start "${@:2}"
}
# at_fault LINE TEXT...: it says where
at_fault() {
	local status=0
	start "${@:2}" || status=$?
	[ "$status" = 1 ] && grep -q "labels.conf:$1: expected" "$WORK/start.log"
}
bad() {
	check "$1: an error of line $2" at_fault "${@:2}"
}

good 'nothing' ''
good 'all there is' '[labels]' 'work = #3584e4' 'home-2 = #33D17A' '[limits]' \
	'clients = 1' 'windows = 2' 'surfaces = 3' 'objects = 400' 'pools = 5' \
	'buffer-memory = 6' 'buffer-side = 7' '[copy]' 'types = text/plain' \
	'size = 1' '[keyboard]' 'model = pc105' 'layout = us,ru' \
	'variant = dvorak,' 'options = grp:alt_shift_toggle' 'repeat-rate = 0' \
	'repeat-delay = 1' '[touchpad]' 'tap = no' 'natural-scroll = yes' \
	'speed = -1' '[mouse]' 'natural-scroll = no' 'speed = 0.25' '[output]' \
	'scale = 2' 'size = 640x480' '[output DP-1]' 'mode = 1920x1080' \
	'scale = 1.5' 'position = -1920,0' 'transform = flipped-90' \
	'enabled = no' '[output Maker Model 12]' 'mode = 1920x1080@59.94' \
	'enabled = yes' '[vms]' 'device = none' '[xwayland]' \
	'work = no' '; a word' '# and another'
good 'labels of scale four' '[labels]' 'work = #3584e4' '[output]' 'scale = 4'

bad 'a section that there is not' 2 '[label]' 'work = #3584e4'
bad 'a key without a section' 1 'work = #3584e4'
bad 'a name twice' 3 '[labels]' 'work = #3584e4' 'work = #33d17a'
bad 'the name of this machine' 2 '[labels]' 'local = #3584e4'
bad 'a name in capitals' 2 '[labels]' 'Work = #3584e4'
bad 'a name of 32 letters' 2 '[labels]' \
	'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = #3584e4'
bad 'a colour by name' 2 '[labels]' 'work = blue'
bad 'a limit of none' 2 '[limits]' 'windows = 0'
bad 'a limit that there is not' 2 '[limits]' 'window = 5'
bad 'a million and one' 2 '[limits]' 'surfaces = 1000001'
bad 'a size with a unit' 2 '[copy]' 'size = 64K'
bad 'a scale of one and a third' 2 '[output]' 'scale = 1.33'
bad 'a scale of five' 2 '[output]' 'scale = 5'
bad 'a scale of less than one' 2 '[output DP-1]' 'scale = 0.75'
bad 'a scale that is no number' 2 '[output DP-1]' 'scale = nan'
bad 'half a size' 2 '[output]' 'size = 640'
bad 'a place for all' 2 '[output]' 'position = 0,0'
bad 'a screen without a name' 2 '[output ]' 'scale = 1'
bad 'a section of outputs' 2 '[outputs]' 'scale = 1'
bad 'a mode without a size' 2 '[output DP-1]' 'mode = @60'
bad 'a mode of no rate' 2 '[output DP-1]' 'mode = 640x480@0'
bad 'a mode with a unit' 2 '[output DP-1]' 'mode = 640x480@60Hz'
bad 'half a place' 2 '[output DP-1]' 'position = 640'
bad 'a place with more' 2 '[output DP-1]' 'position = 640,0,0'
bad 'a place too far away' 2 '[output DP-1]' 'position = 65537,0'
bad 'a turn of 45 degrees' 2 '[output DP-1]' 'transform = 45'
bad 'neither on nor off' 2 '[output DP-1]' 'enabled = maybe'
bad 'a size of one' 2 '[output DP-1]' 'size = 640x480'
bad 'a rate that is negative' 2 '[keyboard]' 'repeat-rate = -1'
bad 'a key of the keyboard that there is not' 2 '[keyboard]' 'layouts = us'
bad 'a mouse that is tapped' 2 '[mouse]' 'tap = yes'
bad 'a choice of neither' 2 '[touchpad]' 'tap = on'
bad 'a scroll of neither' 2 '[mouse]' 'natural-scroll ='
bad 'a speed of more than one' 2 '[mouse]' 'speed = 1.01'
bad 'a speed of less than minus one' 2 '[touchpad]' 'speed = -2'
bad 'a speed that is no number' 2 '[touchpad]' 'speed = nan'
bad 'a speed with a unit' 2 '[mouse]' 'speed = 1x'
bad 'no speed' 2 '[mouse]' 'speed ='
bad 'neither yes nor no' 2 '[xwayland]' 'work = true'

no_layout() {
	local status=0
	start '[keyboard]' 'layout = no-such' || status=$?
	[ "$status" = 1 ] && grep -q "no such .* layout.*'no-such'" \
		"$WORK/start.log"
}
check 'a layout that xkb does not know' no_layout
no_file() {
	local status=0
	"$WLB_COMPOSITOR" -c "$WORK/none.conf" 2>"$WORK/start.log" || status=$?
	[ "$status" = 1 ] && grep -q 'none.conf: No such file' "$WORK/start.log"
}
check 'a file that is not there' no_file
no_option() {
	local status=0
	"$WLB_COMPOSITOR" "$@" 2>"$WORK/start.log" || status=$?
	[ "$status" = 2 ] && grep -q '^Usage: ' "$WORK/start.log"
}
check 'an option that there is not' no_option --labels
check 'half a size as an option' no_option -o 640x
check 'a level that there is not' no_option -l loud
check 'a word too much' no_option more
the_end
