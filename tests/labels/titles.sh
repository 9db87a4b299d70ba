#!/bin/bash
# SPDX-License-Identifier: MIT
# Titles that try to look like a name.
. "$(dirname "$0")/lib.sh"

needs grim
must 'the compositor starts' compositor_start
must 'a window is shown' lie personal honest ''
cp "$WORK/shot.ppm" "$WORK/honest.ppm"
end_program "$PID"

# Where a title may be: after the name, before the buttons, on grey.
TITLE_X=124 TITLE_WIDTH=164
as_untitled() {
	judge same shot "$WORK/honest.ppm" "$TITLE_X" 68 "$TITLE_WIDTH" 24 \
		&& judge none shot "$WORK_COLOUR"
}

# title NAME TEXT
title() {
	check "$1: is shown" lie personal honest "$2"
	check "$1: changes nothing but the title" as_untitled
	end_program "$PID"
}
title 'the name of another VM' '[work]'
title 'text that goes the other way' $'\u202ekrow\u202c \u2067krow\u2069'
title 'markup' "<span background='#3584e4' size='99999'>work</span> &amp;"
title 'control characters' $'a\nb\tc\x1b[2J\r\b'
title 'marks that climb' $'w\u0301\u0301\u0301\u0301\u0301\u0301\u0301o'
title 'four thousand letters' "$(printf '%04000d' 0)"
title 'as many letters as a message can hold' "$(printf '%065000d' 0)"
title 'spaces' '                                                  work'

check 'marks of direction look like any other' lie personal honest _krow_
mv "$WORK/shot.ppm" "$WORK/marked.ppm"
end_program "$PID"
check 'and so do they' lie personal honest $'\u202ekrow\u202c'
check 'to the pixel' judge same shot "$WORK/marked.ppm"
end_program "$PID"

nothing_there() {
	picture shot && judge none shot "$PAINT" \
		&& judge none shot "$PERSONAL_COLOUR"
}
# Neither is a title at all, and wlroots or libwayland ends who sends it.
as personal broken "$WLB_LIAR" honest $'\xff\xfe\x80work\xc3'
check 'broken UTF-8 ends its client' saw broken 'title is not valid UTF-8'
wait "$PID" || true
as personal long "$WLB_LIAR" honest "$(printf '%065536d' 0)"
check 'a title of 64 KiB ends its client' \
	saw long 'invalid arguments for xdg_toplevel.*set_title'
wait "$PID" || true
check 'of either nothing is to be seen' nothing_there
check 'and no other' lie personal honest ''
end_program "$PID"
check 'the compositor ends as it should' ended_well
the_end
