#!/bin/bash
# SPDX-License-Identifier: MIT
# Frames a second of an unmodified client that repaints a whole screen, and what
# they cost: straight at the compositor, over the bridge, over waypipe; in turns,
# so that whatever else the machine does meets each of them.
#
# weston-simple-shm paints on each frame callback and sends each frame with one
# sendmsg(2), which is what is counted, in the same way on all three ways:
# strace stops the client for that system call and no other.
#
# usage: frames.sh [WIDTHxHEIGHT@HZ...]
. "$(dirname "$0")/../native/lib.sh"

needs sway swaymsg strace weston-simple-shm inotifywait

ROUNDS=${FRAMES_ROUNDS:-3}
RUN_SECONDS=${FRAMES_SECONDS:-3}
WARM_FRAMES=100

mkdir "$WORK/runs" "$WORK/waypipe"
mkfifo "$WORK/never"
exec 5<>"$WORK/never"

measuring_time() {
	IFS= read -r -t "$RUN_SECONDS" -u 5 || true
}

# measured STEM NAME=PID...: a run of the client that is under way
measured() {
	local stem=$1
	shift
	said trace sendmsg "$WARM_FRAMES" >"$WORK/line"
	CLIENT=$(cut -d ' ' -f 1 "$WORK/line")
	set -- "weston-simple-shm=$CLIENT" "compositor=$SWAY" "$@"
	"$FRAMES" snapshot "$@" >"$stem.before"
	measuring_time
	"$FRAMES" snapshot "$@" >"$stem.after"
	kill "$CLIENT"
	wait "$PID" || true
}

# traced_start STEM COMMAND...: the client, counted; COMMAND runs it
traced_start() {
	local stem=$1
	shift
	: >"$stem.trace"
	program "$WORK/client.log" "$@" strace -f -I 2 --seccomp-bpf -q \
		-e trace=sendmsg -e raw=sendmsg -e signal=none -ttt \
		-o "$stem.trace" weston-simple-shm
	PID=${PROGRAMS[-1]}
	# shellcheck disable=SC2034 # both for said
	PID_trace=$PID
	ln -sf "$stem.trace" "$WORK/trace.log"
}

run_direct() {
	traced_start "$1" env WAYLAND_DISPLAY="$HOST_DISPLAY"
	measured "$1"
}

run_ours() {
	traced_start "$1" env WAYLAND_DISPLAY=app-0
	measured "$1" app-agent="$APP_AGENT" device-work="$DEVICE_WORK" \
		device-gui="$DEVICE_GUI" display-agent="$DISPLAY_AGENT"
}

run_waypipe() {
	traced_start "$1" waypipe --no-gpu -c none -s "$WORK/waypipe/socket" \
		server --
	# Its share is what is no client: strace and below.
	local strace
	said trace sendmsg >"$WORK/line"
	strace=$(ps -o ppid= -p "$(cut -d ' ' -f 1 "$WORK/line")")
	measured "$1" client-half="$WAYPIPE" "server-half=$PID:${strace# }"
}

waypipe_start() {
	watched_program sockets inotifywait -m -e create "$WORK/waypipe"
	saw sockets 'Watches established'
	program "$WORK/waypipe.log" env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		waypipe --no-gpu -c none -s "$WORK/waypipe/socket" client
	WAYPIPE=${PROGRAMS[-1]}
	saw sockets socket
}

ways=(direct ours)
if command -v waypipe >/dev/null; then
	ways+=(waypipe)
fi
if [ $# = 0 ]; then
	set -- 1920x1080@500 1920x1080@60 3840x2160@60
fi
sway_start "${1%x*}" "${1#*x}Hz"
# shellcheck disable=SC2119 # these two take options for other stories
display_start
DEVICE_GUI=$DEVICE
# shellcheck disable=SC2119
app_start
DEVICE_WORK=$DEVICE
case " ${ways[*]} " in
*" waypipe "*) waypipe_start ;;
esac

for mode; do
	swaymsg -q output HEADLESS-1 mode "${mode}Hz"
	for ((round = 1; round <= ROUNDS; round++)); do
		for way in "${ways[@]}"; do
			"run_$way" "$WORK/runs/$mode.$way.$round"
		done
	done
done
"$FRAMES" table "$WORK/runs"
