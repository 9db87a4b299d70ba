#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A guest whose desktop has a PipeWire of its own, over the card that wlbridged
# gives it; and a microphone that is taken away while the VM runs.
WLB_BRIDGE=$STORY_BUILD/destdir/usr/bin/wlbridge
WLB_BRIDGED=$STORY_BUILD/destdir/usr/bin/wlbridged
WLB_WL=$STORY_BUILD/destdir/usr/bin/wlbridge-wl
WLB_SND=$STORY_BUILD/destdir/usr/bin/wlbridge-snd
WLB_SND_GUEST=$STORY_BUILD/tests/native/vsnd-guest
WLB_LISTEN=$STORY_BUILD/tests/native/listen
WLB_EAR=$STORY_BUILD/tests/native/ear
WLB_LATE=$STORY_BUILD/tests/native/late
WLB_WITH_LISTENER=$STORY_BUILD/tests/native/with-listener
. "$(dirname "${BASH_SOURCE[0]}")/../native/sound-lib.sh"
. "$WLB_TOP/tools/lib/image.sh"
. "$WLB_TOP/tools/lib/vm.sh"

needs pipewire wireplumber pw-metadata pw-dump pw-link pw-play sox
GUEST=$WORK/guest
JOB=$GUEST/job

daemon_start() {
	cat >"$WORK/bridge.conf" <<-END
		[bridge]
		device-program = $WLB_WL
		sound-program = $WLB_SND
		pipewire-dir = $WORK
		log-level = debug
		[vm work]
		colour = #3584e4
		role = compositor
		audio = duplex
		mic = on
	END
	watched_program daemon "$WLB_BRIDGED" -c "$WORK/bridge.conf" \
		-r "$WORK/run"
	saw daemon 'wlbridge-snd work: info: PipeWire is there' || return
	device_watch work "$("$WLB_BRIDGE" -r "$WORK/run" status --json work \
		| python3 -c 'import json, sys
print(json.load(sys.stdin)[0]["sound"]["pid"])')"
}

bring() {
	mkdir -p "$JOB"
	cp "$WLB_TOP/tests/vm/guest-sound-desktop" "$JOB/sound-desktop"
	cp "$WLB_TOP/tests/vm/guest-lib" "$JOB/"
	"$WLB_LISTEN" tone 440 0.5 3 >"$WORK/tone.raw"
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/tone.raw" \
		"$JOB/stereo.wav"
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/tone.raw" \
		-r 44100 -c 1 "$JOB/mono.wav"
}

# listen LINE: retell it, do what it asks for; the last one is "ended"
listen() {
	case $1 in
	'# record '*)
		evidence_begin
		record_start recorder speakers "$WORK/${1#'# record '}.raw"
		vm_tell "$GUEST" "records"
		;;
	'# recorded')
		wait_a_while
		record_end recorder
		vm_tell "$GUEST" "done"
		;;
	'# microphone off')
		"$WLB_BRIDGE" -r "$WORK/run" mic work off
		saw daemon 'wlbridge-snd work: info: the microphone is off'
		vm_tell "$GUEST" "off"
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

# played NAME: at its level throughout, and without a gap
#
# pw-play may leave before the guest's PipeWire has taken its last cycles.
played() {
	levels "$WORK/$1.raw" 440
	"$WLB_LISTEN" steady "$WORK/$1.raw" 440 >"$WORK/steady.levels"
	heard "$WORK/$1.raw" gap-ms 0 1 \
		&& heard "$WORK/$1.raw" seconds 2.9 3.01 \
		&& heard "$WORK/steady" least 0.48 0.52 \
		&& heard "$WORK/steady" most 0.48 0.52
}

must 'PipeWire runs, with a microphone' sound_start mic
voice "$WORK/voice.raw"
must 'somebody speaks into it' speaks_into mic "$WORK/voice.raw"
must 'wlbridged gives a VM sound and the microphone' daemon_start
must 'and there is one that keeps time' snd_start clock
bring
vm_start guest "$GUEST" sound-desktop "$STORY_LAYER" \
	-object "memory-backend-memfd,id=mem,size=$VM_MEMORY,share=on" \
	-machine memory-backend=mem \
	-chardev "socket,id=snd,path=$WORK/run/vm/work/snd.sock" \
	-device vhost-user-snd-pci,chardev=snd
device_watch qemu "${VM_PID[guest]}"
follow 600 listen "$GUEST/events.out" "${VM_PID[guest]}" ||
	check 'the guest ends by itself' false

levels "$JOB/on.raw" 997
check 'the guest heard who spoke' heard "$JOB/on.raw" 997 0.2 0.31
levels "$JOB/off.raw"
check 'and silence when it was taken away' heard "$JOB/off.raw" rms 0 0
check 'for as long as it recorded' test "$(stat -c %s "$JOB/off.raw")" \
	= $((2 * 48000 * 4))
check 'what its desktop played was heard' or_excused played stereo
check 'and the mono' or_excused played mono

the_end
