#!/bin/bash
# SPDX-License-Identifier: MIT
# The microphone: silent unless it was allowed, and never somebody's speakers.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-play pw-metadata pw-dump pw-link pw-cli

# the_vm_records NAME FILE: three seconds of what it is given
the_vm_records() {
	evidence_begin
	guest_records "$1" "$2" --seconds 3
	guest_done "$1"
	levels "$2" 440 997
	echo "# $1: $(tail -n 1 "$WORK/guest_$1.log")"
}

# What plays into the microphone is no realtime program.
hears() {
	the_vm_records open "$WORK/open.raw"
	heard "$WORK/open.raw" 997 0.25 0.31
}

# in_time NAME: three seconds took three seconds, and no more than a processor was
# waited for
in_time() {
	local kept
	kept=$(kept_ms "$1")
	python3 -c 'import sys
took, starved, kept = map(float, sys.argv[1:])
sys.exit(not 2.8 <= took <= 3.5 + (starved + kept) / 1000)' \
		"$(guest_saw "$1" seconds)" "$(guest_saw "$1" starved-ms)" "$kept"
}

voice "$WORK/voice.raw"
"$WLB_LISTEN" tone 440 0.3 30 >"$WORK/music.raw"

# No microphone at all, and music from the speakers.
must 'PipeWire runs, without a source' sound_start
must 'a VM may use the microphone' snd_start open --mic on
must 'and another plays music' snd_start music
snd_said music 'PipeWire is there'
snd_said open 'PipeWire is there'
guest_plays music "$WORK/music.raw" --loops 600
snd_said music streaming
the_vm_records open "$WORK/none.raw"
check 'the first records silence, not the music' heard "$WORK/none.raw" rms 0 0
check 'at the right rate' in_time open

end_program "$PID_guest_music"
end_program "$PID_snd_music"
end_program "$PID_snd_open"
end_program "$PID_metadata"
end_program "$WIREPLUMBER"
end_program "$PIPEWIRE"

# One that somebody speaks into.
must 'PipeWire runs, with a source' sound_start mic
must 'somebody speaks into it' speaks_into mic "$WORK/voice.raw"
must 'a VM may use the microphone' snd_start open --mic on
must 'and another may not' snd_start shut
snd_said open 'PipeWire is there'
snd_said shut 'PipeWire is there'
check 'the first hears who speaks' tried hears
the_vm_records shut "$WORK/shut.raw"
check 'the other hears nothing' heard "$WORK/shut.raw" rms 0 0
check 'at the right rate' in_time shut
check 'and has no stream that could be linked' \
	eval '! node_id wlbridge.shut.mic'

# It is unplugged while a VM records and nobody speaks: what is heard would be music.
end_program "$PID_speaker"
must 'a third plays music' snd_start loud
snd_said loud 'PipeWire is there'
guest_plays loud "$WORK/music.raw" --loops 600
snd_said loud streaming
times=$(said_count open 'capture stream: streaming')
evidence_begin
guest_records open "$WORK/unplugged.raw" --seconds 3
snd_said open 'capture stream: streaming' $((times + 1))
check 'the microphone is unplugged' pw-cli destroy "$(node_id mic)"
snd_said open 'there is no microphone'
check 'and who records it records on' guest_done open
levels "$WORK/unplugged.raw" 440
check 'in silence, not the music' heard "$WORK/unplugged.raw" rms 0 0
check 'at the right rate' in_time open

the_end
