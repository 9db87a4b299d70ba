#!/bin/bash
# SPDX-License-Identifier: MIT
# Attaching, committing and destroying in every order; see order.c.
. "$(dirname "$0")/lib.sh"

needs grim
must 'the compositor starts' compositor_start
must 'a window of another VM is shown' lie personal honest
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
end_program "$PID"

# Protocol errors are what they are for; libwayland says each of them.
as work liar "$WLB_ORDER"
every_order() {
	saw liar '^orders 6600$'
}
check 'six thousand orders' every_order
wait "$(pid_of liar)" || true
check 'the compositor is alive' alive
check 'and shows a window' lie personal honest
check 'as ever' judge same shot "$WORK/honest.ppm"
end_program "$PID"
check 'and ends as it should' ended_well
the_end
