# SPDX-License-Identifier: MIT
# TAP: what a story says of each thing that must hold.

TAP_N=0
TAP_FAILED=0
TAP_SKIP=	# why the check that is under way could not be made, if it could not
TAP_NAME=	# of the check that is under way; what comes after it says so

# check NAME COMMAND...: one thing that must hold
check() {
	local name=$1
	TAP_NAME=$1
	shift
	TAP_N=$((TAP_N + 1))
	TAP_SKIP=
	if "$@"; then
		echo "ok $TAP_N - $name${TAP_SKIP:+ # SKIP $TAP_SKIP}"
	else
		echo "not ok $TAP_N - $name"
		TAP_FAILED=$((TAP_FAILED + 1))
	fi
	TAP_NAME="after $name"
}

# must NAME COMMAND...: the same, and there is no going on without it
must() {
	local failed=$TAP_FAILED
	check "$@"
	if [ "$TAP_FAILED" != "$failed" ]; then
		the_end
	fi
}

# retell LINE: TAP from another program, with our numbers
retell() {
	local words
	case $1 in
	'ok '* | 'not ok '*)
		TAP_N=$((TAP_N + 1))
		words=${1#not }
		words=${words#ok }
		words=${words#"${words%%[!0-9]*}"}
		if [ "${1%% *}" = ok ]; then
			echo "ok $TAP_N$words"
		else
			echo "not ok $TAP_N$words"
			TAP_FAILED=$((TAP_FAILED + 1))
		fi
		;;
	'# '*)
		echo "$1"
		;;
	esac
}

the_end() {
	echo "1..$TAP_N"
	if [ "$TAP_FAILED" != 0 ]; then
		exit 1
	fi
	exit 0
}
