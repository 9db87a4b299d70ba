#!/bin/bash
# SPDX-License-Identifier: MIT
# Channels arrive where they belong, and each format at each rate at its level.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump wpctl sox

# once FILE CHANNELS GUEST OPTION...: what the chosen sink plays of it
once() {
	local file=$1 channels=$2
	shift 2
	record_start recorder "$SINK" "$WORK/mix.raw" "$channels"
	guest_plays work "$file" "$@" --stay
	saw guest_work frames
	moment
	record_end recorder
	end_program "$PID_guest_work"
}

# moment: what the graph still holds when the last buffer came back
moment() {
	"$WLB_SND_GUEST" --record /dev/null --frames 9600 "$WORK/clock.snd" \
		>/dev/null
}

# choose SINK: where new streams go
choose() {
	SINK=$1
	wpctl set-default "$(node_id "$1")"
	saw metadata "default.configured.audio.sink.*\"$1\""
}

# each_in_its_own N
each_in_its_own() {
	once "$WORK/tones-$1.raw" "$1" --channels "$1"
	"$WLB_LISTEN" channels "$WORK/mix.raw" "$1" >"$WORK/mix.raw.levels"
	heard "$WORK/mix.raw" own 0.48 0.51 \
		&& heard "$WORK/mix.raw" strange 0 0.003
}

mono_in_both() {
	once "$WORK/tones-1.raw" 2 --channels 1
	"$WLB_LISTEN" channels "$WORK/mix.raw" 2 >"$WORK/mix.raw.levels"
	heard "$WORK/mix.raw" first-tone-in-last 0.48 0.51 \
		&& levels "$WORK/mix.raw" 1000 \
		&& heard "$WORK/mix.raw" 1000 0.48 0.51
}

# at_its_level FORMAT RATE
at_its_level() {
	once "$WORK/tone.$1.$2" 2 --format "$1" --rate "$2" \
		--period $(($2 / 100))
	levels "$WORK/mix.raw" 997
	heard "$WORK/mix.raw" 997 0.48 0.52 \
		&& heard "$WORK/mix.raw" gap-ms 0 1
}

# convert FORMAT RATE
convert() {
	local -A as=([S16]='-b 16 -e signed' [S32]='-b 32 -e signed'
		[FLOAT]='-b 32 -e float')
	# shellcheck disable=SC2086 # options
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/tone.raw" \
		-t raw -c 2 ${as[$1]} "$WORK/tone.$1.$2" rate -v "$2"
}

must 'PipeWire runs, with large loudspeakers' sound_start quad six eight
must 'the device runs' snd_start work --channels 8 \
	--rates 8000,44100,48000,96000,192000
must 'and one that keeps time' snd_start clock
snd_said work 'PipeWire is there'
snd_said clock 'PipeWire is there'
for channels in 1 4 6 8; do
	"$WLB_LISTEN" tones "$channels" 0.5 >"$WORK/tones-$channels.raw"
done
"$WLB_LISTEN" tone 997 0.5 0.5 >"$WORK/tone.raw"

choose quad
check 'four channels are four' tried each_in_its_own 4
choose six
check 'six are six' tried each_in_its_own 6
choose eight
check 'eight are eight' tried each_in_its_own 8
choose speakers
check 'a single one is in both of two' tried mono_in_both

for format in S16 S32 FLOAT; do
	for rate in 44100 48000; do
		convert "$format" "$rate"
		check "$format at $rate Hz has its level" \
			tried at_its_level "$format" "$rate"
	done
done
for rate in 8000 96000 192000; do
	convert S16 "$rate"
	check "and where it is offered, $rate Hz has" \
		tried at_its_level S16 "$rate"
done

the_end
