# SPDX-License-Identifier: MIT
# What a story is told with. A story is a bash script that sources this file,
# starts guests and host programs, says check for each thing that must hold,
# and ends with the_end. It prints TAP.
#
# Work happens in a short-named folder, for the sake of socket names; whatever
# is not a socket or a pipe is kept under $STORY_LOGS.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../../tools/lib/top.sh"
. "$WLB_TOP/tools/lib/image.sh"
. "$WLB_TOP/tools/lib/wait.sh"
. "$WLB_TOP/tools/lib/vm.sh"

STORY_N=0
STORY_FAILED=0
WORK=$(mktemp -d "${TMPDIR:-/tmp}/wlb.XXXXXX")

story_clean() {
	programs_end
	find "$WORK" '(' -type s -o -type p ')' -delete
	cp -r "$WORK/." "$STORY_LOGS/"
	rm -rf "$WORK"
}
trap story_clean EXIT

# check NAME COMMAND...: one thing that must hold
check() {
	local name=$1
	shift
	STORY_N=$((STORY_N + 1))
	if "$@"; then
		echo "ok $STORY_N - $name"
	else
		echo "not ok $STORY_N - $name"
		STORY_FAILED=$((STORY_FAILED + 1))
	fi
}

# must NAME COMMAND...: the same, and there is no going on without it
must() {
	local failed=$STORY_FAILED
	check "$@"
	if [ "$STORY_FAILED" != "$failed" ]; then
		exit 1
	fi
}

# tell_on FILE: TAP from a program in a guest, with our numbers
tell_on() {
	local line words
	while IFS= read -r line; do
		case $line in
		'ok '* | 'not ok '*)
			STORY_N=$((STORY_N + 1))
			words=${line#not }
			words=${words#ok }
			words=${words#"${words%%[!0-9]*}"}
			if [ "${line%% *}" = ok ]; then
				echo "ok $STORY_N$words"
			else
				echo "not ok $STORY_N$words"
				STORY_FAILED=$((STORY_FAILED + 1))
			fi
			;;
		esac
	done <"$1"
}

skip_story() {
	echo "1..0 # SKIP $*"
	exit 0
}

the_end() {
	echo "1..$STORY_N"
	[ "$STORY_FAILED" = 0 ]
}

# wl_device_args SOCKET: QEMU's arguments for a virtio-wl device behind it
#
# A root port with room for the region lets the device be unplugged and come
# back.
wl_device_args() {
	printf '%s\n' \
		-object "memory-backend-memfd,id=mem,size=$VM_MEMORY,share=on" \
		-machine memory-backend=mem \
		-device pcie-root-port,id=wl-port,slot=1,pref64-reserve=8G \
		-chardev "socket,id=wl,path=$1" \
		-device "vhost-user-test-device-pci,id=wl0,bus=wl-port,virtio-id=63,\
num_vqs=2,vq_size=256,chardev=wl"
}
