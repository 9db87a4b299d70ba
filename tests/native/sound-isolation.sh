#!/bin/bash
# SPDX-License-Identifier: MIT
# What one VM does to its own device, another one does not hear.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump

# undisturbed: a second of the other's tone
undisturbed() {
	record_start recorder speakers "$WORK/mix.raw"
	wait_a_while
	record_end recorder
	levels "$WORK/mix.raw" 440
	heard "$WORK/mix.raw" gap-ms 0 1 \
		&& even "$WORK/mix.raw" 440 0.198 0.202
}

# while_it LIES: sees to it that it does, and that its device is there afterwards
while_it() {
	watched_program "liar_$1" "$WLB_SND_LIAR" "$1" "$WORK/work.snd"
	saw "liar_$1" lies || return
	tried undisturbed || return
	local pid=PID_liar_$1
	kill -0 "${!pid}" || return
	end_program "${!pid}"
	kill -0 "$PID_snd_work"
}

must 'PipeWire runs' sound_start
must 'a VM that means harm has sound' snd_start work --log-level error
# That it has no time for anything else excuses nobody.
unset 'DEVICES[work]'
must 'and another' snd_start home
must 'and one that keeps time' snd_start clock
snd_said home 'PipeWire is there'
"$WLB_LISTEN" tone 440 0.2 1 >"$WORK/tone.raw"
guest_plays home "$WORK/tone.raw" --loops 600
snd_said home streaming
check 'the other is heard' tried undisturbed

check 'while the first sends requests that are refused' while_it requests
check 'while it sends buffers for no stream, and tiny ones' while_it buffers
check 'while it breaks its rings' while_it broken
check 'while its streams come and go' while_it streams
guest_plays work "$WORK/tone.raw"
check 'and it can still play' guest_done work

the_end
