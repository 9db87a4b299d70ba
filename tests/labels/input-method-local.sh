#!/bin/bash
# SPDX-License-Identifier: MIT
# The input method of the compositor's own machine: local programs, and the VMs that
# a person named.
. "$(dirname "$0")/lib.sh"

needs grim wtype
POPUP=00ffff
LOCAL_COLOUR=77767b
must 'the compositor starts' compositor_start '[globals]' \
	'personal = zwp_input_method_manager_v2' '[input-methods]' \
	'work = own' 'personal = local'

next_window() {
	on_host wtype -M alt -P tab -p tab -m alt
}
# heard NAME PATTERN: it has, by now; never NAME PATTERN: it has not
heard() {
	grep -q "$2" "$WORK/$1.log"
}
never() {
	! heard "$@"
}
click() {
	hand to "$1" "$2"
	hand down
	hand up
}
# at_home NAME COMMAND...: a watched local program
at_home() {
	watched_program "$1" env WAYLAND_DISPLAY="$HOST_DISPLAY" "${@:2}"
}

at_home method "$WLB_METHOD" local grab back popup 60 40
saw method '^ready$'
at_home home "$WLB_WRITER" home
check 'it serves local programs' saw home '^string hello from local$'
as work work "$WLB_WRITER" work stealth
saw work '^shown$'
next_window
saw work '^focus$'
typed_there() {
	on_host wtype x && saw work '^key [0-9]+ 0$'
}
check 'keys of a VM that is not named arrive there' typed_there
next_window
saw method '^active 0 0 14 secret of home$' 2
not_the_vm() {
	never work '^text entered' && never method work && never method grabbed
}
check 'which it does not serve' not_the_vm
end work

as personal personal "$WLB_WRITER" personal
saw personal '^shown$'
next_window
check 'it serves a VM that is named' saw personal '^string hello from local$'
check 'and hears what that says' saw method '^active 0 0 18 secret of personal$'
typed_to_method() {
	on_host wtype x && saw method '^grabbed [0-9]+ 0$'
}
check 'and has its keys' typed_to_method
check 'which it may hand back' saw personal '^key [0-9]+ 0$'
# Its own keyboard is the one that was used last when its turn comes again.
hand_start
click 100 250
saw home '^focus$' 3
click 700 250
saw personal '^focus$' 2
typed_once_more() {
	on_host wtype x && saw method '^grabbed [0-9]+ 0$' 2 \
		&& saw personal '^key [0-9]+ 0$' 2
}
check 'each once' typed_once_more
once() {
	[ "$(grep -c '^grabbed' "$WORK/method.log")" = 4 ] \
		&& [ "$(grep -c '^keymap$' "$WORK/method.log")" -lt 20 ]
}
check 'and is not told of its own keyboard' once
picture shot
check 'its popup has the border of the machine, not of the VM' \
	judge framed shot "$POPUP" "$LOCAL_COLOUR" 3

as personal own "$WLB_METHOD" personal
check 'a method of that VM itself comes first' \
	saw own '^active 0 0 18 secret of personal$'
check 'the other is told' saw method '^inactive$' 5
check 'and the program that it is another' saw personal '^text entered$' 3
check 'which writes' saw personal '^string hello from personal$'
next_window
saw home '^focus$' 4
check 'the other serves local programs again' \
	saw method '^active 0 0 14 secret of home$' 4
check 'of which the VM'"'"'s own hears nothing' never own home
next_window
saw own '^active' 2
end own
check 'when it ends the other takes over' saw personal '^text entered$' 5
check 'at once' saw method '^active 0 0 18 secret of personal$' 3
end method
check 'without any the program is told' saw personal '^text left$' 5
at_home method "$WLB_METHOD" local
saw method '^active'
end personal
check 'a program that ends while it is served' saw method '^inactive$'
check 'leaves the keyboard to the next' saw home '^focus$' 5

bad_line() {
	printf '%s\n' '[input-methods]' "$1" >"$WORK/bad.conf"
	! WLR_BACKENDS=headless WLR_RENDERER=pixman \
		"$WLB_COMPOSITOR" -c "$WORK/bad.conf" -s true \
		2>"$WORK/bad.log" && grep -q 'bad.conf:2:' "$WORK/bad.log"
}
check 'a VM cannot be served by another VM' bad_line 'work = personal'
check 'nor a name that no VM can have' bad_line 'local = local'
check 'the compositor ends as it should' ended_well
the_end
