#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Wayfire with the plugin: two VMs' windows with their labels, and clients that
# try to be taken for others. The pictures are Wayfire's own, but for the last.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

. "$WLB_TOP/tests/vm/lib/wayfire.sh"

wayfire_ini
wayfire_start
must "a window of a VM is shown" lie work honest
honest=$pictures/$client.ppm
check "with its pixels in their place" \
	judge only "$client" "$PAINT" "$CONTENT_X" "$CONTENT_Y" 300 200
check "under a bar in the colour of its VM" judge pixel "$client" \
	"$WORK_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6))
check "and with a border of it" judge pixel "$client" \
	"$WORK_COLOUR" $((FRAME_X + 1)) $((FRAME_Y + 100))
check "the strip says who has the keyboard" \
	judge pixel "$client" "$WORK_COLOUR" 78 3
check "the window goes when its client does" end

# same TRICK WHAT: around the window it is as if it were honest
same() {
	check "$2" lie work "$1"
	check "$2: nothing around it changes" judge same "$client" "$honest" \
		"$CONTENT_X" "$CONTENT_Y" 300 200
	end
}
same geometry "a surface larger than its geometry"
same sub-over-title "a subsurface over the title"
same sub-of-sub "a subsurface of a subsurface, made first"
same sub-moves "a subsurface that takes its own along"
same foreign-app-id "the application id of another VM"

# covered TRICK WHAT: a popup that may be seen, but not on a label
covered() {
	check "$2" lie work "$1"
	check "$2: the title bar stays as it is" label_as_honest
	check "$2: the strip too" strip_as_honest
}
covered popup-over-title "a popup over the title"
check "it is inside of its border" judge pixel "$client" "$WORK_COLOUR" \
	$((CONTENT_X - 32)) $((CONTENT_Y + 20))
end
covered popup-huge "a popup larger than the screen"
check "it is inside of the screen with its border" judge only "$client" \
	"$PAINT" 3 27 $((WIDTH - 6)) $((HEIGHT - 30))
end
covered popup-with-sub "a popup with a subsurface larger than it"
check "it shows no more than the popup" judge only "$client" "$PAINT" \
	"$CONTENT_X" "$CONTENT_Y" 350 350
end

check "a huge window is shown" lie work huge
check "as large as the screen, and no larger" judge only "$client" \
	"$PAINT" 4 52 $((WIDTH - 8)) $((HEIGHT - 56))
check "with its name" judge pixel "$client" "$WORK_COLOUR" 6 30
check "and below the strip" strip_as_honest
end
check "a tiny window is shown" lie work tiny
check "and not larger than it is" judge only "$client" "$PAINT" 640 384 1 1
check "in a frame that has room for its name" judge pixel "$client" \
	"$WORK_COLOUR" 642 362
check "and for its buttons" judge pixel "$client" "$WORK_COLOUR" 749 370
end

check "full screen, again and again" lie work full-screens
check "is maximised" judge only "$client" \
	"$PAINT" 4 52 $((WIDTH - 8)) $((HEIGHT - 56))
check "inside of its border" judge pixel "$client" "$WORK_COLOUR" \
	$((WIDTH - 2)) $((HEIGHT - 2))
check "and below the strip" strip_as_honest
end

check "full screen from the start" lie work full-screen-first
check "has its name" judge pixel "$client" "$WORK_COLOUR" 6 30
check "is inside of its border" judge only "$client" \
	"$PAINT" 4 52 $((WIDTH - 8)) $((HEIGHT - 56))
check "and below the strip" strip_as_honest
end

run stranger stranger /run/job/liar honest
check "a VM without a label is asked to close its window" \
	heard 'stranger closed'
check "the screen is pictured" picture stranger
check "there is nothing of it" judge none stranger "$PAINT"
check "and the log says why" grep -q 'has no label' "$gui/job/wayfire.log"
end stranger

check "a title with another's name" lie work honest '[web]'
check "leaves its own in place" judge part "$client" "$honest" \
	"$FRAME_X" "$FRAME_Y" 56 28
end

# What is offered, and what is not but somebody knows.
run all local /run/job/globals
run some work /run/job/globals
heard 'all ended' && heard 'some ended'
offered() {
	sed -n "s/^gui $1 //p" "$gui/events.out"
}
offered some >"$WORK/some"
offered all | grep -vxFf "$WORK/some" >"$gui/job/hidden"
nothing_but_known() {
	! cut -d' ' -f2 "$WORK/some" | grep -vxE \
		'wl_(compositor|subcompositor|shm|output|seat|data_device_manager|fixes)|xdg_wm_base|wp_(viewporter|presentation|single_pixel_buffer_manager_v1|fractional_scale_manager_v1|cursor_shape_manager_v1)|zxdg_(decoration_manager_v1|output_manager_v1)|zwp_(primary_selection_device_manager|pointer_gestures|relative_pointer_manager)_v1|org_kde_kwin_server_decoration_manager|ended'
}
check "a VM is offered windows" grep -q ' xdg_wm_base$' "$WORK/some"
check "and nothing that is not known to be harmless" nothing_but_known
check "others are offered more" grep -q wlr_screencopy "$gui/job/hidden"
printf '#!/bin/sh\nexec /run/job/globals guess </run/job/hidden\n' \
	>"$gui/job/guess"
chmod +x "$gui/job/guess"
run guess work /run/job/guess
check "guessing names" heard 'guess ended'
check "is refused" test "$(offered guess | grep -c '^refused')" = \
	"$(wc -l <"$gui/job/hidden")"

run many work /run/job/liar windows
check "one window too many is asked to close" heard 'many closed'
heard 'many ended' || end many
run flood work /run/job/liar surfaces
check "a client with too many surfaces is cut off" heard 'flood cut off'

