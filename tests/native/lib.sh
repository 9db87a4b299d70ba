# SPDX-License-Identifier: MIT
# What a native story is told with: a headless compositor, device processes and
# agents, all on this machine, no VM. A story is a bash script that sources
# this, starts what it needs, says check for each thing that must hold, and ends
# with the_end. It prints TAP.
#
# Programs of ours come from the environment: WLB_WL, WLB_AGENT, WLB_PAINTER.
# Nothing waits for time to pass: readiness is a line somebody writes.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/lib/top.sh"
. "$WLB_TOP/tools/lib/wait.sh"
. "$WLB_TOP/tests/lib/tap.sh"

PATIENCE=30	# seconds until what was awaited is said not to come
WORK=$(mktemp -d "${TMPDIR:-/tmp}/wlbn.XXXXXX")
export XDG_RUNTIME_DIR=$WORK
export XDG_CONFIG_HOME=$WORK
unset WAYLAND_DISPLAY WAYLAND_SOCKET DISPLAY
chmod 0700 "$WORK"

native_clean() {
	programs_end
	if [ "$TAP_FAILED" != 0 ]; then
		tail -n 20 "$WORK"/*.log | cut -c 1-160 >&2 || true
	fi
	if [ -n "${NATIVE_KEEP:-}" ]; then
		echo "# kept: $WORK"
	else
		rm -rf "$WORK"
	fi
}
trap native_clean EXIT

# needs PROGRAM...: skip the story where one is missing
needs() {
	local program
	for program; do
		if ! command -v "$program" >/dev/null; then
			echo "1..0 # SKIP no $program"
			exit 0
		fi
	done
}

# ready_program NAME COMMAND...: start it and wait for a line on its fd 3
#
# It fails when the program ends without one.
# Its output is kept as NAME.log; PID is its process, READY what it wrote.
ready_program() {
	local name=$1 fifo=$WORK/$1.ready both fd
	shift
	rm -f "$fifo"
	mkfifo "$fifo"
	exec {both}<>"$fifo"
	exec {fd}<"$fifo"
	"$@" 3>&"$both" {both}>&- {fd}<&- >"$WORK/$name.log" 2>&1 &
	PID=$!
	PROGRAMS+=("$PID")
	# shellcheck disable=SC2034 # for the caller
	exec {both}>&-
	IFS= read -r -t "$PATIENCE" -u "$fd" READY
	local status=$?
	exec {fd}<&-
	return "$status"
}

# watched_program NAME COMMAND...: start it; its lines are awaited with said
watched_program() {
	program "$WORK/$1.log" "${@:2}"
	# shellcheck disable=SC2034 # for the story
	PID=${PROGRAMS[-1]}
	printf -v "PID_$1" %s "$PID"
}

# said NAME PATTERN [COUNT]: wait for a line of a watched program, print it
said() {
	local pid=PID_$1
	wait_line "$WORK/$1.log" "$2" "$PATIENCE" "${!pid}" "${3:-1}"
}

# saw NAME PATTERN [COUNT]: the same, and only whether it came
saw() {
	said "$@" >/dev/null
}

# end_program PID [SIGNAL]: and forget it
end_program() {
	local i
	kill "-${2:-TERM}" "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
	for i in "${!PROGRAMS[@]}"; do
		if [ "${PROGRAMS[i]}" = "$1" ]; then
			unset "PROGRAMS[i]"
		fi
	done
	PROGRAMS=("${PROGRAMS[@]}")
}

# sway_start WIDTH HEIGHT: a compositor with one output and bare windows
#
# HOST_DISPLAY is its socket; its events are watched as 'events'.
sway_start() {
	cat >"$WORK/sway.conf" <<-EOF
		output HEADLESS-1 mode $1x$2
		output HEADLESS-1 background #000000 solid_color
		default_border none
		focus_follows_mouse no
		seat seat0 fallback true
		seat seat0 hide_cursor 1
		exec printf '%s\n' "\$WAYLAND_DISPLAY" >&3
	EOF
	ready_program sway env WLR_BACKENDS=headless WLR_RENDERER=pixman \
		WLR_LIBINPUT_NO_DEVICES=1 sway -c "$WORK/sway.conf"
	# shellcheck disable=SC2034 # both for the story
	HOST_DISPLAY=$READY SWAY=$PID
	SWAYSOCK=$(echo "$WORK"/sway-ipc.*.sock)
	export SWAYSOCK
	watched_program events swaymsg -r -m -t subscribe \
		'["window","input","workspace"]'
}

# labwc_start: another one, with windows as they come; HOST_DISPLAY as above
labwc_start() {
	ready_program labwc env WLR_BACKENDS=headless WLR_RENDERER=pixman \
		WLR_LIBINPUT_NO_DEVICES=1 \
		labwc -s "sh -c 'printf \"%s\\n\" \"\$WAYLAND_DISPLAY\" >&3'"
	# shellcheck disable=SC2034 # for the story
	HOST_DISPLAY=$READY
}

# device_start NAME [FD=PATH...] -- OPTION...: the device process of a VM
#
# Front-ends reach it at $WORK/NAME.wl; other sockets for its --accept options
# are opened too. DEVICE is its process; device_stat reads its counters.
device_start() {
	local name=$1 sockets=()
	shift
	while [ "$1" != -- ]; do
		sockets+=("$1")
		shift
	done
	shift
	truncate -s 4096 "$WORK/$name.status"
	ready_program "device-$name" "$WLB_WITH_LISTENER" "10=$WORK/$name.wl" \
		"${sockets[@]}" -- "$WLB_WL" --name "$name" --fd=10 \
		--status-fd 12 "$@" 12<>"$WORK/$name.status" || return
	# shellcheck disable=SC2034 # for the story
	DEVICE=$PID
}

# device_stat NAME bytes_to_host|bytes_to_guest: see virtio-wl/device/status.h
device_stat() {
	local -A offsets=([bytes_to_host]=56 [bytes_to_guest]=64)
	od -A n -t u8 -j "${offsets[$2]}" -N 8 "$WORK/$1.status"
}

# label PATH NAME INSTANCE: what the host says of the VM that connects there
label() {
	printf 'name = %s\ncolour = #3584e4\ninstance = %s\n' "$2" "$3" \
		>"$1.label"
}

# display_start [OPTION...]: VM 'gui' with its agent, in front of HOST_DISPLAY
#
# VM 'work' is let in at $WORK/from-work.sock.
display_start() {
	label "$WORK/from-work.sock" work 7b0c6a52
	device_start gui "11=$WORK/from-work.sock" -- \
		--accept work=fd:11 || return
	ready_program display env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" display --device "vhost-user:$WORK/gui.wl" \
		--ready-fd 3 "$@" || return
	# shellcheck disable=SC2034 # for the story
	DISPLAY_AGENT=$PID
}

# app_start: VM 'work' with its agent, whose display is app-0
app_start() {
	[ -S "$WORK/work.wl" ] \
		|| device_start work -- --connect "=$WORK/from-work.sock"
	exec 4<>"$(stats_fifo)"
	ready_program app "$WLB_AGENT" app --device "vhost-user:$WORK/work.wl" \
		--socket app-0 --ready-fd 3 --stats-fd 4 || return
	APP_AGENT=$PID
}

# app_restart [SIGNAL]: end the app agent and start another one
app_restart() {
	end_program "$APP_AGENT" "${1:-TERM}"
	exec 4>&-
	app_start
}

stats_fifo() {
	[ -p "$WORK/stats" ] || mkfifo "$WORK/stats"
	echo "$WORK/stats"
}

# app_stat NAME: a counter of the app agent
app_stat() {
	local line
	kill -USR1 "$APP_AGENT"
	IFS= read -r -t "$PATIENCE" -u 4 line
	[[ $line =~ \"$1\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# work_program NAME COMMAND...: a watched program of VM 'work'
work_program() {
	watched_program "$1" env WAYLAND_DISPLAY=app-0 "${@:2}"
}

# in_work COMMAND...: run it there and wait for its end
in_work() {
	WAYLAND_DISPLAY=app-0 "$@"
}

# on_host COMMAND...: run it as a client of the compositor itself
on_host() {
	WAYLAND_DISPLAY=$HOST_DISPLAY "$@"
}

# with_few_descriptors COMMAND...: fewer than it needs, unless it sees to that
with_few_descriptors() {
	local limit
	limit=$(ulimit -Sn)
	ulimit -Sn 256
	"$@" || return
	ulimit -Sn "$limit"
}

# crowd_is TEST COUNT: how many come until one is hung up on; others may follow
crowd_is() {
	local said
	mapfile -t said < <(timeout "$PATIENCE" \
		"$WLB_CROWD" "vhost-user:$WORK/work.wl" 300)
	[ "${said[1]:-}" = again ] && test "${said[0]}" "$@"
}

# shows FRAME [OPTION...]: whether the screen shows painter's frame
shows() {
	on_host grim -t ppm "$WORK/screen.ppm" \
		&& "$WLB_PAINTER" --judge "$@" <"$WORK/screen.ppm"
}
