#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Wayfire with the plugin, and what only Wayfire's own ways of doing things make
# possible: refocusing, parents, transactions, animations, shutting down.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tests/vm/lib/wayfire.sh"

wayfire_ini animate
# Only what asks for it is animated, and for as long as it takes to look.
cat >>"$gui/job/wayfire.ini" <<-END
	[animate]
	enabled_for = title is "deaf"
	open_animation = none
	close_animation = fade
	duration = 20000
	[workarounds]
	enable_opaque_region_damage_optimizations = true
END
sed -i '/^xwayland/a transaction_timeout = 5000' "$gui/job/wayfire.ini"

# fill NAME VM; order NAME WORD [COUNT]: see filler.c; done that often by now
fill() {
	vm_tell "$gui" "fill $*"
	heard "$1 shown"
}

order() {
	vm_tell "$gui" "order $1 $2"
	wait_line "$gui/events.out" "^gui $1 done\$" 180 "${VM_PID[gui]}" \
		"${3:-1}" >/dev/null
}

# name_as_honest PICTURE: that window's name, and so that window, is in front
name_as_honest() {
	judge part "$1" "$honest" "$FRAME_X" "$FRAME_Y" 56 28
}

# not_pixel PICTURE COLOUR X Y
not_pixel() {
	! judge pixel "$@"
}

wayfire_start -device virtio-multitouch-pci
picture empty
must "a window of a VM is shown" lie work honest
honest=$pictures/$client.ppm
first=$client

# One popup after another that grabs what another VM has: not one key of it.
start grabber web /run/job/liar popup-grab
check "a popup may not grab what its VM does not have" \
	heard 'grabber popup done'
picture grabbed
check "it never has the keyboard" never grabber focus
check "which stays where it was" never "$first" unfocus
check "as the strip says" judge pixel grabbed "$WORK_COLOUR" 78 3
end grabber

# Who is in front.
start orphan web /run/job/liar orphan
picture orphan
check "a window that had a parent is not in front for that" \
	name_as_honest orphan
check "nor has it the keyboard" never orphan focus
end orphan
end "$first"
start family work /run/job/liar dialog
heard 'family focus'
start behind web /run/job/liar honest
picture family
check "a new window is behind one that has a dialog" name_as_honest family
check "which is said to wait" judge pixel family "$WEB_COLOUR" 202 3
end behind
picture alone
check "until it is gone" judge none alone "$WEB_COLOUR"
end family

# A move that the person did not begin.
fill held work
heard 'held focus'
fill mover web
vm_qmp "$gui" move 600 400
heard 'held entered.*'
button true
heard 'held button 272 1'
check "a button is held on one window" order mover guess
vm_qmp "$gui" move 900 400
button false
heard 'held button 272 0'
picture guessed
check "another VM's does not move with it" not_pixel guessed "$WEB_COLOUR" \
	1092 370
end mover
end held

start high work /run/job/liar dialog-high
picture high
check "a dialog does not begin behind the strip" judge pixel high \
	"$WORK_COLOUR" $((FRAME_X + 6)) 30
end high

# What is below a window that says it is opaque.
start below work /run/job/liar huge
heard 'below focus'
start glass work /run/job/shape opaque-glass
heard 'glass focus'
picture glass
check "nothing shines through a window that says it is opaque" \
	not_pixel glass "$PAINT" 640 400
end glass
end below

# Cursors that stay behind.
vm_qmp "$gui" move 1200 700
start cursor work /run/job/liar cursor
vm_qmp "$gui" move 600 400
heard 'cursor cursor' && picture cursor
check "a cursor is shown" judge pixel cursor 00ffff 600 380
vm_qmp "$gui" move 300 10
heard 'cursor left' && picture strip-cursor
check "but not on the strip" judge none strip-cursor 00ffff
end cursor

# Wayfire waits for what a window that is maximised shows.
start half-gone web /run/job/liar half-gone
picture half-gone
check "a window that goes meanwhile, but not its surface, is gone" \
	judge none half-gone "$WEB_COLOUR"
end half-gone

