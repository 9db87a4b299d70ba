#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The full picture with wlbridge-compositor: it takes the clients of other VMs
# from the device itself, and the host's word beside each connection is what
# their windows and the strip say.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tools/lib/build.sh"
. "$WLB_TOP/tools/lib/picture.sh"
build_path "$STORY_BUILD/destdir"

LOCAL=77767b WORK_COLOUR=${PICTURE_COLOURS[0]#'#'}
WEB_COLOUR=${PICTURE_COLOURS[1]#'#'}

# The same in every VM, one after the other, so that each has its place.
same="foot --title same -w 480x280 -o cursor.style=beam sh -c '
stty -echo; ls --color=always /usr/lib/wlbridge/guest
say ready; exec cat >\$WLB_JOB/typed'"
turn='read -r _ </dev/ttyS1'

# When it is told once more, web tries to be more than it may.
trick='exec "$WLB_JOB/liar" popup-huge >"$WLB_JOB/liar.log"'
picture_make "$WORK" "work=$turn; $same" "web=$turn; $same &
$turn; $trick"
cp "$STORY_BUILD/tests/labels/labels-liar" "$WORK/web/job/liar"
gui=$WORK/gui
picture_client gui "$same"

picture_bridge
mapfile -t screen < <(vm_screen 1280 800)
picture_vm_start "$STORY_LAYER" "${screen[@]}"

heard() {
	picture_heard "$@" >/dev/null
}

must "the compositor serves VMs" heard gui serves 300
must "a window of its own is shown" heard gui 'window local' 60
must "it waits for keys" heard gui ready 60
for vm in work web; do
	must "$vm's agent serves" heard $vm agent 120
	vm_tell "$WORK/$vm" go
	must "a window of $vm is shown" heard gui "window $vm" 120
	must "it waits for keys" heard $vm ready 60
done

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

# looks PICTURE VERB ARGUMENT...: see pixels.py
looks() {
	python3 "$WLB_TOP/tests/vm/lib/pixels.py" "$WORK/$1.ppm" "${@:2}"
}

check "new windows of others do not take the keyboard" typed gui 'for gui'
check "the strip says who has it, and who waits" \
	soon before looks before order 2 $LOCAL,"$WEB_COLOUR"
check "the windows have the colours of their VMs" \
	looks before order 66 $LOCAL,"$WORK_COLOUR"
check "the last one, too" looks before order 457 "$WEB_COLOUR"

click 1000 250
check "what is typed into work's window reaches work" typed work 'for work'
click 200 600
check "what is typed into web's window reaches web" typed web 'for web'
vm_qmp "$gui" move 1000 340
check "it does with the pointer elsewhere" typed web 'more'
check "and the strip says both" \
	soon after looks after order 2 "$WEB_COLOUR","$WORK_COLOUR"
check "work got nothing else" only work 'for work'
check "nor did the compositor's own" only gui 'for gui'
check "another VM's window looks like one of the compositor's own" \
	looks after same 44,92 756,92 480x200

vm_end work
check "when work is gone, web goes on" typed web 'still here'

# A popup larger than the screen, from a VM whose window has the keyboard.
said() {
	wait_line "$WORK/web/job/liar.log" "$1" 60 "${VM_PID[web]}" >/dev/null
}
judge() {
	"$STORY_BUILD/tests/labels/labels-judge" "$1" "$WORK/lie.ppm" "${@:2}"
}
vm_tell "$WORK/web" go
check "web shows a window, and a popup larger than the screen" said '^shown$'
vm_qmp "$gui" key x
check "it is typed into" said '^key 45 0$'
check "the popup is inside of the screen, below the strip" \
	soon lie judge only ff00ff 3 27 1274 770
check "with the border of its VM" judge pixel "$WEB_COLOUR" 1 400
check "on every side" judge pixel "$WEB_COLOUR" 1278 798
check "and the strip says whose it is" judge pixel "$WEB_COLOUR" 80 4
the_end
