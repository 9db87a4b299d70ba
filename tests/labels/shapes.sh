#!/bin/bash
# SPDX-License-Identifier: MIT
# Regions, scales, viewports and numbers that do not fit: see shape.c.
. "$(dirname "$0")/lib.sh"

needs grim wtype
LONG_COLOUR=e01b24
must 'the compositor starts' compositor_start \
	"a-name-as-long-as-it-may-be-123 = #$LONG_COLOUR"
as_long() {
	ready_program context-long env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" context --ready-fd 3 \
		"a-name-as-long-as-it-may-be-123=$WORK/long.sock"
}
must 'and one with a long name is known' as_long

# shape TRICK [ARGUMENT...]: do that and take a picture
shape() {
	rm -f "$WORK/shot.ppm"
	as work liar "$WLB_SHAPE" "$@"
	saw liar '^shown$' && picture shot
}

# same TRICK TITLE: what is around the window is as if it were honest
same() {
	check "$2" shape "$1"
	check "$2: nothing around it changes" as_honest
	check "$2: it is there" judge only shot "$PAINT" "$CONTENT_X" \
		"$CONTENT_Y" 300 200
	end_program "$PID"
}
must 'a window is shown' shape honest
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
end_program "$PID"
same opaque 'a window that says it hides the screen'
same scales 'buffers of every scale and transform'
same viewport 'a stretched buffer, cut off'
same stretched 'a pixel as large as a surface can be'
same geometries 'geometries of the largest numbers'
same places 'places whose sum is no number'
same chain 'a thousand subsurfaces of one another'
same popups 'popups by rules that lead nowhere'

# Born: from their first frame on they are one pixel, stretched.
SURFACE_MAX=2147483647
# filled X Y WIDTH HEIGHT: to the corners, and nothing beyond
filled() {
	judge only shot "$PAINT" "$@" && judge pixel shot "$PAINT" "$1" "$2" \
		&& judge pixel shot "$PAINT" $(($1 + $3 - 1)) $(($2 + $4 - 1))
}
# all_bordered: so is the screen, but for the strip
all_bordered() {
	judge pixel shot "$WORK_COLOUR" 0 25 \
		&& judge pixel shot "$WORK_COLOUR" 899 300 \
		&& judge pixel shot "$WORK_COLOUR" 0 300 \
		&& judge pixel shot "$WORK_COLOUR" 450 599
}
# born WIDTH HEIGHT CONTENT...: is as the large one, but for what is in that box
born() {
	shape born "$1" "$2" && judge same shot "$WORK/large.ppm" "${@:3}"
}
# large WIDTH HEIGHT: one of that many pixels
large() {
	shape large "$1" "$2" && cp "$WORK/shot.ppm" "$WORK/large.ppm" \
		&& end_program "$PID"
}
must 'a window larger than the screen is shown' large 2000 2000
check 'and fills what it may' filled 4 52 892 544
check 'in its border' all_bordered
check 'below the strip' strip_as_honest
check 'one that is born as large is too' born 65536 65536 4 52 892 544
check 'and is to be seen' judge only shot "$PAINT" 4 52 892 544
end_program "$PID"
check 'one as large as a surface can be is too' \
	born "$SURFACE_MAX" "$SURFACE_MAX" 4 52 892 544
end_program "$PID"
check 'and one that is maximised then' \
	shape born-maximised "$SURFACE_MAX" "$SURFACE_MAX"
check 'which changes nothing' \
	judge same shot "$WORK/large.ppm" 4 52 892 544
end_program "$PID"
must 'one of a column is shown' large 1 2000
check 'which is as high as the screen' filled "$CONTENT_X" 52 1 544
check 'one that is born as high is too' \
	born 1 "$SURFACE_MAX" "$CONTENT_X" 52 1 544
end_program "$PID"
must 'one of a row is shown' large 2000 1
check 'which is as wide as the screen' filled 4 "$CONTENT_Y" 892 1
check 'one that is born as wide is too' \
	born "$SURFACE_MAX" 1 4 "$CONTENT_Y" 892 1
end_program "$PID"

as personal other "$WLB_LIAR" huge
saw other '^shown$'
check 'a window that says it is opaque, and is not' shape opaque-glass
on_host wtype -M alt -P tab -p tab -m alt
saw liar '^focus$'
picture shot
check 'has the keyboard' judge pixel shot "$WORK_COLOUR" 80 4
shows_only_itself() {
	! judge pixel shot "$PAINT" "$1" "$2"
}
check 'and nothing of the other shines through' shows_only_itself 500 400
end other
end liar

# Input where it is not.
hand_start
as personal other "$WLB_LIAR" honest
saw other '^shown$'
check 'a window that wants the input of the screen' shape input
hand to 200 12
hand to 200 78
hand to 880 590
not_entered() {
	! grep -q '^entered' "$WORK/liar.log"
}
check 'hears nothing of the strip, the title or the rest' not_entered
check 'but of itself' hand to 700 150
check 'as any' saw liar '^entered'
end other
end liar

hand to 880 590
check 'a window with cursors' shape hotspots
hand to 200 200
check 'whose hot spots are no numbers' saw liar '^pointed$'
end_program "$PID"

# A name as long as a name may be, on a window of one point.
as long liar "$WLB_LIAR" tiny
saw liar '^shown$'
picture shot
check 'the longest name is to be seen whole' judge pixel shot "$LONG_COLOUR" \
	$((FRAME_X + 5)) $((FRAME_Y + 27))
check 'on the smallest window' \
	judge pixel shot "$LONG_COLOUR" $((FRAME_X + 220)) $((FRAME_Y + 27))
end_program "$PID"

check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