# An animation shows what Wayfire has of a view, before it is mapped again.
vm_qmp "$gui" move 1200 700
run deaf work /run/job/liar deaf deaf
heard 'deaf deaf' && picture deaf
check "a window that comes back while it goes shows nothing by itself" \
	judge part deaf "$pictures/empty.ppm" 100 100 200 200
end deaf

# Windows that go while the pointer has something to do with them.
for at in "600 272" "760 272" "488 300"; do
	start "gone-${at%% *}" work /run/job/liar honest
	# shellcheck disable=SC2086 # two numbers
	vm_qmp "$gui" move $at
	button true
	end "gone-${at%% *}"
	vm_qmp "$gui" move 700 300
	button false
	vm_qmp "$gui" button left
done
check "windows go while they are moved and resized" picture gone

# The person lets one window fill the screen.
FULL="told $((WIDTH - 6)) $((HEIGHT - 30))"
chord() {
	vm_qmp "$gui" key meta_l+shift+f
}

# fills COLOUR PICTURE: the client's pixels are all that is not strip or border
fills() {
	judge only "$2" "$PAINT" 3 27 $((WIDTH - 6)) $((HEIGHT - 30)) &&
		judge pixel "$2" "$1" 1 400 &&
		judge pixel "$2" "$1" 640 25 &&
		judge pixel "$2" "$1" $((WIDTH - 2)) 400 &&
		judge pixel "$2" "$1" 78 3
}

# has_bar PICTURE: it is as large as it was, with a title bar
has_bar() {
	judge pixel "$1" "$WORK_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6)) &&
		not_pixel "$1" "$PAINT" 100 100
}

vm_qmp "$gui" move 1200 700
fill filler work
heard 'filler focus'
chord
check "a window fills the screen when the person wants that" \
	heard "filler $FULL fullscreen"
picture full
check "but for its border and the strip" fills "$WORK_COLOUR" full
order filler full 1
order filler huge 2
picture full-again
check "and not more than that, whatever it wants" \
	fills "$WORK_COLOUR" full-again
chord
check "the same keys end it" heard 'filler told 300 200'
picture unfull
check "and it has its title bar" has_bar unfull
chord
count() {
	wait_line "$gui/events.out" "^gui $1\$" 180 "${VM_PID[gui]}" "$2" \
		>/dev/null
}
check "it may again" count "filler $FULL fullscreen" 3
order filler unfull 3
check "its client may end it" count 'filler told 300 200' 2
picture unfull-client
check "and it is as it was" has_bar unfull-client
order filler full 4
check "which asks for it again, and is maximised" \
	heard "filler told $((WIDTH - 8)) $((HEIGHT - 56)) maximized"
order filler unfull 5
count 'filler told 300 200' 3
chord
count "filler $FULL fullscreen" 4
start other web /run/job/liar honest
picture waits
check "a window of another VM is not seen before it" \
	fills "$WORK_COLOUR" waits
vm_qmp "$gui" key alt+esc
check "it gets the keyboard" heard 'other focus'
check "and the first does not fill the screen any more" \
	count 'filler told 300 200' 4
picture other
check "whose it is can be seen" not_pixel other "$PAINT" 100 100
end other
count 'filler focus' 2
chord
count "filler $FULL fullscreen" 5
order filler unmap 6
order filler map 7
picture mapped
check "a window that went and came back has its title bar" \
	judge pixel mapped "$WORK_COLOUR" 6 30
check "nobody is told a key of the chord" never filler 'key 33 .*'
end filler

# One finger.
start under web /run/job/touched
heard 'under focus'
pull 640 272 940 272
start source work /run/job/touched drag
finger begin 600 400
check "something is dragged by touch" heard 'source dragging'
finger data 1000 400
finger data 1000 402
finger end 1000 402
finger begin 1000 300
check "over a window of another VM" heard 'under down .*'
check "which is not told" never under 'drag.*'
finger end 1000 300
heard 'under up 0'
end source
end under

vm_qmp "$gui" move 1200 700
start dragger work /run/job/liar drag-icon
vm_qmp "$gui" move 600 400
heard 'dragger entered.*'
button true
check "while something is dragged" heard 'dragger dragging'
vm_tell "$gui" quit
check "Wayfire ends when it is asked to" heard 'ended 0'
the_end
