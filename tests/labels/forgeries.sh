#!/bin/bash
# SPDX-License-Identifier: MIT
# What another VM shows, painted: in a window, in a cursor, in what is dragged.
. "$(dirname "$0")/lib.sh"

needs grim wtype
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start
hand to 880 590

# What is forged is what a person would see, to the pixel.
FIELD=00ffff
photograph() {
	saw liar '^shown$' && on_host grim -t ppm \
		-g "$FRAME_X,$FRAME_Y $1" "$WORK/$2.ppm"
}
as personal liar "$WLB_LIAR" honest
must 'there is a picture of a window of another VM' \
	photograph 308x232 personal
end liar
as personal liar "$WLB_FORGER" prompt
must 'and one of what asks for its password' photograph 400x300 prompt
end liar
must 'a window is shown' lie work honest
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
end liar

# labels_as_honest: the window's own, and what the strip says
labels_as_honest() {
	label_as_honest && strip_as_honest
}

as work liar "$WLB_FORGER" window "$WORK/personal.ppm"
saw liar '^shown$'
check 'a window that paints the window of another VM' picture shot
check 'has it in it' judge pixel shot "$PERSONAL_COLOUR" \
	$((CONTENT_X + 6)) $((CONTENT_Y + 6))
check 'and its own border' judge pixel shot "$WORK_COLOUR" \
	$((FRAME_X + 1)) $((FRAME_Y + 100))
check 'and its own name' label_as_honest 56
check 'the strip says whose it is' strip_as_honest
check 'and nothing of the other' judge only shot "$PERSONAL_COLOUR" \
	"$CONTENT_X" "$CONTENT_Y" 308 232
end liar

# cursor TRICK FILE [WIDTH HEIGHT]: with the pointer in the middle of the window
cursor() {
	hand to 880 590
	as work liar "$WLB_FORGER" "$1" "$WORK/$2.ppm" "${@:3}"
	saw liar '^shown$' || return
	hand to 200 200
	saw liar '^cursor$' && picture shot
}
# prompt_within X Y WIDTH HEIGHT: it is there, and nothing of it is elsewhere
prompt_within() {
	judge only shot "$FIELD" "$@" && judge only shot "$PERSONAL_COLOUR" "$@"
}
# no_prompt_there: where that VM has a window
no_prompt_there() {
	judge none shot "$FIELD"
}
no_prompt() {
	judge none shot "$FIELD" && judge none shot "$PERSONAL_COLOUR"
}
check 'a cursor that asks for a password, of 400x300' cursor cursor prompt
check 'is not shown' no_prompt
check 'the labels say what they said' labels_as_honest
end liar
check 'one that is a point too large' cursor cursor prompt 65 64
check 'is not shown, either' no_prompt
end liar
check 'one that grows to that' cursor cursor-grows prompt
check 'is not shown any more' no_prompt
end liar
check 'one that has it in a subsurface' cursor cursor-sub prompt
check 'shows no more than is inside of itself' no_prompt
check 'and that' judge only shot "$PAINT" "$CONTENT_X" "$CONTENT_Y" 300 200
end liar
check 'one of 64x64' cursor cursor prompt 64 64
check 'is shown and no larger' prompt_within 168 137 64 64
check 'while the labels say what they said' labels_as_honest
as personal other "$WLB_LIAR" honest
saw other '^shown$'
hand to 600 200
saw other '^entered'
picture shot
check 'it does not come along to another VM' judge none shot "$FIELD"
hand to 200 200
saw liar '^cursor$' 2
hand down
hand to 600 200
picture shot
check 'not with a button that is held, either' no_prompt_there
check 'while the strip says whose pointer it is' strip_as_honest
hand up

# That window is put over a corner of the other, with its name.
hand to 700 78
hand down
hand to 350 208
hand up
hand to 152 215
saw liar '^cursor$' 3
picture shot
check 'beside a window of that VM it is shown' judge only shot "$FIELD" \
	120 152 64 64
