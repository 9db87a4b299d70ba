#!/bin/bash
# SPDX-License-Identifier: MIT
# A selection stays in its VM.
. "$(dirname "$0")/lib.sh"

needs wtype
must 'the compositor starts' compositor_start
next_window() {
	on_host wtype -M alt -P tab -p tab -m alt
}

as work author "$WLB_CLIP" 'the secret of work'
check 'a VM sets its selection' saw author '^selection text/plain'
as work reader "$WLB_CLIP"
check 'another program of it is offered that' saw reader '^selection text/plain'
check 'and reads it' saw reader '^text the secret of work$'
check 'from its author' saw author '^sent$'

as personal spy "$WLB_CLIP"
saw spy '^shown$'
offered_nothing() {
	! grep -Eq '^(selection [^n]|text)' "$WORK/spy.log"
}
check 'another VM is offered nothing' offered_nothing
look
next_window
saw spy '^focus$' || { next_window; saw spy '^focus$'; }
check 'with the keyboard it has no selection' saw spy '^selection none$'
check 'nor that of the other' offered_nothing
look
lost() {
	saw reader '^unfocus$'
}
check 'the other has no keyboard' lost

kill -USR1 "$(pid_of author)"
check 'who has no keyboard may set what is his' saw author '^tried$'
check 'and the spy is not offered it' offered_nothing

as personal writer "$WLB_CLIP" 'a word of personal'
check 'the other VM sets its own' saw writer '^selection text/plain'
check 'its programs read that' saw spy '^shown$'
not_cancelled() {
	[ "$(grep -c '^cancelled$' "$WORK/author.log")" = 1 ]
}
check 'which ends nobody else'"'"'s' not_cancelled

end writer
end spy
check 'the first VM has the keyboard again' saw reader '^focus$' 2
check 'and its selection' saw reader '^text the secret of work$' 2
end author
check 'which goes with its author' saw reader '^selection none$'
end reader

# With the client that has the keyboard gone, so is its VM's selection.
as work author "$WLB_CLIP" 'the secret of work'
check 'a VM has a selection again' saw author '^selection text/plain'
watched_program spy env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_CLIP"
saw spy '^shown$'
as work reader "$WLB_CLIP"
saw reader '^focus$'
on_host wtype -M alt -P tab -p tab -P tab -p tab -m alt
check 'a program of this machine has none' saw spy '^selection none$'
next_window
saw reader '^focus$' 2
end_program "$(pid_of reader)" KILL
check 'it has the keyboard when the client that had it is gone' \
	saw spy '^focus$' 2
check 'and still has none' saw spy '^selection none$' 2
check 'nor is it offered another' offered_nothing
end spy
end author

# Dragging: from one window of work, over personal's, to another of work.
must 'a mouse is there' hand_start
as work source "$WLB_LIAR" drag-icon
saw source '^shown$'
as personal foreign "$WLB_CLIP"
saw foreign '^shown$'
as work own "$WLB_CLIP"
saw own '^shown$'
hand to 100 200
hand down
check 'something is dragged' saw source '^dragging$'
for at in '700 150' '800 200' '700 200' '100 530' '150 520'; do
	# shellcheck disable=SC2086 # two numbers
	hand to $at
done
check 'a window of its VM is told' saw own '^drag text/plain$'
not_told() {
	! grep -q '^drag' "$WORK/foreign.log"
}
check 'one of another VM is not' not_told
look
hand up
check 'the compositor ends as it should' ended_well
the_end
