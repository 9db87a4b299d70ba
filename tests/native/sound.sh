#!/bin/bash
# SPDX-License-Identifier: MIT
# What a guest plays is what comes out of PipeWire.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump

same_sound() {
	"$WLB_LISTEN" compare "$WORK/mix.raw" "$WORK/noise.raw" \
		>"$WORK/compare"
	echo "# $(cat "$WORK/compare")"
	[ "$(json "$WORK/compare" percent)" = 100.0 ] \
		&& [ "$(json "$WORK/compare" distances)" = 1 ]
}

# played_in_time NAME SECONDS: took no longer, and no less, than it lasts
played_in_time() {
	local seconds
	seconds=$(guest_saw "$1" seconds)
	echo "# $1: $(tail -n 1 "$WORK/guest_$1.log")"
	python3 -c 'import sys
took, lasts = map(float, sys.argv[1:])
sys.exit(not lasts - 0.25 <= took <= lasts + 0.5)' "$seconds" "$2"
}

# once FILE: record it while the guest plays, and what the graph still holds then
once() {
	local file=$1
	shift
	record_start recorder speakers "$file"
	guest_plays work "$@" --stay
	saw guest_work frames
	wait_a_while
	record_end recorder
	end_program "$PID_guest_work"
}

heard_exactly() {
	once "$WORK/mix.raw" "$WORK/noise.raw"
	same_sound && played_in_time work 3
}

heard_without_gap() {
	once "$WORK/mono-mix.raw" "$WORK/mono.raw" --rate 44100 --channels 1 \
		--period 441
	levels "$WORK/mono-mix.raw" 997
	heard "$WORK/mono-mix.raw" gap-ms 0 1 && played_in_time work 3 \
		&& even "$WORK/mono-mix.raw" 997 0.48 0.52
}

# same_level NAME GUEST OPTION...: the tone as it was, in another format
same_level() {
	local name=$1
	shift
	once "$WORK/$name-mix.raw" "$WORK/$name.raw" "$@"
	even "$WORK/$name-mix.raw" 997 0.48 0.52
}

must 'PipeWire runs' sound_start
must 'the device runs' snd_start work --channels 8 \
	--formats S16,S32,FLOAT,S24,S24_3,U8 --rates 8000,44100,48000,96000 \
	--colour '#3584e4'
must 'and one that keeps time' snd_start clock
must 'and finds PipeWire' snd_said work 'PipeWire is there'

"$WLB_LISTEN" noise 3 >"$WORK/noise.raw"
check 'S16 at the rate of the graph is heard to the bit' tried heard_exactly

# The other formats, of a tone that survives conversion.
"$WLB_LISTEN" tone 997 0.5 3 >"$WORK/tone.raw"
convert() {
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/tone.raw" "$@" \
		rate -v
}
if command -v sox >/dev/null; then
	convert -t raw -r 44100 -c 1 -b 16 -e signed "$WORK/mono.raw"
	check '44.1 kHz mono has no gap, nor another level' \
		tried heard_without_gap
	convert -t raw -r 96000 -c 2 -b 32 -e float "$WORK/float.raw"
	check 'FLOAT at 96 kHz has its level' tried same_level float \
		--rate 96000 --format FLOAT --period 960
	convert -t raw -r 48000 -c 2 -b 24 -e signed "$WORK/packed.raw"
	check 'and three bytes a sample' tried same_level packed --format S24_3
	convert -t raw -r 8000 -c 1 -b 8 -e unsigned "$WORK/small.raw"
	check 'and one unsigned byte' tried same_level small --format U8 \
		--rate 8000 --channels 1 --period 80
fi

runs=$(said_count work 'playback stream: streaming')
guest_plays work "$WORK/tone.raw" --loops 600
snd_said work 'playback stream: streaming' $((runs + 1))
check 'the node is called after the VM' is_prop wlbridge.work \
	application.name work
check 'and says so in its description' is_prop wlbridge.work \
	node.description work
check 'and which VM it is' is_prop wlbridge.work wlbridge.vm work
check 'with an icon' is_prop wlbridge.work application.icon-name computer
check 'in its colour' is_prop wlbridge.work wlbridge.colour '#3584e4'
end_program "$PID_guest_work"

the_end
