#!/bin/bash
# SPDX-License-Identifier: MIT
# Drags that are begun as none should; see dragger.c.
. "$(dirname "$0")/lib.sh"

# wlroots forgets what is asked for during a drag; that is why it is counted.
echo 'leak:wlr_drag_create' >>"$WORK/leaks"

must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start

# The first window, and another VM's beside it.
hand to 880 590
as personal own "$WLB_DRAG" 'the words of personal'
saw own '^shown$'

# press N: on the other window, and let go; that window has dragged N times
press() {
	hand to 700 150 && hand down && saw liar '^dragging$' "$1" \
		&& hand to 720 160 && hand up
}
# drops N: the honest window still can
drops() {
	hand to 100 150 && hand down && hand to 120 160 \
		&& saw own '^enter text/plain$' "$1" && hand up \
		&& saw own '^finished$' "$1"
}
as work liar "$WLB_DRAGGER" same-source
saw liar '^shown$'
check 'something is dragged' press 1
check 'the same source again' press 2
check 'is refused' saw liar '^cancelled$'
check 'and once more' press 3
check 'while others drag as ever' drops 1
end liar

as work liar "$WLB_DRAGGER" many
saw liar '^shown$'
memory_of() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$COMPOSITOR/status"
}
BEFORE=$(memory_of)
hand to 700 150
hand down
check 'a hundred thousand drags during one' saw liar '^dragging$'
takes_little() {
	echo "# $(($(memory_of) - BEFORE)) kB"
	[ "$(($(memory_of) - BEFORE))" -lt 10000 ]
}
check 'take no memory to speak of' takes_little
check 'since their client is disconnected' saw liar '^disconnected$'
hand up
check 'others drag as ever' drops 2
check 'the compositor is alive' alive
end own
check 'and ends as it should' ended_well
the_end
