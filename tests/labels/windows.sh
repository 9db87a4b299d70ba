#!/bin/bash
# SPDX-License-Identifier: MIT
# What a person does with windows, and what they are told of it.
. "$(dirname "$0")/lib.sh"

needs grim wtype
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start

mkfifo "$WORK/first.fifo"
as work first "$WLB_FILLER" "$WORK/first.fifo"
saw first '^shown$'
order() {
	echo "$1" >"$WORK/first.fifo"
	saw first '^done$'
}
said_decorated() {
	[ "$(grep -c '^decorated 2$' "$WORK/first.log")" = 1 ] \
		&& ! grep -q '^decorated 1$' "$WORK/first.log"
}
# told COUNT WHAT: that is what it was told, so often by now
told() {
	saw first "^told $2\$" "$1"
}
# paints X Y WIDTH HEIGHT: the client's pixels are there
paints() {
	picture shot && judge only shot "$PAINT" "$@"
}
# drag X Y TO_X TO_Y
drag() {
	hand to "$1" "$2"
	hand down
	hand to "$3" "$4"
	hand up
}

check 'a window is where it is put' paints "$CONTENT_X" "$CONTENT_Y" 300 200
drag 150 80 250 180
check 'its title bar moves it' paints 144 192 300 200
drag 447 300 497 300
check 'its right edge makes it wider' told 1 '349 200'
drag 140 300 120 300
check 'its left edge, too' told 1 '369 200'
check 'and the right one stays' paints 124 192 369 200
drag 497 394 447 344
check 'a corner does both' told 1 '320 150'
check 'it would like to have no title bar' order undecorate
check 'and is answered' told 2 '320 150'
check 'that it has one' said_decorated

on_host wtype -M logo -k Up -m logo
check 'Super-Up maximises it' saw first '^told 892 544 maximized$'
check 'to all there is' paints 4 52 892 544
hand to 300 40
hand down
hand up
still_maximized() {
	! grep -q '^told 892 544$' "$WORK/first.log"
}
check 'a click on its title bar leaves it so' still_maximized
drag 300 40 320 140
check 'a pull does not' saw first '^told 892 544$'
hand to 872 140
hand down
hand up
check 'the button maximises it again' told 2 '892 544 maximized'
hand to 876 40
hand down
hand up
check 'the other one asks it to close' saw first '^closed$'
check 'the compositor ends as it should' ended_well
the_end
