#!/bin/bash
# SPDX-License-Identifier: MIT
# What a VM could hope for from the two steps that copy, and does not get.
. "$(dirname "$0")/lib.sh"

needs wtype
must 'the compositor starts' compositor_start
next_window() {
	on_host wtype -M alt -P tab -p tab -m alt
}
chord() {
	on_host wtype -M logo -M shift -P "$1" -p "$1" -m shift -m logo
}
notice() {
	wait_line "$WORK/compositor.log" "warn: $1" "$PATIENCE" "$COMPOSITOR" \
		"${2:-1}" >/dev/null
}
focus() {
	next_window
	saw "$1" '^focus$' "$2"
}

chord c
chord v
check 'with nobody there neither step does anything' alive

as work author "$WLB_CLIP" 'the words of work'
saw author '^selection text/plain'
as personal image "$WLB_CLIP" 'a picture' image
saw image '^shown$'
focus image 1
saw image '^selection image/png$'
focus author 2
chord c
notice 'copied from work: 17 bytes$'
focus image 2
chord c
check 'a copy that is refused' \
	notice 'nothing copied from personal: no type that may be copied$'
chord v
check 'takes the place of the one before' \
	notice 'nothing to paste into personal: nothing was copied$'
nothing_of_work() {
	! grep -q '^selection text' "$WORK/image.log"
}
check 'of which nobody gets anything' nothing_of_work
end image
saw author '^focus$' 3
end author

# One that does not answer must not be able to answer later.
as work silent "$WLB_CLIP" 'too late' silent
saw silent '^selection text/plain'
as personal other "$WLB_CLIP" 'the words of personal'
saw other '^shown$'
chord c
check 'a program is asked and keeps silent' saw silent '^asked$'
# In one go: it is given up after three seconds.
on_host wtype -M alt -P tab -p tab -m alt \
	-M logo -M shift -P v -p v -m shift -m logo
check 'meanwhile there is nothing to paste' \
	notice 'nothing to paste into personal: it is still being copied$'
saw other '^selection text/plain$'
chord c
check 'and another may be asked' \
	notice 'copied from personal: 21 bytes$'
focus silent 2
chord v
check 'whose words are those that are given' \
	notice 'work may paste 21 bytes from personal$'
check 'to the one who was meant' saw silent '^selection text/plain;charset=utf-8'
cancelled_only_its_own() {
	! grep -q '^cancelled$' "$WORK/other.log"
}
check 'the giver keeps its own' cancelled_only_its_own
not_offered() {
	! grep -q '^selection.*charset' "$WORK/other.log"
}
check 'and hears nothing of what became of it' not_offered
end silent
end other

# Flags of a descriptor are shared with whoever has it, too.
as work author "$WLB_CLIP" "$(printf '%30000s' x)"
saw author '^selection text/plain'
chord c
notice 'copied from work: 30000 bytes$'
as personal stubborn "$WLB_CLIP" '' stubborn
saw stubborn '^shown$'
focus stubborn 1
chord v
check 'a reader that makes its pipe block' saw stubborn '^answered$'
end stubborn
check 'holds up nobody' saw author '^focus$' 2
end author

as personal author "$WLB_CLIP" 'the words of personal'
saw author '^selection text/plain$'
chord c
notice 'copied from personal: 21 bytes$' 2
as work socket "$WLB_CLIP" '' socket
saw socket '^shown$'
focus socket 1
chord v
check 'a socket is as good as a pipe' saw socket '^text the words of personal$'
check 'and ends' saw socket '^text ends$'
end socket
end author
check 'the compositor ends as it should' ended_well
the_end
