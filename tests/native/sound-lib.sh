# SPDX-License-Identifier: MIT
# What a story about sound is told with, on top of lib.sh: a PipeWire and a
# WirePlumber of its own, whose speakers are a null sink that is recorded.
#
# Programs of ours come from the environment: WLB_SND, WLB_SND_GUEST, WLB_LISTEN,
# WLB_EAR, WLB_LATE.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export XDG_STATE_HOME=$WORK/state
unset DBUS_SESSION_BUS_ADDRESS PIPEWIRE_REMOTE PIPEWIRE_RUNTIME_DIR

# pipewire_start [SINK...]: the server with these null sinks, 'speakers' first
#
# Its quantum is long enough for a machine that is busy with other things.
pipewire_start() {
	local name class priority position
	mkdir -p "$WORK/pipewire/pipewire.conf.d"
	{
		echo 'context.properties = { default.clock.quantum = 1024'
		echo 'default.clock.min-quantum = 1024 }'
		echo 'context.objects = ['
		for name in speakers "$@"; do
			case $name in
			mic*) class=Audio/Source/Virtual priority=2000 ;;
			*) class=Audio/Sink priority=1000 ;;
			esac
			case $name in
			quad) position='FL FR RL RR' ;;
			six) position='FL FR RL RR FC LFE' ;;
			eight) position='FL FR RL RR FC LFE SL SR' ;;
			*) position='FL FR' ;;
			esac
			echo "{ factory = adapter args = {
				factory.name = support.null-audio-sink
				node.name = $name priority.session = $priority
				media.class = $class
				node.description = $name object.linger = true
				audio.position = [ $position ] audio.rate = 48000
				monitor.channel-volumes = true } }"
		done
		echo ']'
		echo 'context.exec = [ { path = "sh"'
		echo "args = \"$WORK/say-up\" } ]"
	} >"$WORK/pipewire/pipewire.conf.d/10-story.conf"
	echo "echo >$WORK/pipewire.up" >"$WORK/say-up"
	rm -f "$WORK/pipewire.up"
	mkfifo "$WORK/pipewire.up"
	watched_program pipewire pipewire
	PIPEWIRE=$PID
	read -r -t "$PATIENCE" <>"$WORK/pipewire.up"
}

# wireplumber_start: and wait until it has chosen the speakers
wireplumber_start() {
	watched_program wireplumber wireplumber
	WIREPLUMBER=$PID
	watched_program metadata stdbuf -oL pw-metadata -m
	saw metadata "key:'default.audio.sink'"
}

sound_start() {
	pipewire_start "$@" && wireplumber_start || return
	watched_program late "$WLB_LATE"
	LATE_SEEN=0
	saw late watches
}

# snd_start NAME [OPTION...]: the sound device of a VM; SND is its process
snd_start() {
	local name=$1
	shift
	truncate -s 4096 "$WORK/$name.status"
	ready_program "snd-$name" "$WLB_WITH_LISTENER" "10=$WORK/$name.snd" -- \
		"$WLB_SND" --name "$name" --fd=10 --log-level debug \
		--status-fd 12 "$@" 12<>"$WORK/$name.status" || return
	SND=$PID
	printf -v "PID_snd_$name" %s "$PID"
	device_watch "$name" "$PID"
}

# snd_stat NAME FIELD: a counter of its status page, see audio/status.h
snd_stat() {
	local -A at=([played]=56 [recorded]=64 [missed]=72 [stalls]=80
		[refused]=88 [late]=96 [xruns]=104)
	od -A n -t u8 -j "${at[$2]}" -N 8 "$WORK/$1.status" | tr -d ' '
}

# snd_priority NAME: of the thread that copies
snd_priority() {
	local names=(none normal nice realtime spent)
	echo "${names[$(od -A n -t u4 -j 36 -N 4 "$WORK/$1.status")]}"
}