hand to 185 215
picture shot
check 'where it would cover its name it is not' no_prompt_there
end other
end liar

check 'near the name of its own window' cursor cursor prompt 64 64
hand to 80 110
picture shot
check 'it is not shown, either' no_prompt
check 'nor does it cover that' labels_as_honest
hand to 80 160
picture shot
check 'until it is off it' prompt_within 48 97 64 64
on_host wtype -M logo -k Up -m logo
hand to 80 120
picture shot
check 'it is shown where the name is going to be' prompt_within 48 57 64 64
on_host wtype -M logo -k Up -m logo
picture shot
check 'and is not once that is there' no_prompt
check 'nor does it cover that' labels_as_honest
end liar

check 'one that covers nothing but its own title bar' \
	cursor cursor prompt 64 24
hand to 80 94
picture shot
check 'is not shown there' no_prompt
hand to 80 116
picture shot
check 'but where the bar ends' prompt_within 48 93 64 24
end liar

# drag TRICK FILE [WIDTH HEIGHT]: from the window to 600,400; unless it says
# something else it is shown 20 points off, where the arrow does not hide its border
drag() {
	hand to 880 590
	as work liar "$WLB_FORGER" "$1" "$WORK/$2.ppm" "${@:3}"
	saw liar '^shown$' || return
	hand to 200 200
	hand down
	saw liar '^dragging$' || return
	hand to 600 400
	picture shot
}
drop() {
	hand up
	end liar
}
# bordered X Y WIDTH HEIGHT: there is a border of its VM around that
bordered() {
	judge pixel shot "$WORK_COLOUR" $(($1 - 2)) $(($2 + $4 / 2)) \
		&& judge pixel shot "$WORK_COLOUR" $(($1 + $3 + 1)) \
			$(($2 + $4 / 2)) \
		&& judge pixel shot "$WORK_COLOUR" $(($1 + $3 / 2)) \
			$(($2 - 2)) \
		&& judge pixel shot "$WORK_COLOUR" $(($1 + $3 / 2)) \
			$(($2 + $4 + 1))
}
framed() {
	judge framed shot "$PERSONAL_COLOUR" "$WORK_COLOUR" 3
}
check 'what is dragged paints the window of another VM' drag drag personal
check 'of which 128x128 are seen' \
	judge only shot "$PERSONAL_COLOUR" 620 420 128 128
check 'in a border of its own VM' framed
check 'the labels say what they said' labels_as_honest
drop
# strip_says_more: than that this window waits
strip_says_more() {
	judge pixel beside "$PERSONAL_COLOUR" 210 4 \
		&& judge pixel shot "$PERSONAL_COLOUR" 210 4 \
		&& ! judge part shot "$WORK/beside.ppm" 0 0 "$WIDTH" 24
}
check 'all of that window, made small' drag drag personal 128 96
check 'is no larger' judge only shot "$PERSONAL_COLOUR" 620 420 128 96
check 'and in the border of its VM' framed
as personal other "$WLB_LIAR" honest
saw other '^shown$'
picture beside
hand to 600 200
picture shot
check 'above a window of that VM it has it, too' \
	bordered 620 220 128 96
check 'and the strip says who has the keyboard' \
	judge pixel shot "$WORK_COLOUR" 80 4
check 'and what is below' strip_says_more
end other
drop
check 'it may be moved' drag drag-above personal 128 96
check 'to where it says' judge only shot "$PERSONAL_COLOUR" 536 300 128 96
hand to 600 40
picture shot
check 'but not over the strip' judge only shot "$PERSONAL_COLOUR" 536 27 128 9
check 'which says what it said' strip_as_honest
drop
check 'it may have the password in a subsurface' drag drag-sub prompt
check 'which is not seen' no_prompt
check 'beside what is, in its border' bordered 620 420 32 32
drop

check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
