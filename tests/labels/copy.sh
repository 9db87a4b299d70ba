#!/bin/bash
# SPDX-License-Identifier: MIT
# From one VM's clipboard to another's: the person says it twice, or it is not.
. "$(dirname "$0")/lib.sh"

needs wtype
must 'the compositor starts' compositor_start '[copy]' 'size = 20000'
next_window() {
	on_host wtype -M alt -P tab -p tab -m alt
}
chord() {
	on_host wtype -M logo -M shift -P "$1" -p "$1" -m shift -m logo
}
# notice PATTERN [COUNT]: what the strip says, the log says as well
notice() {
	wait_line "$WORK/compositor.log" "warn: $1" "$PATIENCE" "$COMPOSITOR" \
		"${2:-1}" >/dev/null
}
# focus NAME COUNT: the window of that program gets the keyboard
focus() {
	next_window
	saw "$1" '^focus$' "$2"
}

as work author "$WLB_CLIP" 'the words of work'
saw author '^selection text/plain'
picture quiet
as personal writer "$WLB_CLIP" ''
saw writer '^shown$'
focus writer 1

chord v
check 'nothing was copied, so nothing is pasted' \
	notice 'nothing to paste into personal: nothing was copied$'
chord c
check 'an empty clipboard is said to be so' \
	notice 'nothing copied from personal: its clipboard is empty$'
focus author 2
chord c
check 'the first step takes it' notice 'copied from work: 17 bytes$'
check 'from its program' saw author '^sent$'
picture copied
strip_differs() {
	! judge part "$1" "$WORK/$2.ppm" 450 0 450 24
}
check 'and the strip says so' strip_differs copied quiet
focus writer 2
not_yet() {
	! grep -q '^selection text' "$WORK/writer.log"
}
check 'nobody is offered it before the second' not_yet
chord v
check 'which says who may have it' \
	notice 'personal may paste 17 bytes from work$'
look
check 'and then it is offered' \
	saw writer '^selection text/plain;charset=utf-8 text/plain UTF8_STRING'
check 'and read' saw writer '^text the words of work$'
chord v
check 'once' notice 'nothing to paste into personal: nothing was copied$' 2
keys_kept() {
	! grep -q '^key' "$WORK/writer.log" "$WORK/author.log"
}
check 'no program saw the keys of the chords' keys_kept
end writer
saw author '^focus$' 3
end author

# Clients that make it hard, each in a VM of its own liking.
# refused HABIT TEXT WHY
refused() {
	as work liar "$WLB_CLIP" "$2" "$1"
	saw liar '^selection'
	chord c
	notice "nothing copied from work: $3" || return
	end liar
}
check 'a picture is not copied' \
	refused image 'a picture' 'no type that may be copied$'
check 'nor what has no end' \
	refused endless 'again and again and ' 'it is too large$'
check 'nor what tells a terminal something' \
	refused plain $'\e]0;oops\a' 'it is not plain text$'
check 'nor what reads as something else' refused turned \
	$'rm \u202ecod.evil\u202c' 'it has characters that turn text around$'
check 'nor what isolates a part of it' refused isolated \
	$'a \u2067b\u2069 c' 'it has characters that turn text around$'
look
check 'nor what is never written' \
	refused silent 'never' 'its program does not answer$'
as work liar "$WLB_CLIP" 'words' many
check 'a selection of a thousand types is none' saw liar '^cancelled$'
end liar
as work liar "$WLB_CLIP" $'\u05e9\u05dc\u05d5\u05dd\u200f!'
saw liar '^selection'
chord c
check 'what people write from right to left is copied' \
	notice 'copied from work: 12 bytes$'
end liar

# A compositor of its own: the log has said much by now.
check 'the compositor ends as it should' ended_well
rm -f "$WORK"/*.sock
must 'another one starts' compositor_start
as work author "$WLB_CLIP" "$(printf '%30000s' x)"
saw author '^selection text/plain'
chord c
check 'what is large is copied where it may be' \
	notice 'copied from work: 30000 bytes$'
as personal deaf "$WLB_CLIP" '' deaf
saw deaf '^shown$'
focus deaf 1
chord v
check 'a program that does not read what it is given' saw deaf '^asked$'
as personal reader "$WLB_CLIP"
check 'keeps nobody from it' saw reader '^selection text/plain'
end deaf
end reader
check 'nor the author from its own' saw author '^focus$' 2
check 'the compositor is there' alive
end author
as work rude "$WLB_CLIP" 'half of it comes' rude
saw rude '^selection text/plain'
chord c
check 'a program that ends in the middle' saw rude '^asked$'
check 'leaves what it wrote' notice 'copied from work: 8 bytes$'
check 'and this one ends as it should' ended_well
the_end
