# SPDX-License-Identifier: MIT
# The desk's side of sound, for tools/demo --audio: a PipeWire and a WirePlumber
# of its own, whose speakers are a null sink, and a recorder of what they play.
# Each client VM plays a sine that no other plays.
#
# Comes on top of picture.sh; $PICTURE/host is the servers' folder.

SOUND_SECONDS=10	# of the mix that are measured

# sound_server: the two servers, up when this returns
sound_server() {
	local dir=$PICTURE/host up=$PICTURE/host/up
	mkdir -m 700 "$dir"
	mkdir -p "$dir/pipewire/pipewire.conf.d"
	mkfifo "$up"
	echo "echo >'$up'" >"$dir/say-up"
	cat >"$dir/pipewire/pipewire.conf.d/10-demo.conf" <<-END
	context.properties = {
	    default.clock.quantum = 1024
	    default.clock.min-quantum = 1024
	}
	context.objects = [ { factory = adapter args = {
	    factory.name = support.null-audio-sink
	    node.name = speakers
	    node.description = speakers
	    media.class = Audio/Sink
	    audio.position = [ FL FR ]
	    audio.rate = 48000
	    object.linger = true
	    monitor.channel-volumes = true
	} } ]
	context.exec = [ { path = "sh" args = "$dir/say-up" } ]
	END
	program "$PICTURE/pipewire.log" sound_host pipewire
	read -r -t 10 <>"$up" || return
	program "$PICTURE/wireplumber.log" sound_host wireplumber
	program "$PICTURE/metadata.log" sound_host stdbuf -oL pw-metadata -m
	wait_line "$PICTURE/metadata.log" "key:'default.audio.sink'" 10 $! \
		>/dev/null
}

# sound_host COMMAND...: as somebody at the desk would run it
sound_host() {
	local dir=$PICTURE/host
	env -u DBUS_SESSION_BUS_ADDRESS -u PIPEWIRE_REMOTE \
		-u PIPEWIRE_RUNTIME_DIR XDG_RUNTIME_DIR="$dir" \
		XDG_CONFIG_HOME="$dir" XDG_STATE_HOME="$dir" "$@"
}

# sound_config: what wlbridge.conf needs for it; before picture_make
sound_config() {
	PICTURE_BRIDGE_KEYS=("sound-program = $(command -v wlbridge-snd)"
		"pipewire-dir = $1/host")
	PICTURE_VM_KEYS=("audio = playback")
}

# sound_tones: give each client VM one to play; after picture_make
#
# At 500, 1000, 1500 ... Hz: see sound.py, which tells them apart.
sound_tones() {
	local vm hz=0 amplitude
	amplitude=$(picture_vms | awk 'END { print 0.8 / (NR < 4 ? 4 : NR) }')
	SOUND_TONES=()
	for vm in $(picture_vms); do
		hz=$((hz + 500))
		SOUND_TONES+=("$vm:$hz:$(picture_colour "$vm")")
		python3 "$WLB_TOP/tools/lib/sound.py" tone "$hz" "$amplitude" \
			"$PICTURE/$vm/job/tone.raw"
		# shellcheck disable=SC2016 # for the guest
		picture_client "$vm" 'play-tone "$WLB_JOB/tone.raw"'
	done
}

# sound_record FILE: so many seconds of the mix; then, for the picture, two in
# which the last VM is muted, and two in which it is back
#
# The recorder writes from the realtime thread, so the file lies in memory.
sound_record() {
	local recorder vm
	vm=$(picture_vms | tail -n 1)
	# shellcheck disable=SC2016 # for the inner shell
	program "$PICTURE/recorder.log" sound_host \
		sh -c 'exec "$@" >"$0"' "$1" \
		pw-record -v -a --rate 48000 --channels 2 --format s16 \
		--target speakers -P '{ stream.capture.sink = true }' -
	recorder=$!
	wait_line "$PICTURE/recorder.log" 'paused -> streaming' 10 \
		"$recorder" >/dev/null || return
	pause "$SOUND_SECONDS"
	pause 1
	sound_order mute "$vm" on
	pause 2
	sound_order mute "$vm" off
	pause 2
	program_end "$recorder"
}

# sound_memory: a folder in memory, or else the usual one
sound_memory() {
	if [ -w /dev/shm ]; then
		echo /dev/shm
	else
		echo "${TMPDIR:-/tmp}"
	fi
}

sound_order() {
	wlbridge --runtime-dir "$PICTURE/run" "$@"
}

# sound_judge RECORDED WAV PNG: the table; fails when a tone is missing
sound_judge() {
	python3 "$WLB_TOP/tools/lib/sound.py" judge "$1" "$SOUND_SECONDS" \
		"$2" "$3" "${SOUND_TONES[@]}"
}
