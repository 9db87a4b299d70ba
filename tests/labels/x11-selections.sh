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
saw spy '^moved'
on_host wtype -M alt -P tab -p tab -m alt
saw spy '^focus$' || true
check 'with the keyboard, too' saw spy '^refused$' 2
nothing_read() {
	! grep -q '^text' "$WORK/spy.log"
}
check 'it has read nothing' nothing_read

as_x personal owner "$WLB_XLIAR" owner 'a word of personal'
saw owner '^focus$'
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
check 'the compositor ends as it should' ended_well
the_end
