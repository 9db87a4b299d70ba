#!/bin/bash
# SPDX-License-Identifier: MIT
# Windows and popups that try to cover, leave or do without their label.
. "$(dirname "$0")/lib.sh"

needs grim
must 'the compositor starts' compositor_start

must 'a window is shown' lie work honest
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
check 'with its pixels in their place' \
	judge only shot "$PAINT" "$CONTENT_X" "$CONTENT_Y" 300 200
check 'under a bar in the colour of its VM' \
	judge pixel shot "$WORK_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6))
check 'and with a border of it' \
	judge pixel shot "$WORK_COLOUR" $((FRAME_X + 1)) $((FRAME_Y + 100))
end_program "$PID"

# same TRICK TITLE: what is around the window is as if it were honest
same() {
	check "$2" lie work "$1"
	check "$2: nothing around it changes" as_honest
	end_program "$PID"
}
same geometry 'a surface larger than its geometry'
same geometry-negative 'a geometry larger than the surface, on all sides'
same offsets 'buffers that lie above and left of the window'
same sub-over-title 'a subsurface over the title'
same sub-of-sub 'a subsurface of a subsurface, made first'
same sub-moves 'a subsurface that takes its own along'
same foreign-app-id 'the application id of another VM'
same storm 'two hundred sizes and states'
same again-and-again 'mapping and unmapping again and again'

check 'a huge window is shown' lie work huge
check 'as large as the screen, and no larger' \
	judge only shot "$PAINT" 4 52 $((WIDTH - 8)) $((HEIGHT - 56))
check 'inside of its border' judge pixel shot "$WORK_COLOUR" 898 598
check 'with its name' judge pixel shot "$WORK_COLOUR" 6 30
check 'and below the strip' strip_as_honest
end_program "$PID"

check 'a tiny window is shown' lie work tiny
check 'in a frame that has room for the name' label_as_honest 56
check 'and not larger than it is' \
	judge only shot "$PAINT" "$CONTENT_X" "$CONTENT_Y" 1 1
end_program "$PID"

check 'a geometry outside of the surface' lie work geometry-elsewhere
check 'is nothing to see' judge none shot "$PAINT"
end_program "$PID"

# covered TRICK WHAT: a popup that may be seen, but not on a label
covered() {
	check "$2" lie work "$1"
	check "$2: the title bar stays as it is" label_as_honest
	check "$2: the strip too" strip_as_honest
}
covered popup-above 'a popup that begins above the screen'
check 'it is inside of its border' \
	judge pixel shot "$WORK_COLOUR" 30 25
end_program "$PID"
covered popup-over-title 'a popup over the title'
check 'it is inside of its border' \
	judge pixel shot "$WORK_COLOUR" 12 100
end_program "$PID"
covered popup-huge 'a popup larger than the screen'
check 'it is inside of the screen with its border' \
	judge only shot "$PAINT" 3 27 $((WIDTH - 6)) $((HEIGHT - 30))
check 'which is at the edges of the screen' \
	judge pixel shot "$WORK_COLOUR" 1 300
end_program "$PID"
covered popup-with-sub 'a popup with a subsurface larger than it'
check 'it shows no more than the popup' judge only shot "$PAINT" \
	"$CONTENT_X" "$CONTENT_Y" 350 350
check 'which has its border at the corner' \
	judge pixel shot "$WORK_COLOUR" $((CONTENT_X + 351)) $((CONTENT_Y + 351))
end_program "$PID"

check 'a popup outside of the screen' lie work popup-outside
check 'is not there' as_honest
end_program "$PID"

check 'a hundred times full screen' lie work full-screen
check 'is maximised' saw liar '^told 892 544$'
check 'inside of its border' judge only shot "$PAINT" 4 52 892 544
check 'and below the strip' strip_as_honest
end_program "$PID"

check 'full screen from the start' lie work full-screen-first
check 'is no larger than the screen' judge only shot "$PAINT" 4 52 \
	$((WIDTH - 8)) $((HEIGHT - 56))
check 'and below the strip' strip_as_honest
end_program "$PID"

as stranger liar "$WLB_LIAR" honest
check 'a VM without a label is asked to close its window' saw liar '^closed$'
picture shot
check 'which is not there' judge none shot "$PAINT"
check 'and the log says why' saw compositor 'has no label'
end_program "$PID"

as stranger liar "$WLB_LIAR" popup-over-title
check 'nor is a popup of it' saw liar '^popup done$'
picture shot
check 'to be seen' judge none shot "$PAINT"
end_program "$PID"

check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
