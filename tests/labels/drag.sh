#!/bin/bash
# SPDX-License-Identifier: MIT
# What is dragged stays in its VM.
. "$(dirname "$0")/lib.sh"

must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start

# Upper left, upper right, lower left.
as work source "$WLB_DRAG" 'the words of work'
saw source '^shown$'
as personal foreign "$WLB_DRAG"
saw foreign '^shown$'
as work own "$WLB_DRAG"
saw own '^shown$'

# drag_over X Y...: from the source, once it is one, by these points
DRAGS=0
drag_over() {
	hand to 100 150
	hand down
	DRAGS=$((DRAGS + 1))
	saw source '^dragging$' "$DRAGS" || return
	while [ $# != 0 ]; do
		hand to "$1" "$2"
		shift 2
	done
}

# drop_on_own COUNT: let go once that window has taken it so often; before that
# there is nobody to drop it on
drop_on_own() {
	saw own '^accepted$' "$1" || return
	hand up
}

check 'a drag begins with a press' drag_over 100 400 100 500 120 510
check 'a window of the same VM is told' saw own '^enter text/plain$'
drop_on_own 1
check 'that something was dropped' saw own '^drop$'
check 'which its source gives it' saw source '^sent$'
check 'and it reads' saw own '^text the words of work$'
check 'the source is told that it was dropped' saw source '^dropped$'
check 'and that this is the end' saw source '^finished$'

check 'a drag to another VM' drag_over 700 150 800 160 750 170
check 'and a drop on it' hand up
check 'is none' saw source '^cancelled$'
not_told() {
	! grep -Eq '^(enter |leave|drop|text)' "$WORK/foreign.log"
}
check 'and that one is not told' not_told
drag_over 700 150 800 160 100 500 120 510
drop_on_own 2
check 'by way of another VM' saw own '^drop$' 2
check 'it arrives' saw own '^text the words of work$' 2
check 'that one is still not told' not_told

# The source goes while something is dragged, over itself and over another's.
as work brief "$WLB_DRAG" 'words that end'
saw brief '^shown$'
hand to 700 500
hand down
check 'another drag begins' saw brief '^dragging$'
hand to 700 160
focused=$(grep -c '^focus$' "$WORK/source.log")
end brief
check 'its source goes' saw source '^focus$' $((focused + 1))
hand up
check 'and the other VM was not told' not_told
drag_over 120 510
drop_on_own 3
check 'the next one works' saw own '^drop$' 3

# Whoever has no button that is held has nothing to drag.
hand to 700 160
hand down
hand up
saw foreign '^button 272 0$'
kill -USR1 "$(pid_of foreign)"
saw foreign '^tried$'
not_dragging() {
	hand to 120 510 && hand to 100 150 && hand to 700 160 \
		&& [ "$(grep -c '^enter ' "$WORK/own.log")" = 3 ]
}
check 'who begins a drag without a button drags nothing' not_dragging
check 'the compositor is alive' alive
end foreign
end own
end source
check 'and ends as it should' ended_well
the_end
