#!/bin/bash
# SPDX-License-Identifier: MIT
# Screens of several scales, turned, arranged and made dark by programs as they are:
# labels and strips are whole and sharp, and windows are on one of them.
. "$(dirname "$0")/lib.sh"

GROUND=28333d
needs foot grim kanshi wlopm wlr-randr
COMPOSITOR_ENV=(WLR_HEADLESS_OUTPUTS=2)
must 'the compositor starts' compositor_start '[output HEADLESS-1]' \
	'position = 0,0' '[output HEADLESS-2]' 'mode = 600x900@75' \
	'scale = 1.5' 'position = 900,0' 'transform = 90' \
	'[output NOWHERE-1]' 'scale = 4'

randr() {
	on_host wlr-randr "$@" >"$WORK/randr.log" 2>&1
}
# is SCREEN TEXT...: says wlr-randr of it
is() {
	local text
	randr || return
	sed -n "/^HEADLESS-$1 /,/^HEADLESS/p" "$WORK/randr.log" \
		>"$WORK/screen.log"
	for text in "${@:2}"; do
		grep -q "^ *$text\$" "$WORK/screen.log" || return
	done
}
# shoot SCREEN NAME: a picture of it, in its own pixels
shoot() {
	on_host grim -t ppm -o "HEADLESS-$1" "$WORK/$2.ppm" || return
	if [ -n "${WLB_PICTURES:-}" ]; then
		cp "$WORK/$2.ppm" "$(printf '%s/arrange-%03d-%s.ppm' \
			"$WLB_PICTURES" "$TAP_N" "$2")"
	fi
}
# hand_in WIDTH HEIGHT: of all that there is
hand_in() {
	WIDTH=$1 HEIGHT=$2
	if [ -p "$WORK/hand.fifo" ]; then
		end hand
		rm "$WORK/hand.fifo"
	fi
	hand_start
}
# drag X Y TO_X TO_Y
drag() {
	hand to "$1" "$2" && hand down && hand to "$3" "$4" && hand up
}

check 'a screen is as the configuration says' is 2 'Enabled: yes' \
	'600x900 px, 75.000000 Hz (current)' 'Position: 900,0' 'Transform: 90' \
	'Scale: 1.500000'
check 'and the other as all are' is 1 'Enabled: yes' '900x600 px (current)' \
	'Position: 0,0' 'Scale: 1.000000'

as work liar "$WLB_LIAR" honest
must 'a window is shown' saw liar '^shown$'

# What follows is for a screen whose scale is so many quarters.
QUARTERS=4
at() {
	echo $(($1 * QUARTERS / 4))
}
is_coloured() {
	judge pixel shot "$1" "$2" "$3"
}
labelled() {
	shoot 1 shot \
		&& is_coloured "$WORK_COLOUR" "$(at 82)" 1 \
		&& is_coloured "$WORK_COLOUR" "$(at 82)" $(($(at 24) - 1)) \
		&& is_coloured "$GROUND" "$(at 82)" "$(at 24)" \
		&& is_coloured "$WORK_COLOUR" "$(at 40)" "$(at 64)" \
		&& is_coloured "$WORK_COLOUR" "$(at 94)" "$(at 90)" \
		&& is_coloured "$WORK_COLOUR" $(($(at 348) - 1)) \
			$(($(at 296) - 1)) \
		&& is_coloured "$GROUND" "$(at 348)" "$(at 296)" \
		&& judge only shot "$PAINT" "$(at 44)" "$(at 92)" "$(at 300)" \
			"$(at 200)"
}
# dragged_sharply: by odd numbers, which are made even, and back
dragged_sharply() {
	cp "$WORK/shot.ppm" "$WORK/before.ppm"
	drag 260 80 293 97 && shoot 1 shot \
		&& is_coloured "$GROUND" "$(at 40)" "$(at 64)" \
		&& judge holds shot "$WORK/before.ppm" "$(at 40)" "$(at 64)" \
			"$(at 100)" "$(at 28)" \
		&& drag 293 97 261 81
}
# scale QUARTERS HEIGHT: of the first one; all that there is becomes so high
scale() {
	QUARTERS=$1
	local decimals=$(($1 * 25))
	randr --output HEADLESS-1 --scale \
		"$((decimals / 100)).$((decimals % 100))" && hand_in 1500 "$2"
}
check 'the turned one goes' randr --output HEADLESS-2 --off
check 'it is off' is 2 'Enabled: no'
check 'at scale 1 labels are whole' labelled
cp "$WORK/shot.ppm" "$WORK/whole.ppm"
check 'it comes again' randr --output HEADLESS-2 --on --pos 900,0
hand_in 1500 600
check 'labels, drawn for the other, are whole' labelled
check 'and the same wherever the window is' dragged_sharply
check 'the scale becomes one and a half' scale 6 400
check 'labels are whole' labelled
check 'and sharp wherever the window is' dragged_sharply
shoot 2 turned
check 'and on a turned screen they are the same' \
	judge part turned "$WORK/shot.ppm" 0 0 300 36
check 'the scale becomes one and a quarter' scale 5 480
check 'labels are whole' labelled
check 'the scale becomes two' scale 8 400
check 'labels are whole' labelled
check 'and sharp wherever the window is' dragged_sharply
check 'the turned one goes' randr --output HEADLESS-2 --off
check 'one and a quarter alone' randr --output HEADLESS-1 --scale 1.25
QUARTERS=5
hand_in 720 480
check 'labels are whole' labelled
check 'and sharp wherever the window is' dragged_sharply
check 'it comes again' randr --output HEADLESS-2 --on --pos 900,0
check 'as it was' is 2 'Position: 900,0' 'Transform: 90' 'Scale: 1.500000' \
	'600x900 px, 75.000000 Hz (current)'

