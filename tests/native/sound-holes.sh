#!/bin/bash
# SPDX-License-Identifier: MIT
# A guest stops giving sound, pauses, or its graph stands still: what it gives is
# heard whole, before and after, and the status page says what happened.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-metadata pw-dump

# whole PERCENT PIECES: that much of the noise was heard, in so many pieces
whole() {
	"$WLB_LISTEN" compare "$WORK/mix.raw" "$WORK/noise.raw" \
		>"$WORK/compare"
	levels "$WORK/mix.raw"
	echo "# $(cat "$WORK/compare")"
	[ "$(json "$WORK/compare" distances)" = "$2" ] \
		&& python3 -c 'import sys
sys.exit(not float(sys.argv[1]) >= float(sys.argv[2]))' \
			"$(json "$WORK/compare" percent)" "$1"
}

# counted XRUNS MISSED_MIN MISSED_MAX: since the take began, and none of it late
counted() {
	local xruns missed late
	xruns=$(($(snd_stat work xruns) - XRUNS_BEFORE))
	missed=$(($(snd_stat work missed) - MISSED_BEFORE))
	late=$(($(snd_stat work late) - LATE_BEFORE))
	echo "# xruns $xruns, missed $missed, late $late"
	[ "$xruns" = "$1" ] && [ "$missed" -ge "$2" ] \
		&& [ "$missed" -le "$3" ] && [ "$late" = 0 ]
}

# take GUEST OPTION...
take() {
	XRUNS_BEFORE=$(snd_stat work xruns)
	MISSED_BEFORE=$(snd_stat work missed)
	LATE_BEFORE=$(snd_stat work late)
	record_start recorder speakers "$WORK/mix.raw"
	guest_plays work "$WORK/noise.raw" --stay "$@"
	saw guest_work frames
	wait_a_while
	record_end recorder
	end_program "$PID_guest_work"
}

# Nothing comes back while nothing was given: the guest sees to that.
has_a_hole() {
	take --hole 300
	whole 100 2 && heard "$WORK/mix.raw" gap-ms 299 400 \
		&& counted 1 14350 19200
}

# Where it pauses a block is cut in two.
has_a_pause() {
	take --pause 600
	whole 99 2 && heard "$WORK/mix.raw" gap-ms 590 750 \
		&& counted 0 0 0
}

# PipeWire's null sink then makes all cycles that it owes. They must not take the
# guest's sound sooner than it is due: four seconds are over after four, but for
# the two cycles that are granted.
stands_still() {
	local stalls runs
	stalls=$(snd_stat work stalls)
	runs=$(said_count work 'playback stream: streaming')
	XRUNS_BEFORE=$(snd_stat work xruns)
	MISSED_BEFORE=$(snd_stat work missed)
	LATE_BEFORE=$(snd_stat work late)
	guest_plays work "$WORK/noise.raw" --loops 2
	snd_said work 'playback stream: streaming' $((runs + 1))
	kill -STOP "$PIPEWIRE"
	"$WLB_SND_GUEST" --record /dev/null --seconds 2 "$WORK/clock.snd" \
		>/dev/null
	kill -CONT "$PIPEWIRE"
	guest_done work || return
	echo "# $(tail -n 1 "$WORK/guest_work.log")"
	[ "$(snd_stat work stalls)" -gt "$stalls" ] && counted 0 0 0 \
		&& between "$(guest_saw work seconds)" 3.9 4.6 \
		&& between "$(guest_saw work longest-ms)" 0 276
}

# between NUMBER MIN MAX
between() {
	python3 -c 'import sys
number, low, high = map(float, sys.argv[1:])
sys.exit(not low <= number <= high)' "$@"
}

must 'PipeWire runs' sound_start
must 'the device runs' snd_start work
must 'and one that keeps time' snd_start clock
snd_said work 'PipeWire is there'
snd_said clock 'PipeWire is there'
"$WLB_LISTEN" noise 2 >"$WORK/noise.raw"

check 'a guest that is late has one hole, and counts it' tried has_a_hole
check 'a pause cuts once, and is no hole' tried has_a_pause
check 'a graph that stands still holds nobody up, and is no hole of the guest' \
	tried stands_still

the_end
