# SPDX-License-Identifier: MIT
# Programs in the background, and waiting for what they do: never for time to
# pass.

PROGRAMS=()

# program LOG COMMAND...: start it; it ends with programs_end
program() {
	local log=$1
	shift
	# Now, not when the program gets that far: its lines are waited for.
	: >"$log"
	"$@" >>"$log" 2>&1 &
	PROGRAMS+=($!)
}

# pause SECONDS: for what no program tells the end of
pause() {
	read -r -t "$1" <> <(:) || true
}

# program_end PID: ask it to end, insist after a while, see it gone
program_end() {
	local insist
	kill "$1" 2>/dev/null || return 0
	{
		pause 10
		kill -KILL "$1"
	} 2>/dev/null &
	insist=$!
	wait "$1" 2>/dev/null || true
	kill "$insist" 2>/dev/null || true
	wait "$insist" 2>/dev/null || true
}

# programs_end: last started, first ended
programs_end() {
	local i
	for ((i = ${#PROGRAMS[@]} - 1; i >= 0; i--)); do
		program_end "${PROGRAMS[i]}"
	done
	PROGRAMS=()
}

# follow SECONDS HANDLER FILE PID [FILE PID]...: hand each line to HANDLER
#
# Lines may be there already or still to come. Ends well when HANDLER returns
# 0; fails when SECONDS have passed or when a PID, which writes its FILE, is
# gone.
follow() {
	local handler=$2 line fd follower status=1
	local deadline=$((SECONDS + $1))
	shift 2
	exec {fd}< <(exec python3 "$WLB_TOP/tools/lib/follow.py" "$@")
	follower=$!
	while [ "$SECONDS" -lt "$deadline" ]; do
		IFS= read -r -t $((deadline - SECONDS)) -u "$fd" line || break
		if "$handler" "$line"; then
			status=0
			break
		fi
	done
	kill "$follower" 2>/dev/null || true
	exec {fd}<&-
	return "$status"
}

# wait_line FILE PATTERN SECONDS PID [COUNT]: print the COUNTth line to match
wait_line() {
	local pattern=$2 left=${5:-1}
	follow "$3" is_awaited "$1" "$4"
}

# is_awaited LINE: for wait_line, whose variables it works on
is_awaited() {
	if [[ $1 =~ $pattern ]]; then
		left=$((left - 1))
		if [ "$left" = 0 ]; then
			printf '%s\n' "$1"
			return 0
		fi
	fi
	return 1
}
