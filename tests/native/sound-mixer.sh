#!/bin/bash
# SPDX-License-Identifier: MIT
# Two VMs in one mixer: volume, mute and where it plays, each for itself.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump wpctl

# take FILE SINK: a second of what is heard there now
take() {
	record_start "$(basename "$1" .raw)" "$2" "$1"
	wait_a_while
	record_end "$(basename "$1" .raw)"
	levels "$1" 440 997
}

heard_both() {
	take "$WORK/both.raw" speakers
	even "$WORK/both.raw" 997 0.28 0.31 && even "$WORK/both.raw" 440 0.19 0.21
}

# moved NAME SINK: send its stream there
moved() {
	pw-metadata "$(node_id "wlbridge.$1")" target.object "$2" Spa:String \
		>/dev/null
}

must 'PipeWire runs' sound_start headset
must 'a VM runs' snd_start work
must 'and another' snd_start home
must 'and one that keeps time' snd_start clock
snd_said work 'PipeWire is there'
snd_said home 'PipeWire is there'

"$WLB_LISTEN" tone 997 0.3 1 >"$WORK/work.raw"
"$WLB_LISTEN" tone 440 0.2 1 >"$WORK/home.raw"
guest_plays work "$WORK/work.raw" --loops 600
guest_plays home "$WORK/home.raw" --loops 600
snd_said work streaming
snd_said home streaming

check 'both are heard without a gap' tried heard_both
check 'one at its level' heard "$WORK/both.raw" 997 0.28 0.31
check 'the other at its own' heard "$WORK/both.raw" 440 0.19 0.21

check 'one is turned down' wpctl set-volume "$(node_id wlbridge.work)" 0.5
take "$WORK/low.raw" speakers
check 'which is heard (mixers are cubic)' heard "$WORK/low.raw" 997 0.035 0.039
check 'and not in the other' heard "$WORK/low.raw" 440 0.19 0.21

check 'the other is muted' wpctl set-mute "$(node_id wlbridge.home)" 1
take "$WORK/mute.raw" speakers
check 'and gone' heard "$WORK/mute.raw" 440 0 0.001
check 'while the first plays on' heard "$WORK/mute.raw" 997 0.035 0.039
check 'it comes back' wpctl set-mute "$(node_id wlbridge.home)" 0

check 'one moves to the headset while it plays' moved work headset
take "$WORK/headset.raw" headset
take "$WORK/speakers.raw" speakers
check 'and is heard there' heard "$WORK/headset.raw" 997 0.035 0.039
check 'without the other' heard "$WORK/headset.raw" 440 0 0.001
check 'and no longer here' heard "$WORK/speakers.raw" 997 0 0.001
check 'where the other is' heard "$WORK/speakers.raw" 440 0.19 0.21

the_end
