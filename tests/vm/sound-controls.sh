#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A guest whose sound card has a volume and a mute: the kernel's own driver, with
# QEMU's controls=on.
WLB_SND=$STORY_BUILD/destdir/usr/bin/wlbridge-snd
WLB_SND_GUEST=$STORY_BUILD/tests/native/vsnd-guest
WLB_LISTEN=$STORY_BUILD/tests/native/listen
WLB_EAR=$STORY_BUILD/tests/native/ear
WLB_LATE=$STORY_BUILD/tests/native/late
WLB_WITH_LISTENER=$STORY_BUILD/tests/native/with-listener
. "$(dirname "${BASH_SOURCE[0]}")/../native/sound-lib.sh"
. "$WLB_TOP/tools/lib/image.sh"
. "$WLB_TOP/tools/lib/vm.sh"

needs pipewire wireplumber pw-metadata pw-dump sox
GUEST=$WORK/guest
JOB=$GUEST/job

bring() {
	mkdir -p "$JOB"
	cp "$WLB_TOP/tests/vm/guest-sound-controls" "$JOB/sound-controls"
	cp "$WLB_TOP/tests/vm/guest-lib" "$JOB/"
	"$WLB_LISTEN" tone 997 0.5 2 >"$WORK/tone.raw"
	cp "$WORK/tone.raw" "$JOB/"
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/tone.raw" \
		"$JOB/tone.wav"
}

# paused: stop the VM once it plays, and let it go on when its node is idle
#
# RUNS is how often its stream ran before: a guest that asks for this has only
# just started its player.
paused() {
	local before result
	snd_said work 'playback stream: streaming' $((RUNS + 1)) || return
	before=$(said_count work 'playback stream: paused')
	vm_qmp "$GUEST" raw stop
	snd_said work 'playback stream: paused' $((before + 1))
	result=$?
	vm_qmp "$GUEST" raw cont
	return "$result"
}

# listen LINE: retell it, do what it asks for; the last one is "ended"
listen() {
	case $1 in
	'# record '*)
		RUNS=$(said_count work 'playback stream: streaming')
		record_start recorder speakers "$WORK/${1#'# record '}.raw"
		vm_tell "$GUEST" "records"
		;;
	'# pause')
		check 'a VM that is paused is idle in the graph' paused
		# What is judged is what comes after it.
		record_end recorder
		record_start recorder speakers "$WORK/paused.raw"
		vm_tell "$GUEST" "goes on"
		;;
	'# recorded')
		wait_a_while
		record_end recorder
		vm_tell "$GUEST" "done"
		;;
	'ok '* | 'not ok '*)
		retell "$1"
		;;
	*' ended '*)
		return 0
		;;
	esac
	return 1
}

# level NAME MIN MAX: of the tone that was heard then; a busy machine may lose cycles
# of its graph, and a busy guest has holes, to which this is deaf
level() {
	levels "$WORK/$1.raw" 997
	echo "# $1: $(cat "$WORK/$1.raw.levels")"
	heard "$WORK/$1.raw" 997 "$2" "$3"
}

# silent NAME: nothing at all was heard then
silent() {
	levels "$WORK/$1.raw"
	heard "$WORK/$1.raw" rms 0 0
}

must 'PipeWire runs' sound_start
must 'the device runs' snd_start work --controls
must 'and one that keeps time' snd_start clock
snd_said work 'PipeWire is there'
bring
vm_start guest "$GUEST" sound-controls "$STORY_LAYER" \
	-object "memory-backend-memfd,id=mem,size=$VM_MEMORY,share=on" \
	-machine memory-backend=mem \
	-chardev "socket,id=snd,path=$WORK/work.snd" \
	-device vhost-user-snd-pci,chardev=snd,controls=on
follow 600 listen "$GUEST/events.out" "${VM_PID[guest]}" ||
	check 'the guest ends by itself' false

check 'as it was found it plays at its level' level full 0.49 0.51
check 'at half of the volume it is an eighth' level half 0.061 0.064
check 'muted it is silent' silent muted
check 'after a pause it goes on at its level' level paused 0.49 0.51
check 'and as before when all is undone' level again 0.49 0.51

the_end
