#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# X programs of a VM: an unmodified Xwayland in the guest is one more Wayland
# program of that VM, and its screen is a window with the VM's label. What X
# programs do to each other and to their server stays in there.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tools/lib/build.sh"
. "$WLB_TOP/tools/lib/picture.sh"
build_path "$STORY_BUILD/destdir"

# The screen of X and what xterm shows on it have colours of their own.
ROOT=ffffff PAPER=ffd75f PAINT=ff00ff
LOCAL=77767b WORK_COLOUR=${PICTURE_COLOURS[0]#'#'}
# Where the compositor puts its second window, of 640x400.
FRAME_X=592 FRAME_Y=64 CONTENT_X=596 CONTENT_Y=92

turn='read -r _ </dev/ttyS1'
picture_make "$WORK" "work=$turn
mkfifo /run/display
Xwayland -shm -geometry 640x400 -wr -displayfd 4 4>/run/display \
	>\"\$WLB_JOB/xwayland.log\" 2>&1 &
read -r n </run/display
export DISPLAY=:\$n
xterm -bg '#$PAPER' -fg black -e sh -c '
	stty -echo; say ready; exec cat >\$WLB_JOB/typed' &
$turn
\$WLB_JOB/xliar over-screen >>\$WLB_JOB/over.log &
$turn
kill \$!
\$WLB_JOB/xliar grab-input >>\$WLB_JOB/grab.log &
$turn
kill \$!
wait"
cp "$STORY_BUILD/tests/labels/labels-xliar" "$WORK/work/job/xliar"
: >"$WORK/work/job/over.log"
: >"$WORK/work/job/grab.log"
gui=$WORK/gui
picture_client gui 'foot --title own -w 480x280 sh -c "
stty -echo; say ready; exec cat >\$WLB_JOB/typed"'

picture_bridge
mapfile -t screen < <(vm_screen 1280 800)
picture_vm_start "$STORY_LAYER" "${screen[@]}"

heard() {
	picture_heard "$@" >/dev/null
}

# typed VM LINE: type it; it arrives there
typed() {
	vm_qmp "$gui" keys "$2\\n"
	wait_line "$WORK/$1/job/typed" "^$2\$" 180 "${VM_PID[$1]}" >/dev/null
}

# only VM LINE: nothing else arrived there
only() {
	[ "$(paste -sd' ' "$WORK/$1/job/typed")" = "$2" ]
}

click() {
	vm_qmp "$gui" move "$1" "$2"
	vm_qmp "$gui" button left
}

button() {
	vm_qmp "$gui" raw input-send-event '{"events": [{"type": "btn",
		"data": {"down": '"$1"', "button": "left"}}]}'
}

judge() {
	"$STORY_BUILD/tests/labels/labels-judge" "$1" "$WORK/$2.ppm" "${@:3}"
}

must "the compositor serves VMs" heard gui serves 300
must "a window of its own is shown" heard gui 'window local' 60
must "it waits for keys" heard gui ready 60
must "work's agent serves" heard work agent 120
vm_tell "$WORK/work" go
must "the screen of work's X server is a window of work" \
	heard gui 'window work' 120
must "xterm runs on it" heard work ready 60

# labelled PICTURE [RIGHT BOTTOM]: the window has the frame of its VM, which ends
# there, and nothing of X is outside of it
labelled() {
	local right=${2:-$((CONTENT_X + 640))} bottom=${3:-$((CONTENT_Y + 400))}
	judge pixel "$1" "$WORK_COLOUR" $((FRAME_X + 1)) $((FRAME_Y + 200)) &&
		judge pixel "$1" "$WORK_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6)) &&
		judge pixel "$1" "$WORK_COLOUR" $((right + 2)) $((FRAME_Y + 200)) &&
		judge pixel "$1" "$WORK_COLOUR" $((FRAME_X + 200)) $((bottom + 2)) &&
		judge pixel "$1" "$ROOT" $((right - 4)) $((bottom - 4)) &&
		judge only "$1" "$PAPER" $CONTENT_X $CONTENT_Y 640 400
}
# keyboard_is PICTURE COLOUR: what the strip says
keyboard_is() {
	judge pixel "$1" "$2" 78 3
}
check "it has the label of work around it" soon shown labelled shown
check "and nobody's keyboard" keyboard_is shown "$LOCAL"
check "which the compositor's own window has" typed gui 'for gui'

click 800 300
check "what is typed into xterm reaches it, by the same keys" \
	typed work 'For xterm: "X11" #1'
check "and nobody else" only gui 'for gui'
says_work() {
	labelled clicked && keyboard_is clicked "$WORK_COLOUR"
}
check "as the strip says" soon clicked says_work

# Programs of X that take what their server has to give.
x_says() {
	wait_line "$WORK/work/job/$1.log" "^$2\$" 60 "${VM_PID[work]}" >/dev/null
}
vm_tell "$WORK/work" go
check "an X program covers more than the screen of its server" \
	x_says over shown
covered() {
	judge pixel over "$PAINT" $CONTENT_X $CONTENT_Y &&
		judge pixel over "$PAINT" $((CONTENT_X + 639)) $((CONTENT_Y + 399))
}
check "and all that it covers is that" soon over covered
check "the frame, the strip and the rest stay as they were" \
	judge same over "$WORK/clicked.ppm" $CONTENT_X $CONTENT_Y 640 400
vm_tell "$WORK/work" go
check "another grabs the keyboard and the pointer of its server" \
	x_says grab shown
vm_qmp "$gui" key x
check "and gets what was meant for the server" x_says grab key
click 200 200
check "it gets nothing that is typed into another window" typed gui 'for gui too'
check "not even a click is kept from that" only gui 'for gui for gui too'
unheard() {
	[ "$(grep -c '^key$' "$WORK/work/job/grab.log")" = 1 ]
}
check "nor does it see a key of it" unheard
vm_tell "$WORK/work" go
click 800 300
check "xterm has its keys again" typed work 'again'

# The screen of X is as large as the window.
maximised() {
	judge pixel maximised "$ROOT" 1275 795 &&
		judge pixel maximised "$WORK_COLOUR" 1278 798 &&
		judge pixel maximised "$WORK_COLOUR" 6 30 &&
		judge only maximised "$PAPER" 4 52 486 318
}
vm_qmp "$gui" key meta_l+up
check "maximised, X has a larger screen, and xterm is where it was on it" \
	soon maximised maximised
vm_qmp "$gui" key meta_l+up
check "and back" soon back labelled back
vm_qmp "$gui" move $((CONTENT_X + 642)) $((CONTENT_Y + 402))
button true
vm_qmp "$gui" move $((CONTENT_X + 582)) $((CONTENT_Y + 502))
button false
vm_qmp "$gui" move 800 550
check "so it has when the window is resized by its corner" \
	soon resized labelled resized $((CONTENT_X + 580)) $((CONTENT_Y + 500))

vm_qmp "$gui" move 800 300
vm_qmp "$gui" key alt+f4
ended() {
	vm_wait work "$WORK/work" '^work client 1 ended 0$' 60 >/dev/null
}
check "closing the window ends the X server and what ran on it" ended
gone() {
	judge none closed "$PAPER" && keyboard_is closed "$LOCAL"
}
check "it is gone from the screen" soon closed gone
check "and the compositor goes on" typed gui 'the end'
the_end
