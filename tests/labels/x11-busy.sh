#!/bin/bash
# SPDX-License-Identifier: MIT
# X programs that keep their server busy, or its window manager, which is a part of
# the compositor: nobody else waits for that.
. "$(dirname "$0")/lib.sh"

needs grim Xwayland
must 'the compositor starts' compositor_start '[xwayland]' 'work = yes'

check 'an X program changes its title all the time' x_lie work titles
as personal first "$WLB_LIAR" honest
check 'another VM shows a window' saw first '^shown$'
check 'and a picture can be taken' picture shot
not_cut_off() {
	! grep -q 'keeps everybody waiting' "$WORK/compositor.log"
}
check 'for which nobody had to be cut off' not_cut_off
end first
end liar

check 'one gives its server work for some seconds' x_lie work busy
as personal second "$WLB_LIAR" honest
check 'another VM shows a window' saw second '^shown$'
check 'and who kept everybody waiting is cut off' \
	saw compositor "X server of VM 'work' keeps everybody waiting"
check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
