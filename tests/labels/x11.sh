#!/bin/bash
# SPDX-License-Identifier: MIT
# X windows that try to cover, leave or do without their label, or to get hold of
# the compositor or of another VM's input.
. "$(dirname "$0")/lib.sh"

needs grim wtype Xwayland xterm
must 'the compositor starts' compositor_start '[xwayland]' 'work = yes' \
	'personal = yes' '[limits]' 'windows = 50'
must 'a mouse is there' hand_start
hand to 700 580

# gone: and so are its windows, which a server takes from the screen when it likes
gone() {
	end liar
	soon judge none shot "$PAINT"
}
at_home() {
	judge only shot "$PAINT" "$CONTENT_X" "$CONTENT_Y" 300 200 \
		&& judge pixel shot "$PAINT" $((CONTENT_X + 299)) $((CONTENT_Y + 199)) \
		&& judge pixel shot "$WORK_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6))
}
must 'a window is asked for' x_lie work honest
must 'it is shown where it belongs, with its label' soon at_home
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
check 'and knows where it is' saw liar "^moved $CONTENT_X $CONTENT_Y 300 200$"
check 'and that it has the keyboard' saw liar '^focus$'
typed() {
	on_host wtype x && saw liar '^key$'
}
check 'what is typed reaches it' typed
on_host wtype -M logo -k Up -m logo
check 'Super-Up maximises it' saw liar '^moved 4 52 892 544$'
on_host wtype -M logo -k Up -m logo
# It is told before that can be seen, and keys and hands act on what is seen.
check 'and back' soon at_home
on_host wtype -M logo -M shift -k F -m shift -m logo
check 'Super-Shift-F lets it fill the screen' \
	saw liar '^moved [0-9]+ [0-9]+ 89[0-9] 57[0-9]$'
on_host wtype -M logo -M shift -k F -m shift -m logo
must 'and back' soon at_home
hand to 200 70
hand down
hand to 300 170
hand up
check 'its title bar moves it' saw liar '^moved 144 192 300 200$'
hand to 445 393
hand down
hand to 495 413
hand up
check 'its corner resizes it' saw liar '^moved 144 192 350 220$'
must 'as is seen' soon judge pixel shot "$PAINT" 480 300
hand to 479 180
hand down
check 'its button closes it' saw liar '^disconnected$'
hand up
hand to 700 580
gone

# same TRICK WHAT [TEXT]
same() {
	check "$2" x_lie work "$1" "${@:3}"
	check "$2: nothing around it changes" soon as_honest
	gone
}
same restless 'a window that wants to be elsewhere all the time'
same outside 'a menu outside of the screen'
same forged 'events in the name of the server'
same properties 'properties of smaller items than are read'
same foreign-class 'the class of another VM' 'a title'
# title WHAT TEXT
title() {
	check "$1" x_lie work honest "$2"
	untitled() {
		judge same shot "$WORK/honest.ppm" 92 68 240 24
	}
	check "$1: changes the title at most" soon untitled
	gone
}
title 'the name of another VM' '[personal]'
title 'broken UTF-8' $'\xff\xfe\x80personal\xc3'

maximised() {
	judge only shot "$PAINT" 4 52 892 544 && judge pixel shot "$PAINT" 895 300 \
		&& judge pixel shot "$WORK_COLOUR" 898 598 \
		&& judge pixel shot "$WORK_COLOUR" 6 30 && strip_as_honest
}
check 'a hundred times full screen' x_lie work full-screen
check 'is maximised, below the strip' soon maximised
check 'and knows' saw liar '^moved 4 52 892 544$'
gone
check 'a window larger than the screen' x_lie work huge
as_large() {
	judge only shot "$PAINT" 4 52 892 544 && judge pixel shot "$PAINT" 800 500 \
		&& judge pixel shot "$WORK_COLOUR" 6 30 && strip_as_honest
}
check 'is as large as that, and no larger' soon as_large
check 'and knows' saw liar '^moved 4 52 892 544$'
gone

