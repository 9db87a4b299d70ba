#!/bin/bash
# SPDX-License-Identifier: MIT
# wlbridged runs the sound of its VMs, and wlbridge steers it.
. "$(dirname "$0")/sound-lib.sh"

needs pipewire wireplumber pw-play pw-metadata pw-dump pw-link wpctl

bridge() {
	"$WLB_BRIDGE" -r "$WORK/run" "$@"
}

# link_sockets: where the guests of the story find their devices
link_sockets() {
	local name
	for name in work home clock studio; do
		ln -sf "$WORK/run/vm/$name/snd.sock" "$WORK/$name.snd"
	done
}

STUDIO_MIC=elsewhere	# which is not there

# configure WORK'S-KEY...: a line each
configure() {
	cat >"$WORK/bridge.conf" <<-END
		[bridge]
		device-program = $WLB_WL
		sound-program = $WLB_SND
		pipewire-dir = $WORK
		log-level = debug
		[vm work]
		colour = #3584e4
		role = compositor
		$(printf '%s\n' "$@")
		[vm home]
		colour = #e01b24
		role = compositor
		audio = playback
		icon = user-home
		[vm clock]
		colour = #000000
		role = compositor
		audio = duplex
		[vm studio]
		colour = #813d9c
		role = compositor
		audio = duplex
		mic = on
		mic-target = $STUDIO_MIC
		playback-streams = 2
		capture-streams = 2
		sound-formats = S16,FLOAT
		sound-rates = 44100,48000,96000
		sound-channels = 4
		[vm mute]
		colour = #ffffff
		role = compositor
	END
}

daemon_start() {
	configure 'audio = duplex'
	watched_program daemon "$WLB_BRIDGED" -c "$WORK/bridge.conf" \
		-r "$WORK/run"
	DAEMON=$PID
	saw daemon 'wlbridge-snd work: info: PipeWire is there' \
		&& saw daemon 'wlbridge-snd home: info: PipeWire is there' \
		&& link_sockets
}

# listed NAME PATTERN: whether the status of that VM has such a line
listed() {
	bridge status "$1" >"$WORK/status"
	grep -Eq "$2" "$WORK/status"
}

# reloads ANSWER: whether that is what a reload says
reloads() {
	[ "$(bridge reload)" = "$1" ]
}

take() {
	record_start "$(basename "$1" .raw)" speakers "$1"
	wait_a_while
	record_end "$(basename "$1" .raw)"
	levels "$1" 440 997
}

# work_records FILE: a second of what it hears
work_records() {
	guest_records work "$1" --seconds 1
	guest_done work
	levels "$1" 997
}

work_hears() {
	work_records "$WORK/on.raw"
	heard "$WORK/on.raw" 997 0.25 0.31
}

is_low() {
	take "$WORK/low.raw"
	heard "$WORK/low.raw" 997 0.035 0.039
}

# home_is MIN MAX: as loud as that
home_is() {
	take "$WORK/home_now.raw"
	heard "$WORK/home_now.raw" 440 "$1" "$2"
}

is_unmuted() {
	take "$WORK/unmuted.raw"
	heard "$WORK/unmuted.raw" 440 0.19 0.21
}

not() {
	! "$@"
}

# studio_plays STREAM OPTION...: with that format, rate and number of channels
studio_plays() {
	guest_plays studio "$WORK/work.raw" --stream "$@"
	guest_done studio
}

# studio_records STREAM FILE
studio_records() {
	guest_records studio "$2" --stream "$1" --seconds 1
	guest_done studio && levels "$2" 997
}

studio_hears() {
	studio_records 3 "$WORK/studio.raw" \
		&& heard "$WORK/studio.raw" 997 0.25 0.31
}

# try_conf KEY VALUE: a configuration with just that
try_conf() {
	printf '%s\n' '[vm a]' 'colour = #000000' 'role = compositor' \
		'audio = duplex' "$1 = $2" >"$WORK/try.conf"
}

# both_take KEY OPTION VALUE: the configuration, and the device
both_take() {
	try_conf "$1" "$3"
	"$WLB_SND" "$2" "$3" --help >"$WORK/try.log" 2>&1 \
		&& "$WLB_BRIDGED" --check -c "$WORK/try.conf" \
			>"$WORK/try.log" 2>&1
}

# both_refuse KEY OPTION VALUE: likewise
both_refuse() {
	try_conf "$1" "$3"
	! "$WLB_SND" "$2" "$3" --help >"$WORK/try.log" 2>&1 \
		&& ! "$WLB_BRIDGED" --check -c "$WORK/try.conf" \
			>"$WORK/try.log" 2>&1
}

