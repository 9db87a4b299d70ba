#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# wlbridge-compositor on a screen that has modes, by the kernel's mode setting: as the
# configuration says, and then as programs that arrange screens say.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

gui=$WORK/gui
story_guest gui screens
mapfile -t screen < <(vm_screen 1280 800)
vm_start gui "$gui" screens "$STORY_LAYER" "${screen[@]}"

# does LINE; does_not LINE: the guest can, or cannot
N=0
tell() {
	N=$((N + 1))
	vm_tell "$gui" "$N $1"
}
does() {
	tell "$1"
	[[ $(vm_wait gui "$gui" "^gui $N (done|failed)\$" 180) == *done ]]
}
does_not() {
	! does "$1"
}
# dumped SIZE COLOUR X Y: QEMU's picture soon is of that size, and has that pixel
dumped() {
	soon screen looks "$@"
}
looks() {
	python3 "$WLB_TOP/tests/vm/lib/pixels.py" "$WORK/screen.ppm" size "$1" &&
		python3 "$WLB_TOP/tests/vm/lib/pixels.py" "$WORK/screen.ppm" \
			colour "$3,$4" "$2"
}
GROUND=28333d STRIP=000000 LOCAL=77767b

must 'the compositor runs' vm_wait gui "$gui" '^gui ready$' 300
check 'in the mode and at the scale of the configuration' \
	does 'wlr-randr | grep -q "1024x768 px.*current" && wlr-randr | grep -q "Scale: 1.25"'
check 'and a screen is as large' dumped 1024x768 $STRIP 1020 29
check 'with its strip as high as that is' dumped 1024x768 $GROUND 1020 30
check 'a window is there' does \
	'foot sh -c "say shown; exec cat" >/dev/null 2>/dev/null & true'
must 'and runs' vm_wait gui "$gui" '^gui shown$' 180
check 'another mode' does 'wlr-randr --output Virtual-1 --mode 800x600 --scale 1'
check 'is there' dumped 800x600 $STRIP 790 23
check 'with the strip of its scale, and who has the keyboard' \
	dumped 800x600 $LOCAL 82 2
check 'the screen is turned' does 'wlr-randr --output Virtual-1 --transform 90'
check 'and the strip is along its side' dumped 800x600 $LOCAL 2 517
check 'what has no room for labels is refused' does_not \
	'wlr-randr --output Virtual-1 --scale 4 --mode 640x480'
check 'so is no screen' does_not 'wlr-randr --output Virtual-1 --off'
check 'it becomes dark' does 'wlopm --off Virtual-1'
check 'and says so' does 'wlopm | grep -q "Virtual-1 off"'
check 'and lit' does 'wlopm --on Virtual-1'
check 'and is as it was' dumped 800x600 $LOCAL 2 517
check 'straight again' does \
	'wlr-randr --output Virtual-1 --transform normal --scale 1.5 --mode 1280x800'
check 'with a strip' dumped 1280x800 $STRIP 1270 35
check 'as high as that is' dumped 1280x800 $GROUND 1270 36
the_end
