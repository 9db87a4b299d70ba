#!/bin/bash
# SPDX-License-Identifier: MIT
# All processors are busy with what has no priority, and what a guest plays is
# heard in time. The device has the priority for that where it may, says which it
# is, and loses it while a guest keeps it busy.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata chrt prlimit setpriv

if ! chrt -r 10 true 2>/dev/null; then
	echo '1..0 # SKIP no realtime priority may be had here'
	exit 0
fi

# has_begun NAME: it has said what it got, which is the last that it does
has_begun() {
	snd_said "$1" 'realtime priority'
}

# limited NAME PRLIMIT-OPTION...: a device that root's capabilities do not help
limited() {
	local real=$WLB_SND
	cat >"$WORK/limited-$1" <<-END
		#!/bin/sh
		exec prlimit ${*:2} setpriv --bounding-set=-sys_nice,-sys_resource \\
			--inh-caps=-sys_nice,-sys_resource "$real" "\$@"
	END
	chmod +x "$WORK/limited-$1"
	WLB_SND=$WORK/limited-$1 snd_start "$1" && has_begun "$1"
}

has_priority() {
	echo "# $1: $(snd_priority "$1")"
	[ "$(snd_priority "$1")" = "$2" ]
}

# scheduled PID THREAD POLICY PRIORITY NICE: what the kernel says of a thread
scheduled() {
	local stat is
	for stat in /proc/"$1"/task/*/stat; do
		if [ "$(cat "${stat%stat}comm")" = "$2" ]; then
			is=$(awk '{ print $41, $40, $19 }' "$stat")
			echo "# $2: policy, priority, nice: $is"
			[ "$is" = "${*:3}" ]
			return
		fi
	done
	return 1
}

spin() {
	local i
	for ((i = 0; i < 2 * $(nproc); i++)); do
		watched_program "spinner_$i" sh -c 'while :; do :; done'
	done
}

spin_no_more() {
	local i pid
	for ((i = 0; i < 2 * $(nproc); i++)); do
		pid=PID_spinner_$i
		end_program "${!pid}"
	done
}

# It has a VMM that gets what it needs, for this is not about guests.
plays_in_time() {
	guest_plays work "$WORK/tone.raw" --loops 5
	chrt -r -p 5 "$PID_guest_work"
	guest_done work || return
	echo "# waited $(waited_ms "$PID_snd_work") ms, late $(snd_stat work late)"
	[ "$(snd_stat work late)" = 0 ]
}

must 'PipeWire runs' sound_start
must 'a device runs' snd_start work
must 'and has begun' has_begun work
check 'it says that it is realtime' has_priority work realtime
check 'and is, a little' scheduled "$PID_snd_work" wlbridge-snd 2 10 0
"$WLB_LISTEN" tone 440 0.2 1 >"$WORK/tone.raw"
spin
check 'what is played while all processors are busy is never late' plays_in_time
spin_no_more

watched_program liar "$WLB_SND_LIAR" requests "$WORK/work.snd"
check 'a guest that keeps it busy' \
	snd_said work 'warn: the guest keeps this device busy'
check 'takes that from it' has_priority work spent
check 'altogether' scheduled "$PID_snd_work" wlbridge-snd 0 0 0
end_program "$PID_liar"
check 'until it is calm' snd_said work 'the priority back'
check 'then it is as before' scheduled "$PID_snd_work" wlbridge-snd 2 10 0
check 'and plays' guest_plays work "$WORK/tone.raw"
snd_said work streaming 2
check "PipeWire's own thread in it is above" \
	scheduled "$PID_snd_work" data-loop.0 1 83 0

# Only root with all its capabilities can give a limit that it has not.
if prlimit --rtprio=20 --nice=31 true 2>/dev/null; then
	must 'one that may by a limit alone runs' limited limit --rtprio=20
	check 'and is realtime too' has_priority limit realtime
	must 'one that may only be nice runs' limited nice --rtprio=0 --nice=31
	check 'and is nice' has_priority nice nice
	check 'as the kernel says' \
		scheduled "$PID_snd_nice" wlbridge-snd 0 0 -11
else
	echo '# limits cannot be raised here: not tried with those alone'
fi
must 'one that may neither runs' limited plain --rtprio=0 --nice=0
check 'and says so' snd_said plain 'info: no realtime priority'
check 'once' has_priority plain normal

the_end
