#!/bin/bash
# SPDX-License-Identifier: MIT
# Sound without a VM: the vhost-user front-end plays the guest, in front of a
# wlbridge-snd that plays into a real PipeWire.
#
# usage: sound.sh [latency|cost|crowd]...
. "$(dirname "$0")/sound-bench.sh"

needs pipewire wireplumber pw-play pw-metadata

CLICKS=${SOUND_CLICKS:-150}
COST_SECONDS=${SOUND_COST_SECONDS:-10}
CROWD=${SOUND_CROWD:-32}
CROWD_SECONDS=${SOUND_CROWD_SECONDS:-10}

# Two periods as long as the graph's cycle: the least that keeps it fed.
latency() {
	local frames
	snd_start click
	for frames in 256 1024; do
		quantum "$frames"
		ear_start "ear_$frames"
		"$WLB_CLICKS" "$WORK/click.snd" "$frames" 2 "$CLICKS" \
			"$(every "$frames")" >&6
		ear_end "ear_$frames"
		"$SOUND" latency "$frames" "$frames" 2 \
			"native=$WORK/ear_$frames.log"
	done
	quantum 0
	end_program "$PID_snd_click"
}

# One stream, and pw-play beside it, both of the same file, at the same time.
cost() {
	local player
	quantum 1024
	"$WLB_LISTEN" tone 997 0.1 1 >"$WORK/second.raw"
	"$WLB_LISTEN" tone 997 0.1 "$((COST_SECONDS + 10))" >"$WORK/tone.raw"
	snd_start work
	guest_plays work "$WORK/second.raw" --period 1024 --periods 8 \
		--loops "$((COST_SECONDS + 10))"
	# shellcheck disable=SC2016 # for the inner shell
	watched_program player sh -c 'exec "$@" <"$0"' "$WORK/tone.raw" \
		pw-play -v -a --rate 48000 --channels 2 --format s16 \
		--target speakers -
	saw player 'paused -> streaming'
	player=$PID
	snd_said work 'streaming'
	"$SOUND" cost "$COST_SECONDS" "wlbridge-snd=$SND" "pw-play=$player"
	end_program "$player"
	end_program "$PID_guest_work"
	end_program "$SND"
	quantum 0
}

# Many VMs at once, each a device process and a guest.
crowd() {
	local i words=("pipewire=$PIPEWIRE") pages=()
	"$WLB_LISTEN" tone 997 0.02 1 >"$WORK/second.raw"
	for ((i = 0; i < CROWD; i++)); do
		snd_start "vm$i"
		words+=("wlbridge-snd=$SND")
		pages+=("$WORK/vm$i.status")
	done
	for ((i = 0; i < CROWD; i++)); do
		guest_plays "vm$i" "$WORK/second.raw" --loops 600
		words+=("guests=$PID")
	done
	for ((i = 0; i < CROWD; i++)); do
		snd_said "vm$i" 'streaming'
	done
	"$SOUND" crowd "$CROWD_SECONDS" "${words[@]}" "${pages[@]}"
}

sound_start
[ $# != 0 ] || set -- latency cost crowd
for part; do
	"$part"
done
# shellcheck disable=SC2034 # see sound-bench.sh
TAP_FAILED=0