# snd_said NAME PATTERN [COUNT]: wait for a line of a device's log
snd_said() {
	local pid=PID_snd_$1
	wait_line "$WORK/snd-$1.log" "$2" "$PATIENCE" "${!pid}" "${3:-1}" \
		>/dev/null
}

# guest_plays NAME FILE [OPTION...]: VM NAME plays it, in the background
guest_plays() {
	watched_program "guest_$1" "$WLB_SND_GUEST" --play "$2" "${@:3}" \
		"$WORK/$1.snd"
}

# guest_records NAME FILE [OPTION...]: VM NAME records, in the background
guest_records() {
	watched_program "guest_$1" "$WLB_SND_GUEST" --record "$2" "${@:3}" \
		"$WORK/$1.snd"
}

# guest_done NAME: wait until it is through; that it ended well
guest_done() {
	local pid=PID_guest_$1
	wait "${!pid}"
}

# guest_saw NAME KEY: what it reported
guest_saw() {
	json "$WORK/guest_$1.log" "$2"
}

# json FILE KEY: a number of a line of JSON
json() {
	python3 -c 'import json, sys
print(json.loads(open(sys.argv[1]).readlines()[-1])[sys.argv[2]])' "$1" "$2"
}

# record_start NAME SINK FILE [CHANNELS]: record what that sink plays
record_start() {
	watched_program "$1" "$WLB_EAR" "$2" "$3" "${@:4}"
	saw "$1" hears
}

record_end() {
	local pid=PID_$1
	end_program "${!pid}" INT
	LOST=$((LOST + $(json "$WORK/$1.log" lost)))
}

# voice FILE: what somebody says who is to be heard all the time
#
# It takes as long as a story may, however slow the machine is.
voice() {
	"$WLB_LISTEN" tone 997 0.3 300 >"$1"
}

# speaks_into SOURCE FILE: somebody does, all the time
#
# The session manager would send it to the speakers.
speaks_into() {
	# shellcheck disable=SC2016 # for the inner shell
	watched_program speaker sh -c 'exec "$@" <"$0"' "$2" \
		pw-play -v -a --rate 48000 --channels 2 --format s16 \
		--target 0 -
	saw speaker 'connecting -> paused' \
		&& pw-link pw-play:output_FL "$1:input_FL" \
		&& pw-link pw-play:output_FR "$1:input_FR" \
		&& saw speaker 'paused -> streaming'
}

# levels FILE HZ...: keep what is heard there as FILE.levels
levels() {
	"$WLB_LISTEN" levels "$@" >"$1.levels"
}

# heard FILE KEY MIN MAX: whether that lies in between
heard() {
	levels_of=$(json "$1.levels" "$2")
	echo "# ${1##*/}: $2 = $levels_of"
	python3 -c 'import sys
sys.exit(not float(sys.argv[2]) <= float(sys.argv[1]) <= float(sys.argv[3]))' \
		"$levels_of" "$3" "$4"
}

# even FILE HZ MIN MAX: whether that tone has such a level throughout, in each 50 ms
even() {
	"$WLB_LISTEN" steady "$1" "$2" >"$WORK/even.levels"
	heard "$WORK/even" least "$3" "$4" && heard "$WORK/even" most "$3" "$4"
}

# node_id NAME: the number of a node in the graph
node_id() {
	pw-dump | python3 -c 'import json, sys
for o in json.load(sys.stdin):
    props = (o.get("info") or {}).get("props") or {}
    if o["type"].endswith(":Node") and props.get("node.name") == sys.argv[1]:
        print(o["id"])
        break
else:
    sys.exit(1)' "$1"
}

# node_prop NAME KEY: one property of a node
node_prop() {
	pw-dump | python3 -c 'import json, sys
for o in json.load(sys.stdin):
    props = (o.get("info") or {}).get("props") or {}
    if o["type"].endswith(":Node") and props.get("node.name") == sys.argv[1]:
        print(props.get(sys.argv[2]))
        break' "$1" "$2"
}

