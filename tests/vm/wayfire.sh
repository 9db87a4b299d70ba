#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Wayfire with the plugin: two VMs' windows with their labels, and clients that
# try to be taken for others. The pictures are Wayfire's own, but for the last.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

# Software GLES wants all that there is.
VM_MEMORY=2G
WIDTH=1280 HEIGHT=720
PAINT=ff00ff WORK_COLOUR=3584e4 WEB_COLOUR=33d17a

gui=$WORK/gui
pictures=$gui/job/pictures
story_guest gui wayfire
cp "$WLB_TOP/tests/vm/guest-wayfire-session" "$gui/job/session"
cp "$STORY_BUILD/tests/labels/labels-liar" "$gui/job/liar"
mkdir -m 777 "$pictures"
chmod 777 "$pictures"
printf '%s\n' '[labels]' "work = #$WORK_COLOUR" "web = #$WEB_COLOUR" \
	>"$gui/job/labels.conf"
cat >"$gui/job/wayfire.ini" <<-END
	[core]
	plugins = wlbridge-labels move resize place wm-actions autostart
	xwayland = false
	[place]
	mode = center
	[autostart]
	autostart_wf_shell = false
	session = /run/job/session
	[wlbridge-labels]
	config = /run/job/labels.conf
END

# run NAME VM COMMAND...; end NAME; said NAME LINE
run() {
	vm_tell "$gui" "run $*"
}

heard() {
	vm_wait gui "$gui" "^gui $1\$" "${2:-20}" >/dev/null
}

# A line may have been said before: each client has a name of its own.
n=0
lie() {
	n=$((n + 1))
	client=$2-$n
	run "$client" "$1" /run/job/liar "${@:2}"
	heard "$client shown" && picture "$client"
}

end() {
	vm_tell "$gui" "end $client"
	heard "$client gone"
}

picture() {
	vm_tell "$gui" "picture $1"
	heard "picture $1"
}

judge() {
	"$STORY_BUILD/tests/labels/labels-judge" "$1" "$pictures/$2.ppm" \
		"${@:3}"
}

mapfile -t screen < <(vm_screen "$WIDTH" "$HEIGHT")
vm_start gui "$gui" wayfire "$STORY_LAYER" -cpu max -smp 2 "${screen[@]}"
must "Wayfire offers contexts to VMs" heard serving 120

# A window of 300x200, in the middle of what the strip leaves.
FRAME_X=486 FRAME_Y=256 CONTENT_X=490 CONTENT_Y=284
vm_qmp "$gui" move 1200 700
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

label_as_honest() {
	judge part "$client" "$honest" "$FRAME_X" "$FRAME_Y" 308 28
}

strip_as_honest() {
	judge part "$client" "$honest" 0 0 "$WIDTH" 24
}

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
check "and not larger than it is" judge only "$client" "$PAINT" 639 383 1 1
check "in a frame that has room for its name" judge pixel "$client" \
	"$WORK_COLOUR" 641 361
check "and for its buttons" judge pixel "$client" "$WORK_COLOUR" 749 370
end

check "full screen, again and again" lie work full-screens
check "is maximised" judge only "$client" \
	"$PAINT" 4 52 $((WIDTH - 8)) $((HEIGHT - 56))
check "inside of its border" judge pixel "$client" "$WORK_COLOUR" \
	$((WIDTH - 2)) $((HEIGHT - 2))
check "and below the strip" strip_as_honest
end

run stranger stranger /run/job/liar honest
check "a VM without a label is asked to close its window" \
	heard 'stranger closed'
check "the screen is pictured" picture stranger
check "there is nothing of it" judge none stranger "$PAINT"
check "and the log says why" grep -q 'has no label' "$gui/job/wayfire.log"
client=stranger end

vm_qmp "$gui" screendump "$WORK/screen.png"
check "Wayfire is still there" picture last
the_end
