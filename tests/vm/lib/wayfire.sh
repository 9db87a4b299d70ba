# SPDX-License-Identifier: MIT
# What a story about Wayfire is told with: a guest that has it on its screen, with
# the plugin, and programs of two VMs. After story.sh.

# Software GLES wants all that there is.
VM_MEMORY=2G
WIDTH=1280 HEIGHT=720
PAINT=ff00ff WORK_COLOUR=3584e4 WEB_COLOUR=33d17a

gui=$WORK/gui
pictures=$gui/job/pictures
story_guest gui wayfire
cp "$WLB_TOP/tests/vm/guest-wayfire-session" "$gui/job/session"
for program in clip filler globals liar shape touched; do
	cp "$STORY_BUILD/tests/labels/labels-$program" "$gui/job/$program"
done
mkdir -m 777 "$pictures"
chmod 777 "$pictures"
printf '%s\n' '[labels]' "work = #$WORK_COLOUR" "web = #$WEB_COLOUR" \
	'[limits]' 'windows = 10' 'surfaces = 1000' >"$gui/job/labels.conf"

# wayfire_ini [PLUGIN...]: its configuration, with those plugins more
wayfire_ini() {
	cat >"$gui/job/wayfire.ini" <<-END
		[core]
		plugins = wlbridge-labels move resize place fast-switcher autostart $*
		xwayland = false
		[place]
		mode = center
		[autostart]
		autostart_wf_shell = false
		session = /run/job/session
		[wlbridge-labels]
		config = /run/job/labels.conf
	END
}

# A window of 300x200, in the middle of what the strip leaves.
# shellcheck disable=SC2034 # for the stories
FRAME_X=486 FRAME_Y=256 CONTENT_X=490 CONTENT_Y=284

# wayfire_start [QEMU ARGUMENT...]
wayfire_start() {
	local screen
	mapfile -t screen < <(vm_screen "$WIDTH" "$HEIGHT")
	vm_start gui "$gui" wayfire "$STORY_LAYER" -cpu max -smp 2 "${screen[@]}" \
		"$@"
	must "Wayfire offers contexts to VMs" heard serving 300
	vm_qmp "$gui" move 1200 700
}

# run NAME VM COMMAND...; end NAME; said NAME LINE
run() {
	vm_tell "$gui" "run $*"
}

heard() {
	vm_wait gui "$gui" "^gui $1\$" "${2:-180}" >/dev/null
}

# A line may have been said before: each client has a name of its own.
n=0
lie() {
	n=$((n + 1))
	client=$2-$n
	run "$client" "$1" /run/job/liar "${@:2}"
	# Wayfire shows it when it likes; then it gives it the keyboard.
	heard "$client shown" && heard "$client focus" && picture "$client"
}

# end [NAME]
end() {
	vm_tell "$gui" "end ${1:-$client}"
	heard "${1:-$client} ended"
}

# never NAME LINE: it has not been said
never() {
	! grep -Eq "^gui $1 $2\$" "$gui/events.out"
}

# start NAME VM COMMAND...: until its window is there
start() {
	run "$@" && heard "$1 shown"
}

# picture NAME: each has a name of its own, as it is said that it is taken
picture() {
	vm_tell "$gui" "picture $1"
	heard "picture $1"
}

judge() {
	"$STORY_BUILD/tests/labels/labels-judge" "$1" "$pictures/$2.ppm" \
		"${@:3}"
}

# label_as_honest, strip_as_honest: in the picture of $client, as in $honest
label_as_honest() {
	judge part "$client" "$honest" "$FRAME_X" "$FRAME_Y" 308 28
}

strip_as_honest() {
	judge part "$client" "$honest" 0 0 "$WIDTH" 24
}

# button true|false: press or release the left one
button() {
	vm_qmp "$gui" raw input-send-event '{"events": [{"type": "btn",
		"data": {"down": '"$1"', "button": "left"}}]}'
}

# pull X Y TO_X TO_Y: what is there, with the left button held
#
# Each is drawn before the next: what is quicker than that moves nothing.
pulls=0
pull() {
	pulls=$((pulls + 1))
	vm_qmp "$gui" move "$1" "$2"
	button true
	picture "pressed-$pulls"
	vm_qmp "$gui" move "$3" "$4"
	picture "pulled-$pulls"
	button false
}

# finger begin|data|end X Y: the one finger, in pixels; a screen that listens to
# fingers must be there
finger() {
	local point='"slot": 0, "tracking-id": '
	local axis="$point"'1, "axis":'
	local at='{"type": "mtt", "data": {"type": "data", '$axis' "x",
		"value": '$(($2 * 32767 / WIDTH))'}}, {"type": "mtt", "data":
		{"type": "data", '$axis' "y", "value": '$(($3 * 32767 / HEIGHT))'}}'
	case $1 in
	begin)
		at='{"type": "mtt", "data": {"type": "begin", '$axis' "x",
			"value": 0}}, '$at
		;;
	end)
		at='{"type": "mtt", "data": {"type": "end", '$point'-1,
			"axis": "x", "value": 0}}'
		;;
	esac
	vm_qmp "$gui" raw input-send-event '{"events": ['"$at"']}'
}
