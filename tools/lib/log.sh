# SPDX-License-Identifier: MIT
# What every tool says, and how it ends.
#
# Lines go to stderr, so that stdout stays what a tool was asked for, and carry
# the time since the first of our tools was started: one tool may run another,
# in another root, and the clock goes on.

# A failure inside $(...) is a failure.
shopt -s inherit_errexit

export WLB_STARTED_US=${WLB_STARTED_US:-${EPOCHREALTIME//[!0-9]/}}

# elapsed: seconds since the first tool was started, with one decimal
elapsed() {
	local tenths=$(((${EPOCHREALTIME//[!0-9]/} - WLB_STARTED_US) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

say() {
	printf '[%6ss] %s\n' "$(elapsed)" "$*" >&2
}

die() {
	say "${0##*/}: $*"
	exit 1
}
