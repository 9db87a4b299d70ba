#!/bin/bash
# SPDX-License-Identifier: MIT
# The strip, cursors, what is dragged, who has the keyboard.
. "$(dirname "$0")/lib.sh"

needs grim wtype
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start

STRIP_KEYBOARD="80 4"	# a point of the cell of who has the keyboard
strip_says() {
	# shellcheck disable=SC2086 # two numbers
	picture strip && judge pixel strip "$1" $STRIP_KEYBOARD
}

check 'nobody has the keyboard' strip_says 000000
as work first "$WLB_LIAR" honest
saw first '^shown$'
check 'the first window has it' strip_says "$WORK_COLOUR"
check 'and knows' saw first '^focus$'
as personal second "$WLB_LIAR" honest
saw second '^shown$'
check 'a window of another VM does not take it' strip_says "$WORK_COLOUR"
check 'but is said to wait' judge some strip "$PERSONAL_COLOUR" 128 0 \
	$((WIDTH - 128)) 24
stays_without() {
	! grep -q '^focus$' "$WORK/second.log"
}
check 'and is not told otherwise' stays_without

typed() {
	on_host wtype x && saw first '^key [0-9]+ 0$'
}
check 'what is typed goes to the first' typed
check 'and not to the second' stays_without
on_host wtype -M alt -P tab -p tab -m alt
check 'Alt-Tab gives it to the second' saw second '^focus$'
check 'as the strip says' strip_says "$PERSONAL_COLOUR"
check 'the first has lost it' saw first '^unfocus$'
not_told() {
	! grep -q "$2" "$WORK/$1.log"
}
check 'the second is not told of a Tab that it will not see go up' \
	not_told second '^held'
on_host wtype -M alt -P tab -p tab -k F4 -m alt
check 'Alt-F4 right after Alt-Tab is for the one that this led to' \
	saw first '^closed$'
check 'and for no other' not_told second '^closed$'
on_host wtype -M alt -P tab -p tab -m alt

# Super-Shift-C, and the same keys on a layout that has no C there.
keys() {
	on_host "$WLB_KEYS" us,ru "$@"
}
copies() {
	saw compositor '^wlbridge-compositor: warn: nothing copied' "$1"
}
check 'a chord' keys +125 +42 +46 -46 -42 -125
check 'does what it is for' copies 1
check 'on a layout of other letters, too' keys =1 +125 +42 +46 -46 -42 -125
check 'it does' copies 2
check 'and no program sees it' not_told first '^key 46'

hand to 800 500
check 'the pointer goes to the first' hand to 100 200
check 'which is told' saw first '^entered 56 108$'
picture strip
check 'and the strip says so beside the other' judge some strip \
	"$WORK_COLOUR" 160 0 $((WIDTH - 160)) 24
end second
check 'the keyboard goes back when the second ends' saw first '^focus$' 2
end first

# with_cursor TRICK: a window with the pointer in it, in a picture
with_cursor() {
	hand to 800 500
	as work liar "$WLB_LIAR" "$1"
	saw liar '^shown$' || return
	hand to "$2" "$3"
	saw liar '^cursor$' && picture shot
}
check 'a cursor is shown' with_cursor cursor 200 200
check 'where it belongs' judge only shot 00ffff 168 137 64 64
end_program "$PID"
check 'a cursor of 400x300' with_cursor cursor-large 200 200
check 'is not shown' judge none shot 00ffff
end_program "$PID"
check 'a cursor far from its hot spot' with_cursor cursor-far 200 200
check 'is not shown' judge none shot 00ffff
end_program "$PID"

# A maximised window begins under the strip.
hand to 800 500
as work liar "$WLB_LIAR" cursor
saw liar '^shown$'
on_host wtype -M logo -k Up -m logo
hand to 200 55
saw liar '^cursor$'
picture shot
check 'a cursor that would cover the title bar and the strip' \
	judge none shot 00ffff
hand to 200 150
picture shot
check 'is shown where it covers neither' judge only shot 00ffff 168 87 64 64
end_program "$PID"

hand to 800 500
as work liar "$WLB_LIAR" drag-icon
saw liar '^shown$'
hand to 200 200
hand down
check 'something is dragged' saw liar '^dragging$'
hand to 600 400
picture shot
check 'it is no larger than 128x128' judge only shot 00ffff 600 400 128 128
has_border() {
	judge pixel shot "$WORK_COLOUR" "$1" "$2" \
		&& judge pixel shot "$WORK_COLOUR" "$3" "$4"
}
check 'and has a border of its VM' has_border 730 450 650 530
hand to 880 580
picture shot
check 'at the edge of the screen' judge only shot 00ffff 880 580 17 17
check 'it has that, too' has_border 898 592 892 598
hand up
end_program "$PID"

# A menu of a VM that has neither keyboard nor pointer.
as personal first "$WLB_LIAR" honest
saw first '^shown$'
hand to 100 200
as work liar "$WLB_LIAR" popup-grab
saw liar '^shown$'
check 'a popup may not grab what its VM does not have' saw liar '^popup done$'
check 'a click goes where it is made' hand down
hand up
check 'to the window that is there' saw first '^button 272 1$'
end liar
as personal liar "$WLB_LIAR" popup-grab
saw liar '^shown$'
may_grab() {
	! grep -q '^popup done$' "$WORK/liar.log"
}
check 'a popup of the VM that has the keyboard may' may_grab
hand to 700 550
hand down
hand up
check 'until there is a click elsewhere' saw liar '^popup done$'
end liar
end first
check 'the compositor ends as it should' ended_well
the_end
