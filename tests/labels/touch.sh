#!/bin/bash
# SPDX-License-Identifier: MIT
# A finger is looked up like the pointer.
. "$(dirname "$0")/lib.sh"

needs grim
mkfifo "$WORK/finger" "$WORK/finger.done"
exec {FINGER_DONE}<>"$WORK/finger.done"
# The module is no more sanitized than what it is loaded into.
COMPOSITOR_ENV=("LD_PRELOAD=$WLB_FINGER" "FINGER=$WORK/finger"
	"ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")
must 'the compositor starts' compositor_start

# finger VERB [ID [X Y]]: see finger.c, where X and Y are points of the output
finger() {
	local line=$*
	if [ $# = 4 ]; then
		line="$1 $2 $(awk \
			"BEGIN { print ($3 + 0.5) / $WIDTH, ($4 + 0.5) / $HEIGHT }")"
	fi
	echo "$line" >"$WORK/finger"
	IFS= read -r -t "$PATIENCE" -u "$FINGER_DONE" _
}
strip_says() {
	picture strip && judge pixel strip "$1" 80 4
}
not_said() {
	! grep -Eq "$2" "$WORK/$1.log"
}

as work first "$WLB_TOUCHED"
saw first '^shown$'
as personal second "$WLB_TOUCHED"
saw second '^shown$'
check 'the first window has the keyboard' strip_says "$WORK_COLOUR"
finger down 1 600 200
check 'a finger reaches the window below it' saw second '^down 1 44 108$'
check 'and gives it the keyboard' strip_says "$PERSONAL_COLOUR"
finger move 1 100 200
check 'which keeps it wherever it goes' saw second '^move 1 -455 108$'
check 'while another window is not told' not_said first '^(down|move)'
finger down 2 100 200
check 'a second finger is that of the window below it' \
	saw first '^down 2 56 108$'
check 'which does not give that the keyboard' strip_says "$PERSONAL_COLOUR"
finger up 2
check 'each is lifted for itself' saw first '^up 2$'
finger cancel 1
check 'and taken back' saw second '^cancelled$'
finger down 3 100 12
finger move 3 100 200
finger up 3
check 'one that comes down on the strip is nobody'"'"'s' \
	not_said first '^(down|up|move) 3'

finger down 1 200 80
check 'on a title bar it gives the keyboard' strip_says "$WORK_COLOUR"
finger move 1 250 330
finger up 1
picture moved
check 'and moves the window' judge pixel moved "$WORK_COLOUR" 91 315
check 'of which the client is not told' not_said first ' 1 '

for n in $(seq 20); do
	finger down "$n" 600 200
done
check 'of twenty fingers sixteen count' saw second '^down 16 '
check 'and no more' not_said second '^down 17'
for n in $(seq 20); do
	finger up "$n"
done
finger down 1 600 200
finger replug
check 'of a screen that is unplugged every finger is taken back' \
	saw second '^cancelled$' 2
finger down 1 600 200
finger up 1
check 'and counts anew on another' saw second '^up 1$' 2
finger down 1 250 330
finger replug
finger down 1 600 200
check 'the same on a title bar' saw second '^down 1 ' 5
finger up 1

end first
# It has been touched, and takes no touch itself.
as work deaf "$WLB_LIAR" honest
saw deaf '^shown$'
saw second '^up 1$' 3
heard() {
	grep -cE '^(down|move|up) ' "$WORK/second.log"
}
before=$(heard)
finger down 1 100 200
finger move 1 110 210
finger up 1
finger down 1 600 200
saw second '^down 1 ' 6
only_that() {
	[ "$(heard)" = $((before + 1)) ]
}
check 'one on a window that takes none is no other'"'"'s' only_that
finger up 1
end deaf
end second

as work source "$WLB_TOUCHED" drag
saw source '^shown$'
as personal foreign "$WLB_TOUCHED"
saw foreign '^shown$'
as work own "$WLB_TOUCHED"
saw own '^shown$'
finger down 1 100 200
check 'something is dragged' saw source '^dragging$'
finger move 1 500 400
picture shot
check 'its picture follows the finger' judge only shot 00ffff 500 400 60 60
check 'with a border of its VM' judge framed shot 00ffff "$WORK_COLOUR" 3
for at in '700 150' '800 200' '700 200' '100 500' '150 510'; do
	# shellcheck disable=SC2086 # two numbers
	finger move 1 $at
done
check 'a window of its VM is told' saw own '^dragged over$'
check 'one of another VM is not' not_said foreign '^dragged'
finger up 1
finger down 1 100 200
check 'and so a second time' saw source '^dragging$' 2
finger move 1 500 400
picture shot
check 'with its picture' judge only shot 00ffff 500 400 60 60
finger replug
picture shot
check 'which is gone with the screen that it was dragged on' \
	judge none shot 00ffff

finger down 1 100 200
finger down 2 600 200
check 'once more something is dragged' saw source '^dragging$' 3
watched_program locker env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_LOCKER"
check 'while the screen is locked' saw locker '^focus$'
picture shot
check 'which ends that' judge none shot 00ffff
touches() {
	cat "$WORK"/{source,foreign,own}.log | grep -cE '^(down|move|up|drag)'
}
before=$(touches)
finger move 1 500 400
finger move 2 610 210
finger down 3 600 200
finger up 3
finger up 2
finger up 1
as work late "$WLB_TOUCHED"
saw late '^shown$'
nothing_more() {
	[ "$(touches)" = "$before" ]
}
check 'what comes down then is no window'"'"'s' nothing_more
check 'the compositor ends as it should' ended_well
the_end
