#!/bin/bash
# SPDX-License-Identifier: MIT
# A VM with more clients than the compositor has room for.
. "$(dirname "$0")/lib.sh"

needs prlimit

label "$WORK/from-work.sock" work 7b0c6a52
device_start gui "11=$WORK/from-work.sock" -- --accept work=fd:11
must 'the compositor starts' with_few_descriptors compositor_start '[vms]' \
	"device = vhost-user:$WORK/gui.wl"
must 'a VM is there' device_start work -- --connect "=$WORK/from-work.sock"

check 'a VM may have 256 clients, and no more' crowd_is -eq 256
check 'and the log says so' saw compositor "VM 'work': connection refused"

short_of_descriptors() {
	prlimit --pid "$COMPOSITOR" --nofile=100 && crowd_is -lt 100
}
check 'a client for whom no descriptor is left is hung up on' \
	short_of_descriptors
check 'and the compositor lives on' alive
check 'to end as it should' ended_well
the_end
