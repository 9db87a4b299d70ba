# SPDX-License-Identifier: MIT
# What was tried and how it went: one line each, in one file, whoever tried it.
#
# A line is "passed|failed|skipped SUITE NAME".

result() {
	printf '%s %s %s\n' "$1" "$2" "$3" >>"$RESULTS"
	if [ "$1" = failed ]; then
		say "FAILED $2: $3"
	fi
}

# attempt SUITE NAME COMMAND...: exit status 77 means that it cannot be tried
attempt() {
	local suite=$1 name=$2 status=0
	shift 2
	"$@" || status=$?
	case $status in
	0) result passed "$suite" "$name" ;;
	77) result skipped "$suite" "$name" ;;
	*) result failed "$suite" "$name" ;;
	esac
}

# results_meson SUITE LOG NOTE: from meson's testlog.json
results_meson() {
	local outcome name lines
	if ! lines=$(python3 "$WLB_TOP/tools/lib/testlog.py" "$2"); then
		result failed "$1" "no test could be run$3"
		return
	fi
	while read -r outcome name; do
		result "$outcome" "$1" "$name$3"
	done <<<"$lines"
}

# results_tap SUITE STORY: TAP on stdin, shown as it comes
results_tap() {
	local suite=$1 story=$2 line planned='' seen=0
	while IFS= read -r line; do
		printf '    %s\n' "$line"
		case $line in
		'ok '*' # SKIP'* | 'ok '*' # skip'*)
			result skipped "$suite" "$story: ${line#ok }"
			;;
		'ok '*)
			result passed "$suite" "$story: ${line#ok }"
			;;
		'not ok '*)
			result failed "$suite" "$story: ${line#not ok }"
			;;
		'1..0 # SKIP'*)
			result skipped "$suite" "$story: ${line#1..0 # SKIP }"
			planned=0
			continue
			;;
		1..*)
			planned=${line#1..}
			continue
			;;
		*)
			continue
			;;
		esac
		seen=$((seen + 1))
	done
	if [ "${planned%%[!0-9]*}" != "$seen" ]; then
		result failed "$suite" "$story: ended early"
	fi
}

count() {
	grep -c "^$1 " "$RESULTS" || true
}

# results_end: the last line; ends the program by whether all is well
results_end() {
	local failed
	failed=$(count failed)
	if [ "$failed" != 0 ]; then
		say "what failed:"
		sed -n 's/^failed /  /p' "$RESULTS"
	fi
	say "done"
	echo "$(count passed) passed, $failed failed, $(count skipped) skipped"
	if [ "$failed" != 0 ]; then
		exit 1
	fi
	exit 0
}
