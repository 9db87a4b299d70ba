# SPDX-License-Identifier: MIT
# What both benches of sound are made with, on top of ../native/sound-lib.sh.

. "$(dirname "${BASH_SOURCE[0]}")/../native/sound-lib.sh"

# shellcheck disable=SC2034 # logs are shown, unless the end is reached
TAP_FAILED=1

# quantum FRAMES: of the graph, whatever its nodes would like
quantum() {
	pw-metadata -n settings 0 clock.force-quantum "$1" >/dev/null
}

# Who writes a click says so here; it is fd 6.
mkfifo "$WORK/marks"
exec 6<>"$WORK/marks"

# ear_start NAME: listen for clicks, and for who says that they were written
ear_start() {
	# shellcheck disable=SC2016 # for the inner shell
	watched_program "$1" sh -c 'exec "$@" <"$0"' "$WORK/marks" \
		"$WLB_CLICK_EAR" speakers
	saw "$1" listening
}

# ear_end NAME: everything that was heard is in NAME.log
ear_end() {
	local pid=PID_$1
	wait "${!pid}"
}

# every PERIOD: how many of them are as near to 55 ms as it gets
every() {
	echo $((1 + 55 * 48 / $1))
}
