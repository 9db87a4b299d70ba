#!/bin/bash
# SPDX-License-Identifier: MIT
# An input method serves its own VM: what it may see, write, grab and show.
. "$(dirname "$0")/lib.sh"

needs grim wtype
POPUP=00ffff
must 'the compositor starts' compositor_start '[globals]' \
	'work = zwp_input_method_manager_v2'

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

# Without an input method.
as work work "$WLB_WRITER" work
saw work '^shown$' && saw work '^focus$'
picture honest
check 'text is nobody'"'"'s turn where there is no input method' \
	never work '^text entered$'

as work method "$WLB_METHOD" work popup 100 50
saw method '^ready$'
check 'with one of its VM it is' saw work '^text entered$'
check 'the method is told of the text around the cursor' \
	saw method '^active 0 0 14 secret of work$'
check 'what it writes arrives' saw work '^string hello from work$'
preedit_arrived() {
	saw work '^preedit pre 0 3$' && saw work '^delete 2 1$' \
		&& saw work '^done$'
}
check 'what it is about to write, too' preedit_arrived

# Its popup: below the cursor, which is 2x10 at 64,122.
check 'the method hears where its popup is' saw method '^rectangle 0 -13 2 10$'
picture shot
check 'the popup is there and nowhere else' \
	judge only shot "$POPUP" 64 135 100 50
check 'with a border of its VM' judge framed shot "$POPUP" "$WORK_COLOUR" 3
check 'the label is as it was' label_as_honest
check 'the strip, too' strip_as_honest

hand_start
hand to 80 150
check 'the pointer over it is its own' saw method '^entered 66 65$'
hand down
hand up
check 'and a click on it' saw method '^button 272 1$'
hand to 800 500
still() {
	never method '^inactive$' && never work '^unfocus$'
}
check 'takes nothing away from the window' still

as work second "$WLB_METHOD" work-too popup 300 300
check 'a second one of the same VM is told that it cannot be' \
	saw second '^unavailable$'
picture shot
check 'and shows nothing' judge only shot "$POPUP" 64 135 100 50
check 'and hears nothing' never second '^active'
end second

# Another VM, whose program tells more than it was asked for.
as personal other "$WLB_WRITER" personal stealth
saw other '^shown$'
next_window
check 'another VM gets the keyboard' saw other '^focus$'
check 'the method is no longer needed' saw method '^inactive$'
check 'its popup has gone' saw work '^text left$'
picture shot
check 'from the screen' judge none shot "$POPUP"
typed_there() {
	on_host wtype x && saw other '^key [0-9]+ 0$'
}
check 'what is typed arrives there' typed_there
next_window
check 'the method is needed again' saw method '^active 0 0 14 secret of work$' 2
check 'and has heard nothing of the other' never method personal
check 'who had no text to enter' never other '^text entered$'
check 'and was written nothing' never other '^string'
end method
check 'without the method it is nobody'"'"'s turn' saw work '^text left$' 2

# Keys.
as work method "$WLB_METHOD" work grab
saw method '^active'
typed_to_method() {
	on_host wtype x && saw method '^grabbed [0-9]+ 0$' "$1"
}
check 'a method may have the keys of its own windows' typed_to_method 1
check 'which those do not get then' never work '^key'
on_host wtype -M logo -M shift -k c -m shift -m logo
check 'a key that is the compositor'"'"'s it does not get' \
	saw method '^modifiers 65$'
typed_to_method 2
only_two() {
	[ "$(grep -c '^grabbed' "$WORK/method.log")" = 4 ]
}
check 'only those before and after' only_two
next_window
saw other '^focus$' 2
typed_again() {
	on_host wtype xy && saw other '^key [0-9]+ 0$' 3
}
check 'keys for another VM arrive there' typed_again
next_window
saw method '^active' 2
typed_to_method 3
only_three() {
	[ "$(grep -c '^grabbed' "$WORK/method.log")" = 6 ]
}
check 'and the method got none of them' only_three
end method
saw work '^text left$' 3
typed_to_window() {
	on_host wtype x && saw work '^key [0-9]+ 0$'
}
check 'when it ends with the keyboard in its hands, keys go to the window' \
	typed_to_window

# Lies.
as work method "$WLB_METHOD" work lie popup 2000 2000
saw method '^active'
check 'text that is none does not arrive' saw work '^string hello from work$' 4
quiet() {
	never work 'broken\|another\|^delete 4'
}
check 'nor what is of another state' quiet
check 'a place in the middle of a character is its end' \
	saw work '^preedit ü- 3 3$'
picture shot
check 'a popup larger than the screen is inside of it' \
	judge only shot "$POPUP" 3 27 894 570
popup_border() {
	judge pixel shot "$WORK_COLOUR" 1 300 \
		&& judge pixel shot "$WORK_COLOUR" 898 300 \
		&& judge pixel shot "$WORK_COLOUR" 450 25 \
		&& judge pixel shot "$WORK_COLOUR" 450 598
}
check 'with all of its border' popup_border
check 'and below the title bar' label_as_honest
# Further right it says that there was nothing to copy.
check 'and the strip' judge part shot "$WORK/honest.ppm" 0 0 300 24
next_window
saw method '^inactive$'
saw other '^focus$' 3
typed_there_too() {
	on_host wtype x && saw other '^key [0-9]+ 0$' 4
}
check 'what it writes when it is over' typed_there_too
next_window
saw method '^active' 2
nothing_late() {
	never other late && never work late
}
check 'arrives nowhere' nothing_late
end other
end work

as work work "$WLB_WRITER" work broken
check 'broken text around the cursor is not passed on' \
	saw method '^active 1023 0 0 nothing$'
end work
as work work "$WLB_WRITER" work far
check 'a cursor that is nowhere' saw method '^active 0 0 14 secret of work$' 3
picture shot
check 'leaves the popup on the screen' judge only shot "$POPUP" 3 27 894 570
end work
end method

as work work "$WLB_WRITER" work bottom
as work method "$WLB_METHOD" work popup 100 50
saw method '^rectangle'
picture shot
check 'where there is no room below the cursor the popup is above it' \
	judge only shot "$POPUP" 64 499 100 50
on_host wtype -M alt -k F4 -m alt
end work
saw method '^inactive$'
picture shot
check 'it goes with the window' judge none shot "$POPUP"

as work work "$WLB_WRITER" work long
check 'text of 5000 letters ends its program' saw work '^disconnected$'
as work work "$WLB_WRITER" work many
check 'text inputs without end, too' saw work '^disconnected$'
as work work "$WLB_WRITER" work flood
check 'enabling without end' saw work '^flooded$'
end work
as work work "$WLB_WRITER" work
method_lives() {
	saw work '^text entered$' && kill -0 "$(pid_of method)" \
		&& never method '^disconnected$'
}
check 'does not end the method' method_lives
end method
end work

# Everything there is, in no order; keys are pressed meanwhile.
for seed in 1 2 3; do
	as work "muddle$seed" "$WLB_MUDDLE" "$seed" 1500
	saw "muddle$seed" '^focus$'
	on_host wtype xyz
	check "made and destroyed in no order, $seed" \
		saw "muddle$seed" '^muddled$'
	check 'and left alone' wait "$(pid_of "muddle$seed")"
done
as personal other "$WLB_WRITER" personal
types_again() {
	saw other '^focus$' && on_host wtype x && saw other '^key [0-9]+ 0$'
}
check 'another VM is typed into as ever' types_again
end other
check 'the compositor ends as it should' ended_well
the_end
