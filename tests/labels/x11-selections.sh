#!/bin/bash
# SPDX-License-Identifier: MIT
# Selections between the X and the Wayland programs of a VM, and of no other.
. "$(dirname "$0")/lib.sh"

needs wtype Xwayland
must 'the compositor starts' compositor_start '[xwayland]' 'work = yes' \
	'personal = yes'

as work author "$WLB_CLIP" 'the secret of work'
saw author '^selection text/plain'
as_x work xreader "$WLB_XLIAR" reader
check 'a Wayland program'"'"'s selection reaches an X program of its VM' \
	saw xreader '^text the secret of work$'
check 'from its author' saw author '^sent$'

as_x personal spy "$WLB_XLIAR" reader
saw spy '^shown$'
check 'an X program of another VM is refused' saw spy '^refused$'
check 'its window is shown' saw spy '^moved'
on_host wtype -M alt -P tab -p tab -m alt
check 'and gets the keyboard' saw spy '^focus$'
check 'with that, too' saw spy '^refused$' 2
nothing_read() {
	! grep -q '^text' "$WORK/spy.log"
}
check 'it has read nothing' nothing_read

as_x personal owner "$WLB_XLIAR" owner 'a word of personal'
saw owner '^offered$' 2
as personal reader "$WLB_CLIP"
check 'an X program'"'"'s selection reaches a Wayland program of its VM' \
	saw reader '^text a word of personal$'
check 'from its owner' saw owner '^sent$'
not_cancelled() {
	! grep -q '^cancelled$' "$WORK/author.log"
}
check 'which ends nobody else'"'"'s' not_cancelled
as_x work primary "$WLB_XLIAR" reader-of-primary
saw primary '^shown$'
check 'nor is its primary selection the other VM'"'"'s' saw primary '^refused$'
end primary

as personal writer "$WLB_CLIP" 'a newer word'
check 'another selection of its VM takes its place' saw owner '^cleared$'
check 'and reaches X programs there' saw spy '^shown$'
end owner
end writer
end reader
end spy
check 'with the keyboard the first VM has its own again' \
	saw xreader '^text the secret of work$' 2
end author
end xreader

# What one side asks of the other, which does not give or does not take it.
held() {
	find "/proc/$COMPOSITOR/fd" -type l | wc -l
}
HELD=$(held)
few_held() {
	[ "$(held)" -lt $((HELD + 60)) ]
}
as_x work large "$WLB_XLIAR" owner "$(printf 'x%.0s' {1..100000})"
saw large '^offered$' 2
as work stubborn "$WLB_CLIP" '' stubborn
check 'one makes the pipe block that an X program is to fill' \
	saw stubborn '^answered$'
as personal other "$WLB_CLIP"
check 'nobody waits for it' saw other '^shown$'
end other
end stubborn
end large
as work silent "$WLB_CLIP" 'never' silent
saw silent '^selection text'
as_x work askers "$WLB_XLIAR" askers
check 'an X program asks one a hundred times that never answers' \
	saw askers '^text $' 92
check 'which was asked a few times' saw silent '^asked$' 8
check 'and few pipes are held' few_held
end askers
end silent
as_x work mute "$WLB_XLIAR" mute
saw mute '^offered$' 2
as work deaf "$WLB_CLIP" '' deaf
check 'a program asks an X program a hundred times, which never answers' \
	saw deaf '^asked$'
check 'few of its pipes are held' few_held
end deaf
end mute
reads_again() {
	local last=$((SECONDS + PATIENCE))
	until as work again "$WLB_CLIP" && saw again '^text' \
			&& grep -q '^text a later word$' "$WORK/again.log"; do
		end again
		[ "$SECONDS" -lt "$last" ] || return
	done
}
as_x work later "$WLB_XLIAR" owner 'a later word'
saw later '^offered$' 2
check 'who never answers is given up, and others are asked again' reads_again
end again
end later
check 'the compositor ends as it should' ended_well
the_end
