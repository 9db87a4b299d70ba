#!/bin/bash
# SPDX-License-Identifier: MIT
# A window fills the screen because a person lets it, and for no other reason.
. "$(dirname "$0")/lib.sh"

needs grim wtype
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start

# What is left of the screen beside the strip and a border of 3.
FULL_X=3 FULL_Y=27 FULL_WIDTH=894 FULL_HEIGHT=570
# Right of it the strip says for some seconds what was done.
SAYS_X=450
FULL="told $FULL_WIDTH $FULL_HEIGHT"

# filler VM NAME; order NAME WORD: see filler.c
filler() {
	mkfifo "$WORK/$2.fifo"
	as "$1" "$2" "$WLB_FILLER" "$WORK/$2.fifo"
	declare -g "ORDERS_$2=0"
	saw "$2" '^shown$'
}

order() {
	local n=ORDERS_$1
	echo "$2" >"$WORK/$1.fifo"
	declare -g "$n=$((${!n} + 1))"
	saw "$1" '^done$' "${!n}"
}

# told NAME COUNT WHAT: it was told so, that often by now
told() {
	saw "$1" "^$3\$" "$2"
}

# told_more NAME WHAT COMMAND...: once more than before that
told_more() {
	local before
	before=$(grep -c "^$2\$" "$WORK/$1.log" || true)
	"${@:3}" && told "$1" $((before + 1)) "$2"
}

chord() {
	on_host wtype -M logo -M shift -k F -m shift -m logo
}

next_window() {
	on_host wtype -M alt -P tab -p tab -m alt
}

# park: the pointer where it is not in the picture, as in the reference
park() {
	hand to 899 2
}

# fills COLOUR: the client's pixels are all that is not strip or border
fills() {
	picture shot
	judge only shot "$PAINT" "$FULL_X" "$FULL_Y" "$FULL_WIDTH" \
		"$FULL_HEIGHT" \
		&& judge pixel shot "$PAINT" "$FULL_X" "$FULL_Y" \
		&& judge pixel shot "$PAINT" 896 596 \
		&& judge framed shot "$PAINT" "$1" 3 \
		&& judge part shot "$WORK/honest.ppm" 0 0 "$SAYS_X" 24
}

# back NAME: it looks as it did in the beginning
back() {
	picture shot && judge same shot "$WORK/honest.ppm" "$SAYS_X" 0 \
		$((WIDTH - SAYS_X)) 24
}

must 'a window is shown' filler work first
check 'and has the keyboard' saw first '^focus$'
park
picture honest

check 'a client asks for the full screen' order first full
check 'and is maximised' told first 1 'told 892 544 maximized'
check 'it asks no more' order first unfull
check 'and is as it was' back

check 'the person allows it' chord
check 'the client is told the truth' told first 1 "$FULL fullscreen"
check 'and fills the screen but for its border and the strip' \
	fills "$WORK_COLOUR"
check 'the strip says so' saw compositor \
	'work fills the screen; Super-Shift-F ends it$'
strip_differs() {
	! judge part full "$WORK/honest.ppm" "$SAYS_X" 0 \
		$((WIDTH - SAYS_X)) 24
}
cp "$WORK/shot.ppm" "$WORK/full.ppm"
check 'on the right' strip_differs
full_as_before() {
	picture shot && judge same shot "$WORK/full.ppm" "$SAYS_X" 0 \
		$((WIDTH - SAYS_X)) 24
}
full_but_strip() {
	picture shot && judge same shot "$WORK/full.ppm" 0 0 "$WIDTH" 24
}

check 'it asks to be maximised' order first max
check 'and is told that it is what it is' told first 2 "$FULL fullscreen"
check 'it asks for the full screen' order first full
check 'and has it' told first 3 "$FULL fullscreen"
order first unmax
check 'the screen has not changed' full_as_before
check 'it paints more than the screen' order first huge
check 'which changes nothing' full_as_before
order first move
for at in 'to 450 300' down 'to 500 400' 'to 300 200' up; do
	# shellcheck disable=SC2086 # a word and two numbers
	hand $at
done
saw first '^button 272 0$'
hand to 450 300
park
check 'nor can it be moved' full_as_before

check 'the person no longer allows it' chord
check 'the client is told' told first 2 'told 300 200'
check 'and is where it was' back
check 'the strip says that, too' saw compositor \
	'work no longer fills the screen$'
park

check 'it was allowed again' told_more first "$FULL fullscreen" chord
check 'the client may end it' order first unfull
check 'which it does' told first 3 'told 300 200'
check 'and the screen is as before' back
check 'a hundred requests later' order first loop
check 'it never was full screen again' told first 4 'told 300 200'
check 'and the screen is still as before' back

on_host wtype -M logo -k Up -m logo
told first 2 'told 892 544 maximized'
chord
check 'a maximised window may fill the screen' \
	told first 1 "$FULL maximized fullscreen"
chord
check 'and is maximised after it' told first 3 'told 892 544 maximized'
on_host wtype -M logo -k Up -m logo
told first 5 'told 300 200'
check 'until it is that no more' back

# Whose it is must be what the strip says.
told_more first "$FULL fullscreen" chord
must 'another VM shows a window' filler personal second
check 'it does not come before the one that fills the screen' \
	full_but_strip
check 'which says that it waits' \
	judge only shot "$PERSONAL_COLOUR" 0 0 "$WIDTH" 24
next_window
check 'it gets the keyboard' saw second '^focus$'
check 'and with that the first ends to fill the screen' \
	told first 6 'told 300 200'
check 'the other may' chord
check 'fill it, in its own colour' told second 1 "$FULL fullscreen"
picture shot
check 'with its name above' judge pixel shot "$PERSONAL_COLOUR" 80 4
check 'and its border' judge framed shot "$PAINT" "$PERSONAL_COLOUR" 3
hand to 450 300
check 'a window of the same VM' filler personal third
check 'takes the keyboard and ends it as well' \
	told second 1 'told 300 200'
end third
chord
told second 2 "$FULL fullscreen"
check 'it goes away' order second unmap
check 'the first is not full screen for that' saw first '^focus$' 2
park
check 'nor is anything else' back
order second map
check 'nor it when it comes back' told second 1 'told 0 0'
end second
check 'the screen is as in the beginning' back

no_keys() {
	! grep -q '^key ' "$WORK/first.log" "$WORK/second.log"
}
check 'nobody was told a key of the chord' no_keys
end first
check 'the chord with nobody there' chord
check 'is nothing' alive
check 'the compositor ends as it should' ended_well
the_end
