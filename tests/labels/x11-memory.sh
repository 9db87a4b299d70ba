#!/bin/bash
# SPDX-License-Identifier: MIT
# X programs that have their server keep more than it may, which is memory of this
# machine.
. "$(dirname "$0")/lib.sh"

needs grim Xwayland
must 'the compositor starts' compositor_start '[xwayland]' 'work = yes' \
	'[limits]' 'x11-memory = 512'

check 'an X program makes pixmaps without end' x_lie work pixmaps
check 'and gets an error, of those the compositor knows' \
	saw liar '^depth 24: [0-9]+, then error 11$'
check 'as of those that only the server has' \
	saw liar '^depth 1: [0-9]+, then error 11$'
as_x work other "$WLB_XLIAR" honest
check 'another is served' saw other '^shown$'
as personal first "$WLB_LIAR" honest
check 'another VM shows a window' saw first '^shown$'

# limit_is NAME VALUE: of the VM's server
limit_is() {
	local socket process command
	socket=$(readlink "$WORK/$HOST_DISPLAY-x11-work")
	for process in /proc/[0-9]*; do
		# Others come and go.
		mapfile -d '' -t command 2>/dev/null <"$process/cmdline" \
			|| continue
		if [ "${command[0]-}" = Xwayland ] \
				&& [ "${command[1]-}" = ":${socket##*/X}" ]; then
			grep -q "^$1 *$2 *$2 " "$process/limits"
			return
		fi
	done
	return 1
}
check 'the server may have 512 MiB' limit_is 'Max address space' 536870912
check 'and 1024 descriptors' limit_is 'Max open files' 1024
check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