# Who has the keyboard.
KEYBOARD="78 3"
keyboard_is() {
	# shellcheck disable=SC2086 # two numbers
	picture "$1" && judge pixel "$1" "$2" $KEYBOARD
}
start first work /run/job/liar honest
check "a window of another VM, with a popup" \
	start second web /run/job/liar popup-over-title
check "does not take the keyboard" keyboard_is waits "$WORK_COLOUR"
check "but is said to wait" judge pixel waits "$WEB_COLOUR" 202 3
client=waits
check "and is behind the first, its popup too" label_as_honest
hand key x
check "what is typed goes to the first" heard 'first key 45 0'
check "and not to the second" never second 'key.*'
pull 600 272 900 272
hand move 500 400
check "a window is moved by its title bar" heard 'second entered 10 116'
check "which its client does not hear of" never first 'button.*'
picture pointer
check "the strip names who is under the pointer" judge pixel pointer \
	"$WEB_COLOUR" 206 3
hand button left
check "a click gives the keyboard to the second" heard 'second focus'
check "as the strip says" keyboard_is moved "$WEB_COLOUR"
check "the first is where it was moved to" judge pixel moved \
	"$WORK_COLOUR" 1092 370
hand screendump "$pictures/screen.ppm"
check "the screen shows what Wayfire says it does" \
	judge same screen "$pictures/moved.ppm"

start grabber work /run/job/liar popup-grab
check "a popup may not grab what its VM does not have" \
	heard 'grabber popup done'
check "nor does it get the keyboard" keyboard_is grabbed "$WEB_COLOUR"
end grabber
end first
end second

# hold true|false: the key x goes down or up
hold() {
	hand raw input-send-event '{"events": [{"type": "key", "data":
		{"down": '"$1"', "key": {"type": "qcode", "data": "x"}}}]}'
}
start held work /run/job/liar honest
heard 'held focus'
hold true
check "a key is held" heard 'held key 45 1'
start menu work /run/job/liar popup-grab
picture menu
check "a window that comes meanwhile, and a popup that may grab" \
	heard 'menu focus'
check "are not told of it" never menu 'held .*'
hold false
hand key y
check "but of what is typed then" heard 'menu key 21 0'
end menu
end held

# Cursors and what is dragged: in a colour of their own.
IMAGE=00ffff
# with_cursor TRICK
with_cursor() {
	hand move 1200 700
	start "$1" work /run/job/liar "$1"
	hand move 600 400
	heard "$1 cursor" && picture "$1"
}
check "a cursor is shown" with_cursor cursor
check "where it belongs" judge only cursor "$IMAGE" 568 337 64 64
hand move 600 346
picture cursor-bar
check "one that would reach into a title bar is not" \
	judge none cursor-bar "$IMAGE"
hand move 620 400
start in-front work /run/job/liar tiny
picture cursor-behind
check "nor one that would cover a part of another window" \
	judge none cursor-behind "$IMAGE"
end in-front
picture cursor-again
check "once that is gone it is shown again" \
	judge only cursor-again "$IMAGE" 588 337 64 64
hand move 600 272
button true
# Each is drawn before the next: what is quicker than that moves nothing.
picture cursor-pressed
hand move 600 8
picture over-strip
check "while a window is moved it is not in front of the strip" \
	judge pixel over-strip 000000 700 12
hand move 600 40
button false
end cursor
check "a cursor of 400x300" with_cursor cursor-large
check "is not shown" judge none cursor-large "$IMAGE"
end cursor-large
check "a cursor far from its hot spot" with_cursor cursor-far
check "is not shown" judge none cursor-far "$IMAGE"
end cursor-far

hand move 1200 700
start drag-icon work /run/job/liar drag-icon
hand move 600 400
heard 'drag-icon entered.*'
button true
check "something is dragged" heard 'drag-icon dragging'
picture drag-icon
check "it is no larger than 128x128" judge only drag-icon "$IMAGE" \
	603 403 122 122
check "and has a border of its VM" judge pixel drag-icon "$WORK_COLOUR" \
	726 460
button false
end drag-icon
hand move 1200 700
start drag-screen work /run/job/liar drag-icon-screen
hand move 600 400
heard 'drag-screen entered.*'
button true
check "something that is as large as the screen is" \
	heard 'drag-screen dragging'
picture drag-screen
check "it is behind the strip" judge only drag-screen "$IMAGE" 3 24 122 101
button false
end drag-screen
picture dropped
check "which is gone with the drag" judge none dropped "$IMAGE"

# A selection stays in its VM.
hand move 1200 700
start author work /run/job/clip secret
check "a VM sets its selection" heard 'author selection text/plain.*'
start reader work /run/job/clip
check "another program of it reads that" heard 'reader text secret'
end reader
hand key meta_l+shift+c
check "a key chord takes it" heard 'author sent' 180 2
start spy web /run/job/clip
hand key alt+esc
check "another VM has the keyboard" heard 'spy focus'
check "and no selection" heard 'spy selection none'
check "nor had it one" never spy '(selection [^n].*|text.*)'

hand key meta_l+shift+v
check "until another gives it to that VM" heard 'spy text secret'
check "of which it sees no key" never spy 'key 47 .*'

end author

# Dragging from a window of one VM over that of another.
pull 640 312 940 312
start drag-again work /run/job/liar drag-icon
hand move 640 400
heard 'drag-again entered.*'
button true
heard 'drag-again dragging'
hand move 940 390
picture over
check "what is dragged is over another VM's window" judge only over \
	"$IMAGE" 943 393 122 122
check "which is not told" never spy 'drag .*'
button false
check "Wayfire is still there" picture last
tell quit
check "and ends when it is asked to" heard 'ended 0'
the_end
