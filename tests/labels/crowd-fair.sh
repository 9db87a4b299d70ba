#!/bin/bash
# SPDX-License-Identifier: MIT
# VMs that conspire to have all of the compositor's descriptors.
. "$(dirname "$0")/lib.sh"

# For the compositor and all that comes after it, who need few: 1900 and 800 for
# those that conspire leave it forty.
ulimit -n 2740
must 'the compositor starts' compositor_start

# hoard VM NAME TRICK: pools, each a descriptor
hoard() {
	as "$1" "$2" "$WLB_FLOOD" "$3"
	saw "$2" '^shown$'
}
check 'one VM has two thirds of the descriptors' hoard work one pools-many
check 'another takes what is left' hoard stranger two pools-some
check 'and one that wants few has them' hoard personal three pools-few
check 'at the cost of one that has most' saw compositor \
	"VM 'work' has most of the descriptors"
check 'the compositor lives on' alive
check 'to end as it should' ended_well
the_end
