#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The full picture: what a program of another VM shows is, pixel for pixel,
# what the same program shows when it runs beside the compositor; and keys and
# clicks reach the VM whose window has the focus, and no other.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tools/lib/build.sh"
. "$WLB_TOP/tools/lib/picture.sh"
build_path "$STORY_BUILD/destdir"

# The same in every VM: same image, same layer, same words. (Not foot's own
# name, for which labwc has an icon.)
same="foot --app-id theirs --title same -w 480x280 -o cursor.style=beam \
sh -c 'ls --color=always /usr/lib/wlbridge/guest; exec cat >/dev/null'"
typed='foot --title typed -w 480x280 sh -c "say ready; exec cat >$WLB_JOB/typed"'

PICTURE_COMPOSITOR=labwc
picture_make "$WORK" "work=$same" "work=$typed" "web=$typed"
gui=$WORK/gui
picture_client gui "${same/theirs/own}"

# rule ATTRIBUTES X Y WORD: where such a window goes, and what is said of it
rule() {
	cat <<-END
	<windowRule $1>
	  <action name="MoveTo" x="$2" y="$3"/>
	  <action name="Execute" command="say window $4"/>
	</windowRule>
	END
}
{
	echo '<labwc_config><windowRules>'
	rule 'identifier="own"' 20 20 own
	rule 'title="same" sandboxAppId="work"' 640 20 same
	rule 'title="typed" sandboxAppId="work"' 20 380 work
	rule 'title="typed" sandboxAppId="web"' 640 380 web
	echo '</windowRules></labwc_config>'
} >"$gui/job/labwc/rc.xml"

picture_bridge
mapfile -t screen < <(vm_screen 1280 720)
picture_vm_start "$STORY_LAYER" "${screen[@]}"

heard() {
	picture_heard "$@" >/dev/null
}

must "the compositor comes up" heard gui 'compositor .*' 300
must "the display agent serves" heard gui agent 60
must "work's agent serves" heard work agent 120
must "web's agent serves" heard web agent 120
must "a window of its own is shown" heard gui 'window own' 60
must "a window of work is shown" heard gui 'window same' 120
must "a second window of work is shown" heard gui 'window work' 60
must "a window of web is shown" heard gui 'window web' 60

# typed_in VM LINE: it arrives there
typed_in() {
	wait_line "$WORK/$1/job/typed" "^$2\$" 180 "${VM_PID[$1]}" >/dev/null
}

# lines VM: all that was typed there
lines() {
	paste -sd' ' "$WORK/$1/job/typed"
}

click() {
	vm_qmp "$gui" move "$1" "$2"
	vm_qmp "$gui" button left
}

must "work waits for keys" heard work ready 60
must "web waits for keys" heard web ready 60
click 200 500
vm_qmp "$gui" keys 'for work\n'
check "what is typed into work's window reaches work" typed_in work 'for work'
click 820 500
vm_qmp "$gui" keys 'for web\n'
check "what is typed into web's window reaches web" typed_in web 'for web'
check "work got nothing else" test "$(lines work)" = 'for work'
check "web got nothing else" test "$(lines web)" = 'for web'

check "another VM's window looks like one of the compositor's own" \
	soon screen python3 "$WLB_TOP/tests/vm/lib/pixels.py" \
	"$WORK/screen.ppm" same 20,20 640,20 480x280

vm_end work
vm_qmp "$gui" keys 'still here\n'
check "when work is gone, web goes on" typed_in web 'still here'
the_end
