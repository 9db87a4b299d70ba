#!/bin/bash
# SPDX-License-Identifier: MIT
# Windows and popups that try to leave their frame where points are no pixels.
. "$(dirname "$0")/lib.sh"

needs grim wlr-randr
# Of as many pixels as are whole points at each of the scales.
WIDTH=1050 HEIGHT=1050
must 'the compositor starts' compositor_start

at() {
	echo $(($1 * QUARTERS / 4))
}
scale() {
	QUARTERS=$1
	local hundredths=$(($1 * 25))
	on_host wlr-randr --output HEADLESS-1 --scale \
		"$((hundredths / 100)).$((hundredths % 100))"
}
inside() {
	judge same shot "$WORK/honest.ppm" "$(at 44)" "$(at 92)" "$(at 300)" \
		"$(at 200)"
}
# same TRICK TITLE: what is around the window is as if it were honest
same() {
	check "$2" lie work "$1"
	check "$2: nothing around it changes" inside
	end_program "$PID"
}
# covered TRICK TITLE: a popup that may be seen, but not on a label
covered() {
	check "$2" lie work "$1"
	check "$2: the title bar stays as it is" judge part shot \
		"$WORK/honest.ppm" "$(at 40)" "$(at 64)" "$(at 308)" "$(at 28)"
	check "$2: the strip too" judge part shot "$WORK/honest.ppm" 0 0 \
		"$WIDTH" "$(at 24)"
	end_program "$PID"
}
for QUARTERS in 5 6 7; do
	must "a scale of $QUARTERS quarters" scale "$QUARTERS"
	must 'a window is shown' lie work honest
	cp "$WORK/shot.ppm" "$WORK/honest.ppm"
	check 'where it should be' judge only shot "$PAINT" "$(at 44)" \
		"$(at 92)" "$(at 300)" "$(at 200)"
	end_program "$PID"
	same geometry 'a surface larger than its geometry'
	same geometry-negative 'a geometry larger than the surface'
	same offsets 'buffers that lie above and left of the window'
	same sub-over-title 'a subsurface over the title'
	same sub-of-sub 'a subsurface of a subsurface, made first'
	same sub-moves 'a subsurface that takes its own along'
	same storm 'two hundred sizes and states'
	covered popup-above 'a popup that begins above the screen'
	covered popup-over-title 'a popup over the title'
	covered popup-huge 'a popup larger than the screen'
	check 'a huge window is shown' lie work huge
	check 'inside of its border, below the strip' judge only shot \
		"$PAINT" "$(at 4)" "$(at 52)" \
		$((WIDTH - 2 * $(at 4))) $((HEIGHT - $(at 52) - $(at 4)))
	end_program "$PID"
done
check 'the compositor ends as it should' ended_well
the_end
