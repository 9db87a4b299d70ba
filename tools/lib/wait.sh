# SPDX-License-Identifier: MIT
# Waiting for things that happen, never for time to pass.

# wait_line FILE PATTERN SECONDS PID: print FILE's first line that matches
#
# Lines may be there already or still to come. Fails when SECONDS have passed
# or when PID, which writes the file, is gone without a word.
wait_line() {
	local file=$1 pattern=$2 pid=$4 line fd tail status=1
	local deadline=$((SECONDS + $3))
	exec {fd}< <(exec tail --pid="$pid" -n +1 -f "$file" 2>/dev/null)
	tail=$!
	while [ "$SECONDS" -lt "$deadline" ]; do
		IFS= read -r -t $((deadline - SECONDS)) -u "$fd" line || break
		if [[ $line =~ $pattern ]]; then
			printf '%s\n' "$line"
			status=0
			break
		fi
	done
	kill "$tail" 2>/dev/null || true
	exec {fd}<&-
	return "$status"
}

# wait_socket PATH SECONDS PID: until a socket is there
wait_socket() {
	local path=$1 seconds=$2 pid=$3
	(
		coproc inotifywait -q -m -e create,moved_to "${path%/*}" 2>/dev/null
		deadline=$((SECONDS + seconds))
		until [ -S "$path" ]; do
			kill -0 "$pid" 2>/dev/null || exit 1
			[ "$SECONDS" -lt "$deadline" ] || exit 1
			read -r -t 1 -u "${COPROC[0]}" _ || true
		done
		kill "$COPROC_PID"
	)
}

# end_process PID: ask it to end and see it gone
end_process() {
	kill "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}
