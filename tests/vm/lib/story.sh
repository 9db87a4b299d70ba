# SPDX-License-Identifier: MIT
# What a story is told with. A story is a bash script that sources this file,
# starts guests and host programs, says check for each thing that must hold,
# and ends with the_end. It prints TAP.
#
# Work happens in a short-named folder, for the sake of socket names; whatever
# is not a socket or a pipe is kept under $STORY_LOGS.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../../tools/lib/top.sh"
. "$WLB_TOP/tests/lib/tap.sh"
. "$WLB_TOP/tools/lib/image.sh"
. "$WLB_TOP/tools/lib/wait.sh"
. "$WLB_TOP/tools/lib/vm.sh"

WORK=$(mktemp -d "${TMPDIR:-/tmp}/wlb.XXXXXX")

story_clean() {
	programs_end
	find "$WORK" '(' -type s -o -type p ')' -delete
	cp -r "$WORK/." "$STORY_LOGS/"
	rm -rf "$WORK"
}
trap story_clean EXIT

WL_DEVICE=vhost-user-test-device-pci,virtio-id=30,num_vqs=2,vq_size=256

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
		-device "$WL_DEVICE,id=wl0,bus=wl-port,chardev=wl"
}

# story_guest NAME SCRIPT PROGRAM...: bring tests/vm/guest-SCRIPT, and programs
# that were built beside the stories, into the folder shared with the guest
story_guest() {
	local job=$WORK/$1/job program
	mkdir -p "$job"
	cp "$WLB_TOP/tests/vm/guest-$2" "$job/$2"
	cp "$WLB_TOP/tests/vm/guest-lib" "$job/"
	for program in "${@:3}"; do
		cp "$STORY_BUILD/tests/vm/$program" "$job/"
	done
}

# story_retell LINE: what a guest says, retold; the last line is "ended"
story_retell() {
	case $1 in
	*' ended '*)
		return 0
		;;
	*)
		retell "$1"
		;;
	esac
	return 1
}

# soon PICTURE COMMAND...: once that is on the screen of VM gui; programs show what was
# drawn when they like, so does a screen, and neither tells anybody
soon() {
	local end=$((SECONDS + 180))
	until vm_qmp "$WORK/gui" screendump "$WORK/$1.ppm" &&
		"${@:2}" >"$WORK/soon.log" 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			cat "$WORK/soon.log" >&2
			return 1
		fi
	done
}

# wl_device SOCKET OPTION...: start a device that listens there
wl_device() {
	local socket=$1
	shift
	program "$WORK/device.log" python3 "$WLB_TOP/tests/vm/lib/listen.py" \
		"$socket" "$STORY_BUILD/destdir/usr/bin/wlbridge-wl" \
		--name guest --fd 3 "$@"
	wait_line "$WORK/device.log" '^listening' 60 "${PROGRAMS[-1]}" >/dev/null
}
