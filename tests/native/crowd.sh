#!/bin/bash
# SPDX-License-Identifier: MIT
# A VM with more clients than the display side has room for.
. "$(dirname "$0")/lib.sh"

needs labwc prlimit

must 'a compositor runs' labwc_start
# Fewer descriptors than it needs, unless it sees to that.
LIMIT=$(ulimit -Sn)
ulimit -Sn 256
must 'the display side serves' display_start
ulimit -Sn "$LIMIT"
must 'a VM is there' device_start work -- --connect "=$WORK/from-work.sock"

# crowd_is TEST COUNT: how many come until one is hung up on; others may follow
crowd_is() {
	local said
	mapfile -t said < <(timeout "$PATIENCE" \
		"$WLB_CROWD" "vhost-user:$WORK/work.wl" 300)
	[ "${said[1]:-}" = again ] && test "${said[0]}" "$@"
}

check 'a VM may have 256 clients, and no more' crowd_is -eq 256

short_of_descriptors() {
	prlimit --pid "$DISPLAY_AGENT" --nofile=100 && crowd_is -lt 100
}
check 'a client for whom no descriptor is left is hung up on' \
	short_of_descriptors
check 'and the display side lives on' kill -0 "$DISPLAY_AGENT"

the_end
