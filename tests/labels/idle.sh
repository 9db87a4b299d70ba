#!/bin/bash
# SPDX-License-Identifier: MIT
# Who is told that nobody is there, and who may say that the screen is to stay on.
. "$(dirname "$0")/lib.sh"

needs grim wtype swayidle swaylock
must 'the compositor starts' compositor_start '[globals]' \
	'personal = zwp_idle_inhibit_manager_v1'
must 'a mouse is there' hand_start

# order WORD: see filler.c
ORDERS=0
order() {
	echo "$1" >"$WORK/filler.fifo"
	ORDERS=$((ORDERS + 1))
	saw filler '^done$' "$ORDERS"
}
# gone COUNT, back COUNT: it was said so, that often by now
gone() {
	saw idle '^gone$' "$1"
}
back() {
	saw idle '^back$' "$1"
}
# stays COUNT: for three times as long as it takes, it is not
stays() {
	! PATIENCE=3 gone "$1"
}

watched_program idle env WAYLAND_DISPLAY="$HOST_DISPLAY" swayidle \
	-C /dev/null timeout 1 'echo gone' resume 'echo back'
check 'nobody does anything for a second' gone 1
on_host wtype x
check 'a key ends that' back 1
check 'as before' gone 2
hand to 100 200
check 'a pointer does' back 2

mkfifo "$WORK/filler.fifo"
as personal filler "$WLB_FILLER" "$WORK/filler.fifo"
must 'a VM that may shows a window' saw filler '^shown$'
check 'which alone is nothing' gone 3
hand to 120 200
back 3
check 'it asks that the screen stays on' order awake
check 'and it does' stays 4
order unmap
check 'while that window is to be seen' gone 4
hand to 100 200
back 4
order map
check 'it is again' stays 5
as personal other "$WLB_LIAR" huge
saw other '^shown$'
check 'but not behind another one' gone 5
end other
hand to 120 200
back 5
check 'as if it had been in front all the time' stays 6
order sleepy
check 'until it asks no more' gone 6
hand to 100 200
back 6

order awake
stays 7
watched_program locker env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_LOCKER" bare
saw locker '^locked$'
check 'of a locked screen no VM says that it stays on' gone 7
end locker
on_host wtype x
check 'and keys count there' back 7
end filler
end idle

# The two programs together, with a command as the manual has it.
watched_program idle env WAYLAND_DISPLAY="$HOST_DISPLAY" swayidle \
	-C /dev/null timeout 1 'echo gone' \
	timeout 600 'swaylock -C /dev/null -c 00ff00'
gone 1
kill -USR1 "$(pid_of idle)"
shows_lock() {
	soon judge pixel shot 00ff00 10 30
}
check 'whoever asks swayidle has the screen locked at once' shows_lock
check 'the compositor ends as it should' ended_well
the_end