# agree HOW KEY OPTION VALUE...: which of these they do not agree on
agree() {
	local how=$1 key=$2 option=$3 value wrong=
	shift 3
	for value; do
		if ! "both_$how" "$key" "$option" "$value"; then
			echo "# not: $key = '$value'"
			wrong=yes
		fi
	done
	[ -z "$wrong" ]
}

# sound_pid VM: the process of its sound
sound_pid() {
	bridge status --json "$1" | python3 -c 'import json, sys
print(json.load(sys.stdin)[0]["sound"]["pid"])'
}

# The other's tone from before the death until the device is there again.
killed_unheard() {
	local lines
	kill -0 "$PID_guest_work" 2>/dev/null \
		|| guest_plays work "$WORK/work.raw" --loops 600
	lines=$(grep -c 'wlbridge-snd work: info: PipeWire is there' \
		"$WORK/daemon.log")
	record_start recorder speakers "$WORK/death.raw"
	wait_a_while
	kill -KILL "$(sound_pid work)"
	DEATHS=$((DEATHS + 1))
	saw daemon 'wlbridge-snd work: info: PipeWire is there' $((lines + 1))
	wait_a_while
	record_end recorder
	# With two tones there is no quiet to look for.
	even "$WORK/death.raw" 440 0.196 0.204
}

voice "$WORK/voice.raw"
"$WLB_LISTEN" tone 997 0.3 1 >"$WORK/work.raw"
"$WLB_LISTEN" tone 440 0.2 1 >"$WORK/home.raw"

must 'PipeWire runs, with a microphone' sound_start mic
must 'somebody speaks into it' speaks_into mic "$WORK/voice.raw"
must 'wlbridged runs, and its VMs have sound' daemon_start
check 'but for the one that shall have none' not test -e \
	"$WORK/run/vm/mute/snd.sock"

for key in playback capture; do
	check "$key-streams: what is right for the device" \
		agree take $key-streams --$key 0 1 8 0x2 010
	check "$key-streams: and what is wrong" \
		agree refuse $key-streams --$key 9 -1 +1 1x '' 4294967297
done
check 'sound-channels: right' agree take sound-channels --channels 1 8
check 'sound-channels: wrong' agree refuse sound-channels --channels 0 9 two ''
check 'sound-formats: right' agree take sound-formats --formats S16 S16,S16 \
	S16,S32,FLOAT,FLOAT64,S24,S24_3,S8,U8
check 'sound-formats: wrong' agree refuse sound-formats --formats '' , S16, \
	,S16 S16,,S32 'S16, S32' s16 MP3 S16,A_NAME_THAT_IS_NO_FORMATS
check 'sound-rates: right' agree take sound-rates --rates 48000 \
	8000,11025,16000,22050,32000,44100,48000,64000,88200,96000,176400,192000
check 'sound-rates: wrong' agree refuse sound-rates --rates '' , 48000, 48001 \
	0 -48000 '44100, 48000' 4295015296
check 'mic-target: right' agree take mic-target --mic-target alsa_input.x:1 -x
check 'mic-target: wrong' agree refuse mic-target --mic-target ''

saw daemon 'wlbridge-snd studio: info: PipeWire is there'
check 'a VM has two streams as configured' studio_plays 1 --format FLOAT \
	--rate 96000 --channels 4
check 'no further rate' not studio_plays 1 --rate 32000
check 'no further format' not studio_plays 1 --format S32
check 'no more channels' not studio_plays 1 --channels 5
check 'and no third stream' not studio_plays 2
check 'two to record with' studio_records 3 "$WORK/studio.raw"
check 'which are silent while their source is not there' \
	heard "$WORK/studio.raw" rms 0 0
check 'and no third' not studio_records 4 "$WORK/studio.raw"
STUDIO_MIC=mic
configure 'audio = duplex'
check 'another source is another device' reloads '1 restarted'
saw daemon 'wlbridge-snd studio: info: PipeWire is there' 2
check 'and heard' tried studio_hears

check 'the microphone is off' listed work 'microphone +off'
work_records "$WORK/off.raw"
check 'and silent' heard "$WORK/off.raw" rms 0 0
check 'it is allowed' bridge mic work on
check 'which is seen' listed work 'microphone +ON'
check 'and told' test "$(bridge mic work)" = on
saw daemon "wlbridge-snd work: info: the microphone is on"
check 'and heard' tried work_hears
check 'it is taken back' bridge mic work off
saw daemon "wlbridge-snd work: info: the microphone is off"
work_records "$WORK/off-again.raw"
check 'and silent again' heard "$WORK/off-again.raw" rms 0 0
check 'a VM that only plays cannot have it' not bridge mic home on

