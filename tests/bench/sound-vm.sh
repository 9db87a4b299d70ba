#!/bin/bash
# SPDX-License-Identifier: MIT
# Sound of a guest with the kernel's own driver, over two cards of one VM:
# vhost-user-snd-pci with wlbridge-snd behind it, and QEMU's virtio-sound-pci with
# QEMU's own PipeWire output, at 48 kHz so that it need not resample. Both in
# turns, so that whatever else the machine does meets each of them.
if [ -z "${WLB_TREE:-}" ]; then
	echo "guests are made from the tree: tools/env run"
	exit 77
fi
. "$(dirname "$0")/sound-bench.sh"
. "$WLB_TOP/tools/lib/image.sh"
. "$WLB_TOP/tools/lib/vm.sh"

needs pipewire wireplumber pw-metadata sox qemu-system-x86_64

CLICKS=${SOUND_CLICKS:-120}
TONE_SECONDS=${SOUND_TONE_SECONDS:-30}
GUEST=$WORK/guest
OURS_AT=1d PEER_AT=1c	# slots on the PCI bus
VM_MEMORY=512M

guest_start() {
	mkdir -p "$GUEST/job" "$WORK/destdir"
	cp "$(dirname "$0")/guest-sound" "$GUEST/job/sound"
	cp "$WLB_GUEST_CLICKS" "$GUEST/job/"
	"$WLB_LISTEN" tone 1000 0.5 "$TONE_SECONDS" >"$WORK/tone.raw"
	sox -D -t raw -r 48000 -c 2 -b 16 -e signed "$WORK/tone.raw" \
		"$GUEST/job/tone.wav"
	layer_make "$WORK/layer.erofs" "$WORK/destdir"
	vm_accel >/dev/null
	vm_start guest "$GUEST" sound "$WORK/layer.erofs" \
		-name debug-threads=on \
		-object "memory-backend-memfd,id=mem,size=$VM_MEMORY,share=on" \
		-machine memory-backend=mem \
		-chardev "socket,id=snd,path=$WORK/work.snd" \
		-device "vhost-user-snd-pci,chardev=snd,addr=$OURS_AT" \
		-audiodev pipewire,id=own,out.frequency=48000 \
		-device "virtio-sound-pci,audiodev=own,addr=$PEER_AT" \
		-chardev "file,id=marks,path=$WORK/marks" \
		-device isa-debugcon,iobase=0xe9,chardev=marks
	QEMU=${VM_PID[guest]}
	vm_wait guest "$GUEST" '^ready' 120 >/dev/null
}

# guest_does WORD...: and wait until it is done; ANSWER is what it says of it
ASKED=0
guest_does() {
	ASKED=$((ASKED + 1))
	vm_tell "$GUEST" "$*"
	ANSWER=$(wait_line "$GUEST/events.out" '^done' 120 "$QEMU" "$ASKED")
	ANSWER=${ANSWER#done }
}

# latency QUANTUM:PERIOD:PERIODS...
latency() {
	local buffer frames period periods way slot
	for buffer; do
		IFS=: read -r frames period periods <<<"$buffer"
		quantum "$frames"
		for way in wlbridge-snd:$OURS_AT QEMU:$PEER_AT; do
			slot=${way#*:} way=${way%:*}
			ear_start "ear_$slot"
			guest_does clicks "$slot" "$period" "$periods" \
				"$CLICKS" "$(every "$period")"
			ear_end "ear_$slot"
			cp "$WORK/ear_$slot.log" "$WORK/$way.log"
			echo "xruns $ANSWER" >>"$WORK/$way.log"
		done
		"$SOUND" latency "$frames" "$period" "$periods" \
			"wlbridge-snd=$WORK/wlbridge-snd.log" \
			"QEMU=$WORK/QEMU.log"
	done
}

# tone WAY SLOT: aplay with the buffer that it picks itself
tone() {
	LOST=0
	record_start recorder speakers "$WORK/tone-$1.raw"
	"$SOUND" snapshot "wlbridge-snd=$SND" "QEMU=$QEMU" >"$WORK/$1.before"
	guest_does plays "$2"
	"$SOUND" snapshot "wlbridge-snd=$SND" "QEMU=$QEMU" >"$WORK/$1.after"
	echo "$ANSWER" >"$WORK/$1.xruns"
	record_end recorder
	echo "$LOST" >"$WORK/$1.lost"
}

sound_start
snd_start work
guest_start
# shellcheck disable=SC2086 # a list
latency ${SOUND_BUFFERS:-256:256:2 1024:1024:2 1024:1024:4}
quantum 1024
tone wlbridge-snd "$OURS_AT"
tone QEMU "$PEER_AT"
"$SOUND" tones "$WORK" wlbridge-snd QEMU
vm_tell "$GUEST" ends
# shellcheck disable=SC2034 # see sound-bench.sh
TAP_FAILED=0