# is_prop NAME KEY VALUE
is_prop() {
	[ "$(node_prop "$1" "$2")" = "$3" ]
}

# said_count NAME PATTERN: how often a device has said so by now
said_count() {
	grep -Ec "$2" "$WORK/snd-$1.log" || true
}

# wait_a_while: as long as it takes VM 'clock' to record a second of silence
wait_a_while() {
	"$WLB_SND_GUEST" --record /dev/null --seconds 1 "$WORK/clock.snd" \
		>/dev/null
}

# The rest is about figures that are not as they should be. Whoever did not get a
# processor in time, or lost a cycle of the graph, says so: PipeWire and the ear
# count, the status page counts, and the kernel knows how long a thread that was
# ready had to wait, and a machine that is a guest itself how long it was not run at
# all. A story may try again only where somebody else than the device
# was at fault; a device that is wrong fails at once.

STARVED_MS=40	# half of what a device copies ahead for the guests here

declare -A DEVICES=()	# name: process
declare -A DEVICE_LATE_SEEN=() STALLS_SEEN=() STARVED_SEEN=()
LATE_SEEN=0 LOST=0 STOLEN_SEEN=0 PIPEWIRE_SEEN=0
STARVED_CYCLE_MS=10	# half a cycle of the graph: who waits less does not miss it

# device_watch NAME PID: it is one whose word counts
device_watch() {
	DEVICES[$1]=$2
}

# waited_ms PID: for how long its threads were kept from running, so far
waited_ms() {
	awk '{ sum += $2 } END { print int(sum / 1000000) }' \
		/proc/"$1"/task/*/schedstat
}

# stolen_ms: for how long the processors of a machine that is a guest itself were
# somebody else's, so far
stolen_ms() {
	awk '$1 == "cpu" { print int($9 * 1000 / '"$(getconf CLK_TCK)"') }' /proc/stat
}

# kept_ms NAME: for how long a device had no processor since evidence_begin
kept_ms() {
	echo $(($(waited_ms "${DEVICES[$1]}") - ${STARVED_SEEN[$1]:-0}
		+ $(stolen_ms) - STOLEN_SEEN))
}

# late_lines: how much PipeWire has told of nodes that were not done in their cycle
late_lines() {
	wc -l <"$WORK/late.log"
}

# late_cycles AWK-CONDITION: how often that was since evidence_begin, of which names
late_cycles() {
	awk "NR > $LATE_SEEN && \$1 == \"late\" && ($1) { n++ } END { print n + 0 }" \
		"$WORK/late.log"
}

# device_says NAME KEY: what wlbridge status knows of it, or 0
device_says() {
	if [ -S "$WORK/run/vm/$1/snd.sock" ]; then
		"$WLB_BRIDGE" -r "$WORK/run" status --json "$1" | python3 -c \
			'import json, sys
counters = json.load(sys.stdin)[0]["sound"]["counters"] or {}
print(counters.get(sys.argv[1], 0))' "$2"
	else
		echo 0
	fi
}

# device_late NAME: frames that it was late with, where it says so
device_late() {
	if [ -e "$WORK/$1.status" ]; then
		snd_stat "$1" late
	else
		device_says "$1" frames-late
	fi
}

# device_stalls NAME: how often it did not wait for the graph
device_stalls() {
	if [ -e "$WORK/$1.status" ]; then
		snd_stat "$1" stalls
	else
		device_says "$1" stalls
	fi
}

# device_is_realtime NAME: and so waits for nobody but its betters
device_is_realtime() {
	if [ -e "$WORK/$1.status" ]; then
		[ "$(snd_priority "$1")" = realtime ]
	else
		[ "$(device_says "$1" priority)" = realtime ]
	fi
}

evidence_begin() {
	local name
	LOST=0
	STOLEN_SEEN=$(stolen_ms)
	PIPEWIRE_SEEN=$(waited_ms "$PIPEWIRE") || true
	LATE_SEEN=$(late_lines)
	for name in "${!DEVICES[@]}"; do
		DEVICE_LATE_SEEN[$name]=$(device_late "$name")
		STALLS_SEEN[$name]=$(device_stalls "$name")
		STARVED_SEEN[$name]=$(waited_ms "${DEVICES[$name]}") || true
	done
}

# device_excused NAME: false when it was late with a processor at hand
#
# $stolen is for how long this machine had none, $hurried for how long PipeWire had
# none either: it then makes the cycles that it owes, all at once.
device_excused() {
	local late stalls starved cycles
	stalls=$(($(device_stalls "$1") - ${STALLS_SEEN[$1]:-0}))
	if [ "$stalls" -gt 0 ]; then
		reasons+=("the graph stood still for $1")
	fi
	late=$(($(device_late "$1") - ${DEVICE_LATE_SEEN[$1]:-0}))
	starved=$(($(waited_ms "${DEVICES[$1]}") - ${STARVED_SEEN[$1]:-0}))
	cycles=$(late_cycles "\$2 ~ /^wlbridge\\.$1(\\.|\$)/")
	if [ "$cycles" -gt 0 ]; then
		if [ "$stalls" = 0 ] && [ "$((starved + hurried))" -lt \
				"$((cycles * STARVED_CYCLE_MS))" ]; then
			echo "# device $1 missed $cycles cycles, and had a processor"
			return 1
		fi
		reasons+=("$1 missed $cycles cycles, waiting $starved ms")
	fi
	if [ "$starved" -ge "$STARVED_MS" ] && ! device_is_realtime "$1"; then
		reasons+=("$1 waited $starved ms for a processor, late $late")
	elif [ "$late" -gt 0 ] && [ "$stolen" -lt "$STARVED_MS" ]; then
		echo "# device $1 was late with $late frames, and had a processor"
		return 1
	fi
}

# guests_excused: those that ended say how long they waited
guests_excused() {
	local log starved
	for log in "$WORK"/guest_*.log; do
		if starved=$(json "$log" starved-ms 2>/dev/null) &&
				[ "${starved%.*}" -ge "$STARVED_MS" ]; then
			reasons+=("${log##*/} waited $starved ms for a processor")
		fi
	done
}

