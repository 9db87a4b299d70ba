#!/bin/bash
# SPDX-License-Identifier: MIT
# An input method and who it serves, both in a VM: by way of its agent and its device.
. "$(dirname "$0")/lib.sh"

needs grim wtype
POPUP=00ffff
must 'the compositor starts' compositor_start '[globals]' \
	'work = zwp_input_method_manager_v2'
must 'a VM with a display agent' display_start
must 'a VM with programs' app_start

work_program method "$WLB_METHOD" work grab popup 100 50
check 'a method in it' saw method '^ready$'
work_program writer "$WLB_WRITER" work
check 'serves a program in it' saw writer '^string hello from work$'
check 'and is told what that says' saw method '^active 0 0 14 secret of work$'
# The window and the popup are in memory that the agent copies to.
saw method '^rectangle 0 -13 2 10$'
shows_popup() {
	picture shot && judge framed shot "$POPUP" "$WORK_COLOUR" 3
}
check 'its popup is shown with a border' shows_popup
typed() {
	on_host wtype x && saw method '^keymap$' \
		&& saw method '^grabbed [0-9]+ 0$'
}
check 'and it has the keys' typed
end writer
check 'until its program ends' saw method '^inactive$'
end method
check 'the compositor ends as it should' ended_well
the_end
