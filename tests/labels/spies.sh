#!/bin/bash
# SPDX-License-Identifier: MIT
# What one VM learns of the others, though nobody tells it.
. "$(dirname "$0")/lib.sh"

needs wtype
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start
as personal first "$WLB_LIAR" honest
saw first '^shown$'

# By the numbers of what is sent: each key and each click had one of the same row.
as work spy "$WLB_SPY"
saw spy '^listens$'
typed() {
	on_host wtype secret && saw first '^key ' 12
}
clicked() {
	hand to 100 150 && hand down && hand up && saw first '^button ' 2
}
heard_nothing() {
	! grep '^heard' "$WORK/spy.log"
}
check 'a VM is typed into' typed
check 'and clicked on' clicked
check 'another, which asks all the time, hears nothing of it' heard_nothing
not_told() {
	! grep -qx keymap "$WORK/spy.log"
}
check 'nor is it told with which letters' not_told
end spy
end first
check 'the compositor ends as it should' ended_well
the_end
