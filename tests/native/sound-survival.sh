#!/bin/bash
# SPDX-License-Identifier: MIT
# PipeWire stalls, dies and comes back, and a guest that plays sees none of it; what
# the user set for that VM holds afterwards.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump wpctl

still_plays() {
	kill -0 "$PID_guest_work"
}

mix_now() {
	record_start "$1" speakers "$WORK/$1.raw"
	wait_a_while
	record_end "$1"
	levels "$WORK/$1.raw" 997
}

never_waited_long() {
	local kept
	kept=$(kept_ms work)
	echo "# $(tail -n 1 "$WORK/guest_work.log"), device kept waiting: $kept ms"
	python3 -c 'import sys
sys.exit(not float(sys.argv[1]) <= 1.1 * 160 + 100 + float(sys.argv[2]))' \
		"$(guest_saw work longest-ms)" "$kept"
}

must 'PipeWire runs' sound_start
must 'a VM runs' snd_start work
must 'and one that keeps time' snd_start clock
snd_said work 'PipeWire is there'
"$WLB_LISTEN" tone 997 0.3 1 >"$WORK/tone.raw"
evidence_begin
guest_plays work "$WORK/tone.raw" --loops 600
snd_said work streaming
mix_now before
check 'it is heard' heard "$WORK/before.raw" 997 0.28 0.31

kill -STOP "$PIPEWIRE"
wait_a_while
check 'PipeWire stops, and the guest plays on' still_plays
kill -CONT "$PIPEWIRE"
mix_now continued
check 'PipeWire goes on, and it is heard again' heard "$WORK/continued.raw" \
	997 0.28 0.31

check 'the user turns it down' wpctl set-volume "$(node_id wlbridge.work)" 0.5
mix_now low
check 'which is heard' heard "$WORK/low.raw" 997 0.035 0.039
# WirePlumber writes down what was set a second later.
wait_a_while
end_program "$PID_metadata"
end_program "$WIREPLUMBER"
end_program "$PIPEWIRE" KILL
snd_said work 'PipeWire has gone'
wait_a_while
check 'PipeWire dies, and the guest plays on' still_plays
must 'PipeWire is started again' sound_start
snd_said work 'PipeWire is there' 2
snd_said work streaming 2
mix_now after
check 'and it is heard again, as loud as the user left it' \
	heard "$WORK/after.raw" 997 0.035 0.039
kill -USR1 "$PID_guest_work"
check 'the guest saw no error' guest_done work
check 'and never waited long' never_waited_long

the_end
