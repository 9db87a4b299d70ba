#!/bin/bash
# SPDX-License-Identifier: MIT
# X programs that keep their server busy, or its window manager, which is a part of
# the compositor: nobody else waits for that, and no server is cut off for it.
. "$(dirname "$0")/lib.sh"

needs grim Xwayland
# What it frees is free, or there would be no telling what it keeps.
COMPOSITOR_ENV+=("ASAN_OPTIONS=${ASAN_OPTIONS:-}:quarantine_size_mb=1")
must 'the compositor starts' compositor_start '[xwayland]' 'work = yes'

# others TRICK WHAT: while an X program does that, others have their turn
others() {
	check "$2" x_lie work "$1"
	as personal first "$WLB_LIAR" honest
	check 'another VM shows a window' saw first '^shown$'
	check 'and a picture can be taken' picture shot
	end first
}
# pages: of memory that the compositor has
pages() {
	local resident
	read -r _ resident _ <"/proc/$COMPOSITOR/statm"
	echo "$resident"
}
others titles 'an X program changes its title all the time'
end liar
BEFORE=$(pages)
others flood 'one does so as fast as its server can take it'
not_kept() {
	[ "$(pages)" -lt $((BEFORE + 2000)) ]
}
check 'fifty thousand times' saw liar '^done$'
check 'what it makes happen is not kept in the compositor' not_kept
end liar
others busy 'one gives its server work for a second, again and again'
check 'which is done' saw liar '^done$' 3
not_cut_off() {
	! grep -q 'it is cut off' "$WORK/compositor.log"
}
check 'for none of them anybody had to be cut off' not_cut_off
end liar
check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
