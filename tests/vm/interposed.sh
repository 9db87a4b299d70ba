#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A server on an unmodified libwayland in a guest, over the kernel's VFDs. Its
# client is an ordinary one outside.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

story_guest guest interposed
cp "$STORY_BUILD/tests/native/interposed-server" "$WORK/guest/job/"

printf 'name = work\n' >"$WORK/from-work.sock.label"
wl_device "$WORK/wl.sock" --accept "work=$WORK/from-work.sock"
mapfile -t args < <(wl_device_args "$WORK/wl.sock")
vm_start guest "$WORK/guest" interposed "$STORY_LAYER" "${args[@]}"

client() {
	timeout 60 "$STORY_BUILD/tests/native/interposed-client" \
		"$WORK/from-work.sock" work >"$WORK/client.log" 2>&1
}

listen() {
	case $1 in
	'# client')
		check "an ordinary client outside is served" client
		vm_tell "$WORK/guest" "served"
		;;
	*)
		story_retell "$1" && return
		;;
	esac
	return 1
}

follow 600 listen "$WORK/guest/events.out" "${VM_PID[guest]}" ||
	check "the guest ends by itself" false
the_end
