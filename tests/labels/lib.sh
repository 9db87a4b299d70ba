# SPDX-License-Identifier: MIT
# What a story about labels is told with: wlbridge-compositor, headless, and one
# socket for each VM. See ../native/lib.sh.
. "$(dirname "${BASH_SOURCE[0]}")/../native/lib.sh"

# Fontconfig keeps what it has read for the life of the process.
echo 'leak:libfontconfig' >"$WORK/leaks"
export LSAN_OPTIONS=suppressions=$WORK/leaks:print_suppressions=0

# The output, and where the first window's frame and content are.
WIDTH=900 HEIGHT=600
FRAME_X=40 FRAME_Y=64
CONTENT_X=44 CONTENT_Y=92
# shellcheck disable=SC2034 # for the stories
PAINT=ff00ff
WORK_COLOUR=3584e4
PERSONAL_COLOUR=33d17a

# What else is in the compositor's environment: NAME=VALUE each.
COMPOSITOR_ENV=()

# compositor_start [LINE...]: with these lines more in its configuration
compositor_start() {
	printf '%s\n' '[labels]' "work = #$WORK_COLOUR" \
		"personal = #$PERSONAL_COLOUR" "$@" >"$WORK/labels.conf"
	ready_program compositor env WLR_BACKENDS=headless \
		WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 \
		"${COMPOSITOR_ENV[@]}" "$WLB_COMPOSITOR" -c "$WORK/labels.conf" -o "${WIDTH}x$HEIGHT" \
		-s "printf '%s\n' \"\$WAYLAND_DISPLAY\" >&3" || return
	HOST_DISPLAY=$READY COMPOSITOR=$PID
	# shellcheck disable=SC2034 # for said
	PID_compositor=$PID
	ready_program contexts env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" context --ready-fd 3 "work=$WORK/work.sock" \
		"personal=$WORK/personal.sock" "stranger=$WORK/stranger.sock"
}

# as VM NAME COMMAND...: a watched program of that VM
as() {
	watched_program "$2" env WAYLAND_DISPLAY="$WORK/$1.sock" "${@:3}"
}

# as_x VM NAME COMMAND...: likewise, an X program
as_x() {
	watched_program "$2" env \
		DISPLAY="$WORK/$HOST_DISPLAY-x11-$1" "${@:3}"
}

# x_lie VM TRICK [TEXT]: do that; end liar ends it
x_lie() {
	as_x "$1" liar "$WLB_XLIAR" "${@:2}"
	saw liar '^shown$'
}

# soon COMMAND...: once what an X server has done is on the screen, too
#
# Nobody is told when that is: the server shows it when it likes. Each try looks at
# another picture, shot.
soon() {
	local end=$((SECONDS + PATIENCE))
	until picture shot && "$@" 2>"$WORK/soon.log"; do
		if [ "$SECONDS" -ge "$end" ] || ! alive; then
			cat "$WORK/soon.log" >&2
			return 1
		fi
	done
}

# pid_of NAME: the process of a watched program; end NAME: end it
pid_of() {
	local pid=PID_$1
	echo "${!pid}"
}

end() {
	end_program "$(pid_of "$1")"
}

# lie VM TRICK [TITLE]: do that and take a picture; end_program "$PID" ends it
lie() {
	as "$1" liar "$WLB_LIAR" "${@:2}"
	saw liar '^shown$' && picture shot
}

# picture NAME: of the screen; tools/pictures wants to keep the last of that name
# of each check
picture() {
	on_host grim -t ppm "$WORK/$1.ppm" || return
	if [ -n "${WLB_PICTURES:-}" ]; then
		cp "$WORK/$1.ppm" "$(printf '%s/%s-%03d-%s-%s.ppm' \
			"$WLB_PICTURES" "$(basename "$0" .sh)" "$TAP_N" \
			"${TAP_NAME//[^a-zA-Z0-9]/-}" "$1")"
	fi
}

# look: one that only a person looks at, where somebody will
look() {
	if [ -n "${WLB_PICTURES:-}" ]; then
		picture look
	fi
}

# judge WHAT NAME...: of a picture
judge() {
	"$WLB_JUDGE" "$1" "$WORK/$2.ppm" "${@:3}"
}

# as_honest: nothing but the window's inside may differ from the reference
as_honest() {
	judge same shot "$WORK/honest.ppm" "$CONTENT_X" "$CONTENT_Y" 300 200
}

# label_as_honest [WIDTH]: the bar with its border, or so much of it, is the same
label_as_honest() {
	judge part shot "$WORK/honest.ppm" "$FRAME_X" "$FRAME_Y" "${1:-308}" 28
}

# strip_as_honest: so is the strip
strip_as_honest() {
	judge part shot "$WORK/honest.ppm" 0 0 "$WIDTH" 24
}

# hand_start; hand LINE: see hand.c
hand_start() {
	mkfifo "$WORK/hand.fifo"
	watched_program hand env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_HAND" "$WIDTH" "$HEIGHT" "$WORK/hand.fifo"
	HAND_N=0
	saw hand '^ready$'
}

hand() {
	echo "$*" >"$WORK/hand.fifo"
	HAND_N=$((HAND_N + 1))
	saw hand '^done$' "$HAND_N"
}

# alive: the compositor, after all that
alive() {
	kill -0 "$COMPOSITOR"
}

# ended_well: and it ends when it is asked to, with nothing to complain about
ended_well() {
	kill "$COMPOSITOR"
	wait "$COMPOSITOR"
}

# honest_shown: another VM's window, and what the screen is with it; others_as_ever:
# it is so again
honest_shown() {
	lie personal honest && cp "$WORK/shot.ppm" "$WORK/honest.ppm" \
		&& end_program "$PID"
}
others_as_ever() {
	lie personal honest && judge same shot "$WORK/honest.ppm" \
		&& end_program "$PID"
}

# was LINE: the client that lies has said it by now
was() {
	grep -qx "$1" "$WORK/liar.log"
}