configure 'audio = duplex' 'mic = on'
check 'a configuration that says on' reloads ''
check 'does not outweigh who said off' listed work 'microphone +off'
configure 'audio = playback'
check 'but once the microphone was taken away' reloads '1 restarted'
saw daemon 'wlbridge-snd work: info: PipeWire is there' 2
configure 'audio = duplex' 'mic = on'
check 'and given back' reloads '1 restarted'
saw daemon 'wlbridge-snd work: info: PipeWire is there' 3
check 'it is as configured' listed work 'microphone +ON'
configure 'audio = duplex'
check 'without a restart, it is off by a reload' reloads ''
check 'as is seen' listed work 'microphone +off'
saw daemon "wlbridge-snd work: info: the microphone is off" 2
work_records "$WORK/reloaded.raw"
check 'and heard' heard "$WORK/reloaded.raw" rms 0 0
configure 'audio = duplex' 'mic = on'
check 'and on' reloads ''
check 'which is heard too' tried work_hears
check 'while somebody may say off' bridge mic work off

check 'a VM is turned down that has made no sound yet' bridge volume home 0.5
check 'and muted' bridge mute home
saw daemon 'wlbridge-snd home: info: muted'
check 'which is seen' listed home 'volume 0.50, muted'
check 'its device is started anew' bridge restart home
saw daemon 'wlbridge-snd home: info: muted' 2
saw daemon 'wlbridge-snd home: info: volume 0.500' 2
check 'and knows' listed home 'volume 0.50, muted'
check 'it is let off before its first sound' bridge mute home off
saw daemon 'wlbridge-snd home: info: no longer muted'
guest_plays home "$WORK/home.raw" --loops 600
saw daemon 'wlbridge-snd home: debug: playback stream: streaming'
check 'which is as low as was said' tried home_is 0.023 0.027
check 'a mixer turns it up' wpctl set-volume "$(node_id wlbridge.home)" 1
check 'which is heard' tried home_is 0.19 0.21
check 'and seen' listed home 'volume 1.00'
end_program "$PID_guest_home"
check 'its device is started anew again' bridge restart home
saw daemon 'wlbridge-snd home: info: PipeWire is there' 3
guest_plays home "$WORK/home.raw" --loops 600
saw daemon 'wlbridge-snd home: debug: playback stream: streaming' 2
check 'and nothing that was said is said again' tried home_is 0.19 0.21

guest_plays work "$WORK/work.raw" --loops 600
saw daemon 'wlbridge-snd work: debug: playback stream: streaming'
check 'who plays is seen' listed work 'sound +duplex, running, playing'
check 'by the name of the configuration' is_prop wlbridge.home \
	application.name home
check 'for mixers and for scripts' is_prop wlbridge.home wlbridge.vm home
check 'with its icon' is_prop wlbridge.home application.icon-name user-home
check 'and its colour' is_prop wlbridge.home wlbridge.colour '#e01b24'
check 'a VM is turned down' bridge volume work 0.5
saw daemon 'wlbridge-snd work: info: volume 0.500'
check 'which is heard' tried is_low
check 'of that one alone' heard "$WORK/low.raw" 440 0.19 0.21
check 'and seen' listed work 'volume 0.50'
check 'the other is muted' bridge mute home
saw daemon 'wlbridge-snd home: info: muted' 3
take "$WORK/mute.raw"
check 'and not heard' heard "$WORK/mute.raw" 440 0 0.001
check 'while the first is' heard "$WORK/mute.raw" 997 0.035 0.039
check 'which is seen' listed home 'muted'
check 'it is let off' bridge mute home off
saw daemon 'wlbridge-snd home: info: no longer muted' 2
check 'and heard' tried is_unmuted

end_program "$PID_guest_work"
check 'a device is started anew' bridge restart work
saw daemon 'wlbridge-snd work: info: PipeWire is there' 4
guest_plays work "$WORK/work.raw" --loops 600
saw daemon 'wlbridge-snd work: debug: playback stream: streaming' 2
check 'and is as loud as before' tried is_low

# Its devices are the daemon's; what they say is in its status.
device_watch home "$(sound_pid home)"
DEATHS=0
check 'a device is killed, and another VM plays on without a gap' \
	tried killed_unheard
check 'the front-end of the killed one is told' not guest_done work
check 'which is seen' listed work "sound.*, died $DEATHS times"
guest_plays work "$WORK/work.raw" --loops 600
check 'and the next one is heard' tried is_low

the_end