# The scale that clients are told, those of VMs too.
as work foot env WAYLAND_DEBUG=1 foot -W 20x4
check "a VM's client is told of one and a quarter" saw foot \
	'preferred_scale.150.'
check 'the scale becomes one and three quarters' randr --output HEADLESS-1 \
	--scale 1.75
check 'and it is told' saw foot 'preferred_scale.210.'
end foot

# Windows stay where they are seen, and somewhere they always are.
check 'the scale becomes one' scale 4 600
check 'labels are whole' labelled
check 'the window is dragged to the other' drag 260 80 1300 120
shoot 1 shot
check 'and is there' judge none shot "$PAINT"
shoot 2 before
check 'they change sides' randr --output HEADLESS-1 --pos 600,0 \
	--output HEADLESS-2 --pos 0,0
check 'both are' is 1 'Position: 600,0'
stays() {
	shoot 2 shot && judge same shot "$WORK/before.ppm"
}
check 'and the window stays on its screen' stays
check 'they change again' randr --output HEADLESS-1 --pos 0,0 \
	--output HEADLESS-2 --pos 900,0
check 'and it stays' stays
hand to 1200 390
check 'its screen goes' randr --output HEADLESS-2 --off
whole() {
	shoot 1 shot && judge holds shot "$WORK/whole.ppm" 40 64 308 28
}
check 'the window comes to the other, with all of its bar' whole
check 'which becomes smaller' randr --output HEADLESS-1 --custom-mode 400x300
check 'the window is there' whole
check 'and turned' randr --output HEADLESS-1 --custom-mode 300x400 \
	--transform 270
check 'the window is there' whole
check 'and is as it was' randr --output HEADLESS-1 --custom-mode 900x600 \
	--transform normal --pos 0,0 --output HEADLESS-2 --on --pos 900,0

# What cannot be is refused, all of it.
randr && cp "$WORK/randr.log" "$WORK/randr.before"
unchanged() {
	randr && cmp "$WORK/randr.log" "$WORK/randr.before" >&2
}
# refused WHY OPTION...: and it says so
refused() {
	! randr "${@:2}" && saw compositor "screens stay as they are: $1\$" \
		&& unchanged
}
check 'a scale that is no quarter is refused' refused 'a scale is 1 to 4.*' \
	--output HEADLESS-1 --pos 2000,0 --output HEADLESS-2 --scale 1.3
check 'so is one that is too large' refused 'a scale is 1 to 4.*' \
	--output HEADLESS-1 --scale 5
check 'a screen too small' refused 'one would be too small for labels' \
	--output HEADLESS-1 --scale 4 --custom-mode 700x600
check 'one too large' refused 'none can be so large' \
	--output HEADLESS-1 --custom-mode 16385x600
check 'one on another' refused 'one would lie on another' \
	--output HEADLESS-2 --pos 899,599
check 'one that grows into another' refused 'one would lie on another' \
	--output HEADLESS-1 --custom-mode 901x600
check 'one too far away' refused 'one would be too far away' \
	--output HEADLESS-2 --pos 65537,0
check 'no screen at all' refused 'none would be left' \
	--output HEADLESS-1 --off --output HEADLESS-2 --off
tried() {
	randr --dryrun --output HEADLESS-1 --scale 2 && unchanged
}
check 'what is only tried changes nothing' tried
tried_in_vain() {
	! randr --dryrun --output HEADLESS-1 --scale 1.3
}
check 'and is refused as well' tried_in_vain

# Dark, and lit again.
dark() {
	on_host wlopm --off '*' && on_host wlopm >"$WORK/power.log" \
		&& [ "$(grep -c ' off$' "$WORK/power.log")" = 2 ]
}
shoot 1 before
check 'all become dark' dark
check 'and are where they were' unchanged
check 'what is refused leaves them dark' tried_in_vain
check 'and enabled' unchanged
lit() {
	on_host wlopm --on '*' && on_host wlopm >"$WORK/power.log" \
		&& [ "$(grep -c ' on$' "$WORK/power.log")" = 2 ] \
		&& shoot 1 shot && judge same shot "$WORK/before.ppm"
}
check 'and come back as they were' lit

cat >"$WORK/kanshi.conf" <<-EOF
	profile desk {
		output HEADLESS-1 scale 2 position 400,0
		output HEADLESS-2 transform normal position 0,0
	}
EOF
watched_program kanshi env WAYLAND_DISPLAY="$HOST_DISPLAY" \
	kanshi -c "$WORK/kanshi.conf"
check 'kanshi has a profile' saw kanshi "'desk' applied\$"
check 'and one screen is as it says' is 1 'Position: 400,0' 'Scale: 2.000000'
check 'and so is the other' is 2 'Position: 0,0' 'Transform: normal'
end kanshi

# The lies.
in_vm() {
	! WAYLAND_DISPLAY=$WORK/work.sock "$@" >"$WORK/vm.log" 2>&1
}
check 'a VM cannot ask what screens there are' in_vm wlr-randr
check 'nor arrange them' in_vm wlr-randr --output HEADLESS-1 --scale 1
check 'nor make them dark' in_vm wlopm --off '*'
check 'they are as they were' is 1 'Position: 400,0' 'Scale: 2.000000'
check 'the compositor is alive' alive
check 'and ends as it should' ended_well
the_end
