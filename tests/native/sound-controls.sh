#!/bin/bash
# SPDX-License-Identifier: MIT
# The guest's own volume comes before the user's, and does not touch it.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump wpctl

runs=0

# plays VOLUME: a driver that is new sets its volume and plays
plays() {
	runs=$((runs + 1))
	guest_plays work "$WORK/tone.raw" --volume "$1" --loops 600
	snd_said work 'playback stream: streaming' "$runs"
	NODE=$(node_id wlbridge.work)
}

ends() {
	end_program "$PID_guest_work"
	snd_said work 'the front-end has gone' "$runs"
}

# as_loud MIN MAX: a second of it
as_loud() {
	record_start recorder speakers "$WORK/mix.raw"
	wait_a_while
	record_end recorder
	levels "$WORK/mix.raw" 997
	heard "$WORK/mix.raw" 997 "$1" "$2"
}

# user_sees TEXT: what a mixer on the host says of the VM's stream
user_sees() {
	wpctl get-volume "$NODE" >"$WORK/volume"
	echo "# $(cat "$WORK/volume")"
	[ "$(cat "$WORK/volume")" = "Volume: $1" ]
}

# confined NAME: every thread of a device has its list of system calls
confined() {
	local pid=PID_snd_$1
	grep -q 'built without a sandbox' "$WORK/snd-$1.log" ||
		! grep -h '^Seccomp:' "/proc/${!pid}/task/"*/status |
			grep -qv '2$'
}

must 'PipeWire runs' sound_start
must 'the device runs' snd_start work --controls
must 'and one that keeps time' snd_start clock
must 'and finds PipeWire' snd_said work 'PipeWire is there'
"$WLB_LISTEN" tone 997 0.5 1 >"$WORK/tone.raw"

plays 50
check 'a guest at 50 has an eighth of the level' tried as_loud 0.061 0.064
check 'of which the mixer knows nothing' user_sees 1.00
check 'while all threads of the device are confined' confined work
check 'the user turns it down' wpctl set-volume "$NODE" 0.5
check 'which comes on top' tried as_loud 0.0074 0.0083
ends

plays 100
check 'a guest at 100 is as loud as the user left it' tried as_loud 0.061 0.064
check 'which the mixer shows' user_sees 0.50
check 'the user mutes it' wpctl set-mute "$NODE" 1
check 'and it is silent' tried as_loud 0 0.0001
ends

plays 100
check 'nothing that a guest sets undoes that' tried as_loud 0 0.0001
check 'as the mixer shows' user_sees '0.50 [MUTED]'
check 'the user lets it off' wpctl set-mute "$NODE" 0
check 'and it is heard again' tried as_loud 0.061 0.064

the_end
