#!/bin/bash
# SPDX-License-Identifier: MIT
# A server on an unmodified libwayland, whose clients are VFDs.
. "$(dirname "$0")/lib.sh"

# The sanitizers would be first among libraries; the interposer may be, too.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0

label "$WORK/from-work.sock" work 7b0c6a52
device_start gui "11=$WORK/from-work.sock" -- --accept work=fd:11
must 'libwayland listens on a VFD' ready_program server \
	env LD_PRELOAD="$WLB_INTERPOSER" \
	"$WLB_INTERPOSED_SERVER" "vhost-user:$WORK/gui.wl"
SERVER=$PID

# client SOCKET
client() {
	timeout "$PATIENCE" "$WLB_INTERPOSED_CLIENT" "$1" work >&2
}

check 'an ordinary client is served' client "$WORK/from-work.sock"
must 'the app side serves' app_start
check 'and one behind an agent' client "$WORK/app-0"
end_program "$APP_AGENT"

# The signal goes to the process, which has a thread of the interposer's.
ends_well() {
	kill -TERM "$SERVER"
	wait "$SERVER"
}
check 'the server ends as it wants to' ends_well

the_end
