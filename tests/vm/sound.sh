#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A guest whose sound card is wlbridge-snd: the kernel's own driver, QEMU's own
# device, PipeWire on this side.
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

wav() {
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/$1.raw" "${@:3}" \
		"$JOB/$2.wav"
}

bring() {
	mkdir -p "$JOB"
	cp "$WLB_TOP/tests/vm/guest-sound" "$JOB/sound"
	cp "$WLB_TOP/tests/vm/guest-lib" "$JOB/"
	"$WLB_LISTEN" noise 5 >"$WORK/noise.raw"
	"$WLB_LISTEN" tone 997 0.5 5 >"$WORK/tone.raw"
	"$WLB_LISTEN" tone 997 0.5 60 >"$WORK/minute.raw"
	wav noise noise
	wav minute minute
	wav tone mono -r 44100 -c 1
}

# listen LINE: retell it, do what it asks for; the last one is "ended"
listen() {
	case $1 in
	'# record '*)
		evidence_begin
		record_start recorder speakers "$WORK/${1#'# record '}-mix.raw"
		vm_tell "$GUEST" "records"
		;;
	'# recorded')
		wait_a_while
		record_end recorder
		vm_tell "$GUEST" "done"
		;;
	'# kill PipeWire')
		kill -KILL "$PIPEWIRE"
		vm_tell "$GUEST" "killed"
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

# played NAME: what was heard of it, byte for byte
played() {
	"$WLB_LISTEN" compare "$WORK/$1-mix.raw" "$WORK/$1.raw" \
		>"$WORK/compare"
	echo "# $1: $(cat "$WORK/compare")"
	[ "$(json "$WORK/compare" percent)" = 100.0 ] \
		&& [ "$(json "$WORK/compare" distances)" = 1 ]
}

# gapless NAME: no quiet amid the tone, none of it missing, and its level throughout
gapless() {
	heard "$WORK/$1-mix.raw" gap-ms 0 1 || return
	heard "$WORK/$1-mix.raw" seconds 59.99 60.01 || return
	"$WLB_LISTEN" steady "$WORK/$1-mix.raw" 997 >"$WORK/steady.levels"
	heard "$WORK/steady" least 0.49 0.51 \
		&& heard "$WORK/steady" most 0.49 0.51
}

must 'PipeWire runs' sound_start
must 'the device runs' snd_start work
must 'and one that keeps time' snd_start clock
snd_said work 'PipeWire is there'
bring
vm_start guest "$GUEST" sound "$STORY_LAYER" \
	-object "memory-backend-memfd,id=mem,size=$VM_MEMORY,share=on" \
	-machine memory-backend=mem \
	-chardev "socket,id=snd,path=$WORK/work.snd" \
	-device vhost-user-snd-pci,chardev=snd
device_watch qemu "${VM_PID[guest]}"
follow 600 listen "$GUEST/events.out" "${VM_PID[guest]}" ||
	check 'the guest ends by itself' false

check 'what it played was heard to the bit' or_excused played noise
levels "$WORK/mono-mix.raw" 997
check 'the mono too, at its level' heard "$WORK/mono-mix.raw" 997 0.48 0.52
check 'without a gap' or_excused heard "$WORK/mono-mix.raw" gap-ms 0 1
levels "$WORK/speaker-mix.raw" 440
check 'speaker-test was heard' heard "$WORK/speaker-mix.raw" rms 0.01 1
levels "$JOB/off.raw"
check 'the microphone that is off was silent' heard "$JOB/off.raw" rms 0 0
check 'for as long as it was recorded' test "$(stat -c %s "$JOB/off.raw")" \
	= $((3 * 48000 * 4))
levels "$WORK/minute-mix.raw" 997
check 'a minute has no gap over a millisecond' or_excused gapless minute

the_end
