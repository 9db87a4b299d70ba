#!/bin/bash
# SPDX-License-Identifier: MIT
# A VM with more clients than the display side has room for.
. "$(dirname "$0")/lib.sh"

needs labwc prlimit

must 'a compositor runs' labwc_start
must 'the display side serves' with_few_descriptors display_start
must 'a VM is there' device_start work -- --connect "=$WORK/from-work.sock"

check 'a VM may have 256 clients, and no more' crowd_is -eq 256

short_of_descriptors() {
	prlimit --pid "$DISPLAY_AGENT" --nofile=100 && crowd_is -lt 100
}
check 'a client for whom no descriptor is left is hung up on' \
	short_of_descriptors
check 'and the display side lives on' kill -0 "$DISPLAY_AGENT"

the_end