# excused: whether somebody else says that it was at fault since evidence_begin
excused() {
	local name xruns stolen hurried reasons=()
	xruns=$(late_cycles '$2 !~ /^wlbridge\./')
	if [ "$xruns" -gt 0 ]; then
		reasons+=("others missed $xruns cycles of the graph")
	fi
	if [ "$LOST" -gt 0 ]; then
		reasons+=("the ear lost $LOST frames")
	fi
	stolen=$(($(stolen_ms) - STOLEN_SEEN))
	if [ "$stolen" -ge "$STARVED_MS" ]; then
		reasons+=("this machine had no processor for $stolen ms")
	fi
	hurried=$((stolen + $(waited_ms "$PIPEWIRE") - PIPEWIRE_SEEN))
	for name in "${!DEVICES[@]}"; do
		device_excused "$name" || return
	done
	guests_excused
	if [ ${#reasons[@]} = 0 ]; then
		echo "# and nobody else was at fault"
		return 1
	fi
	printf '# excused: %s\n' "${reasons[@]}"
}

# or_excused COMMAND...: for what is too long to be tried again
#
# Such a story listens first and judges at the end: it has one time, and so one
# excuse for all of it.
or_excused() {
	"$@" && return
	if [ -z "${EXCUSED:-}" ]; then
		excused || return
		EXCUSED=yes
	fi
}

# tried COMMAND...: a few times, as long as somebody else was at fault
#
# Who was at fault each time has left nothing to judge: that is said, and is no
# failure of the device.
tried() {
	local try
	for try in 1 2 3; do
		evidence_begin
		if "$@"; then
			return 0
		fi
		echo "# try $try"
		excused || return
	done
	# shellcheck disable=SC2034 # for check
	TAP_SKIP="this machine had no time for it"
}
