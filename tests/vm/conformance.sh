#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The conformance suite in a guest: the library over the kernel's VFDs, through
# a device that leads back to the same guest.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

story_guest guest conformance
cp "$STORY_BUILD/tests/conformance/conformance" "$WORK/guest/job/suite"

wl_device "$WORK/wl.sock" --accept "self=$WORK/loop.sock" \
	--connect "loop=$WORK/loop.sock"
mapfile -t args < <(wl_device_args "$WORK/wl.sock")
vm_start guest "$WORK/guest" conformance "$STORY_LAYER" "${args[@]}"

follow 600 story_retell "$WORK/guest/events.out" "${VM_PID[guest]}" ||
	check "the guest ends by itself" false
the_end
