#!/bin/bash
# SPDX-License-Identifier: MIT
# More of everything than one VM may have; see flood.c.
. "$(dirname "$0")/lib.sh"

needs grim wtype
# As it usually is; each pool is a descriptor.
ulimit -S -n 1024
must 'the compositor starts' compositor_start '[limits]' \
	'buffer-memory = 200' 'objects = 30000' 'pools = 2000'

must 'a window of another VM is shown' honest_shown

# flood VM TRICK
flood() {
	as "$1" liar "$WLB_FLOOD" "$2"
	saw liar '^(shown|cut off)$'
}

# too_much TRICK WHAT WHY: that ends its client, which is told so, and nobody else
too_much() {
	check "$2" flood work "$1"
	check "$2: the client is disconnected" was 'cut off'
	check "$2: and told why" saw liar "too much of this: $3\$"
	end liar
	check "$2: other VMs are as ever" others_as_ever
}
too_much surfaces 'five thousand surfaces' surfaces
check 'the log says so, too' saw compositor "VM 'work'.*: surfaces;"
too_much toplevels 'ten thousand windows' surfaces
too_much callbacks 'callbacks of a frame that never comes' objects
too_much pools 'pools without end' 'pools of shared memory'
too_much memory 'pools larger than the limit together' 'buffer memory'
too_much memory-grows 'a pool that grows' 'buffer memory'
too_much memory-shown 'one buffer on many surfaces' 'buffer memory'
too_much wide 'a buffer of 20000 points' 'width or height of a buffer'
too_much mime-types 'MIME types without end' 'buffer memory'
too_much mime-types-of-one 'MIME types of one selection' \
	'MIME types of one selection'
too_much waiting 'commits that wait for a parent' 'commits that wait.*'
too_much maximise-unread 'maximised again and again, unread' 'unanswered.*'

as work holder "$WLB_FLOOD" pools-many
check 'as many pools as a VM may have' saw holder '^shown$'
check 'leave descriptors for others' others_as_ever
end holder
check 'VMs without a label' flood stranger surfaces
check 'have a limit, too' was 'cut off'
end liar

# enough TRICK WHAT: that is no more than anybody may
enough() {
	check "$2" flood work "$1"
	check "$2: the client may go on" was shown
	look
	end liar
}
enough turnover 'a hundred thousand objects, one after the other'
enough memory-returned 'three hundred pools, one after the other'
enough damage-enough 'damage in four thousand pieces, twenty times'
enough waiting-enough 'commits that wait, but not for long'
enough maximise-storm 'maximised again and again'
# worked: hundredths of a second of the compositor's processor time
worked() {
	awk '{ print $14 + $15 }' "/proc/$COMPOSITOR/stat"
}
BEFORE=$(worked)
enough titles 'thirty thousand titles'
little_work() {
	[ "$(($(worked) - BEFORE))" -lt 60 ]
}
check 'are not all drawn' little_work
enough widths 'thirty thousand widths of a window'
enough shrinks 'memory that is taken away again'
enough lies 'two dozen buffers that are not where they are said to be'
all_refused() {
	[ "$(grep -c refused "$WORK/liar.log")" = 20 ]
}
check 'twenty of them are refused' all_refused

check 'a window that is its own grandparent' flood work parents
check 'ends its client' was 'cut off'
end liar
check 'which nobody else notices' others_as_ever
check 'the compositor ends as it should' ended_well

# As many windows as it likes: they are there, but not to be seen.
must 'a compositor with other limits starts' compositor_start '[limits]' \
	'surfaces = 20000' 'objects = 100000'
check 'ten thousand windows' flood work toplevels
check 'may be' was shown
look
check 'of which most are asked to close' saw compositor "200 windows"
check 'another VM is not kept waiting' lie personal honest
check 'and is to be seen' judge some shot "$PERSONAL_COLOUR" 0 24 "$WIDTH" \
	$((HEIGHT - 24))
end liar
check 'they go as they came' ended_well

# What was freed is memory, too, where a sanitizer keeps it.
COMPOSITOR_ENV=("ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1")
must 'a compositor with little memory starts' compositor_start '[limits]' \
	'buffer-memory = 200'
too_much region-of-many 'a region of twelve thousand pieces' 'pieces of a region'
too_much grids 'a region of bars and beams' 'pieces of a region'
too_much grids-copied 'one that many surfaces have' 'buffer memory'
too_much grids-waiting 'one in commits that wait' 'buffer memory'
memory_of() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$COMPOSITOR/status"
}
BEFORE=$(memory_of)
enough damage 'damage in ten million pieces'
takes_little() {
	[ "$(($(memory_of) - BEFORE))" -lt 100000 ]
}
check 'takes no memory to speak of' takes_little
# typed_into TRICK: by a keyboard that stays
typed_into() {
	as work liar "$WLB_FLOOD" "$1"
	saw liar '^focus$'
	watched_program keyboard env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		wtype x -s 600000
	saw liar '^(shown|cut off)$'
}
check 'keymaps that are not taken' typed_into keymaps
check 'it is disconnected' was 'cut off'
# It reads nothing, this neither.
check 'and the log says why' saw compositor \
	"VM 'work'.*: descriptors that it does not take;"
end liar
check 'other VMs are as ever' others_as_ever
end keyboard
check 'as many that are' typed_into keymaps-taken
check 'it may go on' was shown
end liar
check 'it ends as it should' ended_well
the_end
