#!/bin/bash
# SPDX-License-Identifier: MIT
# Menus that are made, and grab, as none should; see menu.c.
. "$(dirname "$0")/lib.sh"

needs grim
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start
must 'a window of another VM is shown' honest_shown

# menu TRICK: of one VM
menu() {
	as work liar "$WLB_MENU" "$1"
	saw liar '^(shown|cut off)$'
}

check 'a menu that is its own menu' menu own-parent
check 'ends its client' was 'cut off'
end liar
check 'others are as ever' others_as_ever
check 'two that are menus of each other' menu circle
check 'end theirs' was 'cut off'
end liar
check 'others are as ever again' others_as_ever
check 'a menu that grabs twice' menu twice
check 'is closed' was 'popup done'
end liar
check 'which others do not notice' others_as_ever

# Each is looked for from the window on; none of that may take long.
worked() {
	awk '{ print $14 + $15 }' "/proc/$COMPOSITOR/stat"
}
BEFORE=$(worked)
check 'three thousand menus of one another' menu deep
little_work() {
	[ "$(($(worked) - BEFORE))" -lt 200 ]
}
check 'are little work' little_work
check 'since only so many are let be that' was 'popup done'
end liar
check 'and others are as ever' others_as_ever

# Whoever has neither keyboard nor pointer closes no menus of others.
hand to 880 590
as personal other "$WLB_MENU" grab
saw other '^shown$'
check 'a menu of one VM is open' alive
check 'another VM grabs again and again' menu again
check 'and is refused' was 'popup done'
still_open() {
	! grep -q '^popup done$' "$WORK/other.log"
}
check 'which closes no menu but its own' still_open
end liar
end other

# Nor does it end what they drag.
as personal source "$WLB_DRAG" 'the words of personal'
saw source '^shown$'
hand to 100 150
hand down
saw source '^dragging$'
check 'while one VM drags, another grabs again and again' menu again
end liar
hand to 120 160
check 'it is still told of what it drags' saw source '^enter text/plain$'
hand up
check 'until it lets go' saw source '^finished$'
end source

check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