# Windows that no manager may touch.
in_border() {
	judge pixel shot "$PAINT" 150 200 && judge pixel shot "$WORK_COLOUR" 98 200 \
		&& judge pixel shot "$WORK_COLOUR" 221 200 && as_honest
}
check 'a menu' x_lie work menu
check 'has a border of its VM' soon in_border
gone
# Pixels come on one socket and whose they are on another; the compositor finds
# both, and looks at the pixels first.
as_x work first "$WLB_XLIAR" honest
check 'another window' soon as_honest
kill -STOP "$COMPOSITOR"
check 'a menu whose pixels are there before it is known' x_lie work at-once
kill -CONT "$COMPOSITOR"
check 'is shown all the same' soon in_border
end first
gone
# covered TRICK WHAT X Y: a menu that may be seen at X, Y, but not on a label
covered() {
	check "$2" x_lie work "$1"
	seen() {
		judge pixel shot "$PAINT" "$@" && label_as_honest \
			&& strip_as_honest
	}
	check "$2: neither title nor strip" soon seen "$3" "$4"
	gone
}
covered over-strip 'a menu over the strip' 600 40
covered over-title 'a menu over the title' 400 100
covered moves 'a menu that moves a thousand times' 100 60
is_named_window() {
	judge only shot "$PAINT" 4 52 892 544 \
		&& judge pixel shot "$PAINT" 800 500 \
		&& judge pixel shot "$WORK_COLOUR" 6 30 \
		&& strip_as_honest
}
# named TRICK WHAT
named() {
	check "$2" x_lie work "$1"
	check "$2: is a window with its name" soon is_named_window
	gone
}
named over-screen 'a menu that covers the screen'
check 'a menu that does so later' x_lie work grows
below_bar() {
	judge only shot "$PAINT" 4 52 896 548 && judge pixel shot "$PAINT" 800 500 \
		&& strip_as_honest
}
check 'is one, too' soon below_bar
gone
check 'a menu of no window' x_lie work alone
check 'is a window with its name' soon as_honest
gone
check 'a menu that outlives its window' x_lie work orphan
is_window() {
	judge pixel shot "$PAINT" 60 100 \
		&& judge part shot "$WORK/honest.ppm" "$FRAME_X" "$FRAME_Y" 56 28
}
check 'is a window with its name' soon is_window
gone

# One VM's X server and another VM.
as personal first "$WLB_LIAR" honest
saw first '^focus$'
check 'an X program grabs keyboard and pointer' x_lie work grab-input
on_host wtype y
check 'what is typed goes to the other VM all the same' \
	saw first '^key [0-9]+ 0$'
untyped() {
	! grep -q '^key$' "$WORK/liar.log"
}
check 'and not to it' untyped
waiting() {
	judge only shot "$WORK_COLOUR" 0 0 "$WIDTH" "$HEIGHT" \
		&& judge pixel shot "$PERSONAL_COLOUR" 80 4
}
check 'who asks to be in front is said to wait' soon waiting
end liar
check 'an X program that grabs its server' x_lie work grab-server
as personal second "$WLB_LIAR" honest
check 'stops nobody else' saw second '^shown$'
end second
end liar
check 'a thousand windows' x_lie work windows
check 'are not shown beyond the limit' saw compositor 'may not have more'
check 'and end their program' saw liar '^disconnected$'
as_x personal other "$WLB_XLIAR" honest
check 'and another VM has its own server' saw other '^focus$'
end other
end liar
end first

# A program of the real world.
mkfifo "$WORK/typed"
as_x work xterm xterm -e sh -c "read -r line; echo \"\$line\" >'$WORK/typed'"
says_work() {
	judge pixel shot "$WORK_COLOUR" 80 4
}
check 'xterm gets the keyboard' soon says_work
on_host wtype 'hello there' -k Return
read -r -t "$PATIENCE" line <"$WORK/typed"
check 'and what is typed' [ "$line" = 'hello there' ]

check 'a menu that covers the screen' x_lie work over-screen
soon judge some shot "$PAINT" 4 52 892 544
watched_program locker env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_LOCKER"
saw locker '^focus$'
check 'does not cover a lock' soon judge none shot "$PAINT"

check 'the compositor is alive' alive
check 'and ends as it should' ended_well
unlinked() {
	! compgen -G "$WORK/*-x11-*"
}
check 'with its sockets' unlinked
the_end
