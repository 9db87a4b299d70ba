# SPDX-License-Identifier: MIT
# Programs in the background, and waiting for what they do: never for time to
# pass.

PROGRAMS=()

# program LOG COMMAND...: start it; it ends with programs_end
program() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 &
	PROGRAMS+=($!)
}

# program_end PID: ask it to end and see it gone
program_end() {
	kill "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# programs_end: last started, first ended
programs_end() {
	local i
	for ((i = ${#PROGRAMS[@]} - 1; i >= 0; i--)); do
		program_end "${PROGRAMS[i]}"
	done
	PROGRAMS=()
}

# wait_line FILE PATTERN SECONDS PID [COUNT]: print the COUNTth line to match
#
# Lines may be there already or still to come. Fails when SECONDS have passed
# or when PID, which writes the file, is gone.
wait_line() {
	local file=$1 pattern=$2 pid=$4 left=${5:-1} line fd tail status=1
	local deadline=$((SECONDS + $3))
	exec {fd}< <(exec tail --pid="$pid" -n +1 -f "$file" 2>/dev/null)
	tail=$!
	while [ "$SECONDS" -lt "$deadline" ]; do
		IFS= read -r -t $((deadline - SECONDS)) -u "$fd" line || break
		if [[ $line =~ $pattern ]]; then
			left=$((left - 1))
		fi
		if [ "$left" = 0 ]; then
			printf '%s\n' "$line"
			status=0
			break
		fi
	done
	kill "$tail" 2>/dev/null || true
	exec {fd}<&-
	return "$status"
}
