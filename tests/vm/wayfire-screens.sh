#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Wayfire with the plugin, on two screens, and a client that goes from one to the
# other.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tests/vm/lib/wayfire.sh"

wayfire_ini
# In its strip there is no room for two names.
cat >>"$gui/job/wayfire.ini" <<-END
	[output:Virtual-1]
	position = 0, 0
	[output:HEADLESS-1]
	mode = 216x400
	position = $WIDTH, 0
END
touch "$gui/job/screens"
wayfire_start

start typed work /run/job/liar honest
check "a window of a VM has the keyboard" heard 'typed focus'
run thief web /run/job/liar screens
check "another VM's goes from screen to screen" heard 'thief went'
check "it does not have the keyboard for that" never thief focus
check "its dialog does the same" heard 'thief shown'
vm_qmp "$gui" key x
check "what is typed still goes to the first" heard 'typed key 45 0'
check "and not to the other" never thief 'key.*'
picture narrow
check "a strip says who waits" judge pixel narrow "$WEB_COLOUR" 202 3
check "a narrow one who has the keyboard" judge pixel narrow "$WORK_COLOUR" \
	$((WIDTH + 78)) 3
whole_names() {
	! judge pixel narrow "$WEB_COLOUR" $((WIDTH + 202)) 3
}
check "and no half of the other name" whole_names
end thief
end typed

check "Wayfire is still there, with windows" lie web honest
picture last
check "which have their names" judge pixel last "$WEB_COLOUR" \
	$((FRAME_X + 6)) $((FRAME_Y + 6))
vm_tell "$gui" quit
check "and ends when it is asked to" heard 'ended 0'
the_end
