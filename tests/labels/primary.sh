#!/bin/bash
# SPDX-License-Identifier: MIT
# The primary selection stays in its VM, too, and is not the clipboard.
. "$(dirname "$0")/lib.sh"

needs wtype
must 'the compositor starts' compositor_start
next_window() {
	on_host wtype -M alt -P tab -p tab -m alt
}

as work author "$WLB_PRIMARY" 'what work has marked'
check 'a VM sets its primary selection' saw author '^selection text/plain'
as work reader "$WLB_PRIMARY"
check 'another program of it is offered that' saw reader '^selection text/plain'
check 'and reads it' saw reader '^text what work has marked$'
check 'from its author' saw author '^sent$'
as work clip "$WLB_CLIP"
saw clip '^focus$'
check 'it is not the clipboard' saw clip '^selection none$'
end clip
saw reader '^focus$' 2

as personal spy "$WLB_PRIMARY"
saw spy '^shown$'
offered_nothing() {
	! grep -Eq '^(selection [^n]|text)' "$WORK/spy.log"
}
check 'another VM is offered nothing' offered_nothing
next_window
saw spy '^focus$' || { next_window; saw spy '^focus$'; }
check 'with the keyboard it has no selection' saw spy '^selection none$'
check 'nor that of the other' offered_nothing
look
saw reader '^unfocus$'

# Who had an offer before it lost the keyboard holds nothing now.
read_before=$(grep -c '^text ends$' "$WORK/reader.log")
sent_before=$(grep -c '^sent$' "$WORK/author.log")
kill -USR2 "$(pid_of reader)"
check 'an offer of before is read to no avail' \
	saw reader '^text ends$' $((read_before + 1))
not_sent() {
	[ "$(grep -c '^sent$' "$WORK/author.log")" = "$sent_before" ]
}
check 'nobody is asked for it' not_sent

kill -USR1 "$(pid_of author)"
check 'who has no keyboard may set what is his' saw author '^tried$'
check 'and the spy is not offered it' offered_nothing

as personal writer "$WLB_PRIMARY" 'what personal has marked'
check 'the other VM sets its own' saw writer '^selection text/plain'
not_cancelled() {
	[ "$(grep -c '^cancelled$' "$WORK/author.log")" = 1 ]
}
check 'which ends nobody else'"'"'s' not_cancelled

end writer
end spy
check 'the first VM has the keyboard again' saw reader '^focus$' 3
check 'and its selection' saw reader '^text what work has marked$' 2
end author
check 'which goes with its author' saw reader '^selection none$'
end reader
check 'the compositor ends as it should' ended_well
the_end
