# SPDX-License-Identifier: MIT
# The full picture, with VMs or without: one compositor, some client VMs, the
# bridge between them. tools/demo and the tests put it together from here.
#
# $PICTURE is its folder: run/ is wlbridged's, each VM has one of its own with
# job/ in it (what its scripts read and write) and events.out (what they said).
# news is all of the latter as one, with the seconds since the start.

PICTURE_GUI=gui
PICTURE_BRIDGE_KEYS=()	# more lines for [bridge]
PICTURE_VM_KEYS=()	# more lines for each client VM
PICTURE_COMPOSITOR=wlbridge-compositor	# or labwc, with the display agent
PICTURE_COLOURS=('#3584e4' '#33d17a' '#e66100' '#9141ac' '#c01c28' '#986a44')

# picture_vms: the client VMs, in the order in which they were named
picture_vms() {
	printf '%s\n' "${PICTURE_CLIENTS[@]%%=*}" | awk '!seen[$0]++'
}

# picture_colour VM: the one that its windows and its sound have
picture_colour() {
	local n
	n=$(picture_vms | grep -n -x -F -e "$1")
	n=$((${n%%:*} - 1))
	echo "${PICTURE_COLOURS[n % ${#PICTURE_COLOURS[@]}]}"
}

# picture_count VM: how many clients run in it
picture_count() {
	local client n=0
	for client in "${PICTURE_CLIENTS[@]}"; do
		if [ "${client%%=*}" = "$1" ]; then
			n=$((n + 1))
		fi
	done
	echo "$n"
}

# picture_make DIR VM=COMMAND...: folders and configuration
picture_make() {
	local vm client
	PICTURE=$1
	shift
	PICTURE_CLIENTS=("$@")
	mkdir -m 700 "$PICTURE/run"
	{
		printf '[bridge]\nruntime-dir = %s\n' "$PICTURE/run"
		printf 'device-program = %s\n' "$(command -v wlbridge-wl)"
		printf 'agent-program = %s\n' "$(command -v wlbridge-agent)"
		printf '%s\n' "${PICTURE_BRIDGE_KEYS[@]}"
		printf '\n[vm %s]\nrole = compositor\n' "$PICTURE_GUI"
		printf 'colour = #f6f5f4\n'
	} >"$PICTURE/wlbridge.conf"
	mkdir -p "$PICTURE/$PICTURE_GUI/job"
	for vm in $(picture_vms); do
		mkdir -p "$PICTURE/$vm/job"
		{
			printf '\n[vm %s]\nrole = application\n' "$vm"
			printf 'display = %s\n' "$PICTURE_GUI"
			printf 'colour = %s\n' "$(picture_colour "$vm")"
			printf '%s\n' "${PICTURE_VM_KEYS[@]}"
		} >>"$PICTURE/wlbridge.conf"
	done
	for client in "${PICTURE_CLIENTS[@]}"; do
		picture_client "${client%%=*}" "${client#*=}"
	done
	if [ "$PICTURE_COMPOSITOR" = labwc ]; then
		mkdir "$PICTURE/$PICTURE_GUI/job/labwc"
		picture_labwc >"$PICTURE/$PICTURE_GUI/job/labwc/rc.xml"
	fi
}

# picture_role VM: the script that makes it what it is, of tools/guest
picture_role() {
	if [ "$1" != "$PICTURE_GUI" ]; then
		echo application
	elif [ "$PICTURE_COMPOSITOR" = labwc ]; then
		echo labwc
	else
		echo compositor
	fi
}

# picture_client VM COMMAND: have it run there, as one of the VM's clients
picture_client() {
	local dir=$PICTURE/$1/job/clients n=1
	mkdir -p "$dir"
	while [ -e "$dir/$n" ]; do
		n=$((n + 1))
	done
	printf '%s\n' "$2" >"$dir/$n"
}

# picture_labwc: rc.xml; a rule for each VM says so when it shows a window
#
# Keys do not repeat: an emulated guest may hold one for longer than was meant.
picture_labwc() {
	local vm
	cat <<-END
	<?xml version="1.0"?>
	<labwc_config>
	  <placement><policy>automatic</policy></placement>
	  <focus><followMouse>no</followMouse></focus>
	  <keyboard><repeatRate>0</repeatRate></keyboard>
	  <windowRules>
	END
	for vm in $(picture_vms); do
		cat <<-END
		    <windowRule sandboxEngine="io.wlbridge" sandboxAppId="$vm">
		      <action name="Execute" command="say window $vm"/>
		    </windowRule>
		END
	done
	cat <<-END
	  </windowRules>
	</labwc_config>
	END
}

# picture_bridge: start wlbridged; its devices listen when this returns
picture_bridge() {
	program "$PICTURE/wlbridged.log" \
		wlbridged --config "$PICTURE/wlbridge.conf"
	if ! wait_line "$PICTURE/wlbridged.log" 'serving' 10 $! >/dev/null; then
		say "wlbridged did not come up:"
		cat "$PICTURE/wlbridged.log" >&2
		return 1
	fi
}

# picture_vm_start LAYER [QEMU ARGUMENT FOR THE SCREEN...]
picture_vm_start() {
	local layer=$1 vm args
	shift
	vm_accel >/dev/null	# settle that before the clock runs
	PICTURE_STARTED=$EPOCHREALTIME
	for vm in "$PICTURE_GUI" $(picture_vms); do
		# One option and its value a line; neither holds a space.
		read -r -d '' -a args < <(wlbridge \
			--config "$PICTURE/wlbridge.conf" \
			vmm-args "$vm" --memory "$VM_MEMORY" && printf '\0')
		if [ "$vm" = "$PICTURE_GUI" ]; then
			args+=("$@")
		fi
		vm_start "$vm" "$PICTURE/$vm" "$(picture_role "$vm")" "$layer" \
			"${args[@]}"
	done
	picture_news
}

# picture_native_start: the same programs as in the VMs, started here
picture_native_start() {
	local vm dir
	PICTURE_STARTED=$EPOCHREALTIME
	PATH=$WLB_TOP/tools/guest:$PATH
	for vm in "$PICTURE_GUI" $(picture_vms); do
		dir=$PICTURE/$vm
		mkdir -m 700 "$dir/run"
		: >"$dir/events.out"
		program "$dir/job/role.log" \
			env -u WAYLAND_DISPLAY -u DISPLAY WLB_NATIVE=1 WLB_NAME="$vm" \
			WLB_JOB="$dir/job" WLB_EVENTS="$dir/events.out" \
			WLB_DEVICE="vhost-user:$PICTURE/run/vm/$vm/wl.sock" \
			XDG_RUNTIME_DIR="$dir/run" HOME="$dir" \
			"role-$(picture_role "$vm")"
		VM_PID["$vm"]=$!
	done
	picture_news
}

# picture_news: write down what the VMs say, until the first of them is gone
picture_news() {
	local vm writers=()
	for vm in "$PICTURE_GUI" $(picture_vms); do
		writers+=("$PICTURE/$vm/events.out" "${VM_PID[$vm]}")
	done
	program "$PICTURE/news" python3 "$WLB_TOP/tools/lib/follow.py" \
		--since "$PICTURE_STARTED" "${writers[@]}"
	PICTURE_NEWS_PID=$!
}

# picture_heard VM EVENT SECONDS [COUNT]: print the time when VM said it
#
# Whatever ends or fails in any of the VMs before is a failure; it is said.
picture_heard() {
	local wanted="^[0-9.]+ $1 $2\$" left=${4:-1}
	local heard='' trouble='nothing more came'
	follow "$3" is_heard "$PICTURE/news" "$PICTURE_NEWS_PID" || true
	if [ -z "$heard" ]; then
		say "while waiting for '$1 $2': $trouble"
		return 1
	fi
	echo "${heard%% *}"
}

# is_heard LINE: for picture_heard, whose variables it works on
is_heard() {
	if [[ $1 =~ $wanted ]]; then
		left=$((left - 1))
		if [ "$left" = 0 ]; then
			heard=$1
			return 0
		fi
	elif [[ $1 == *' failed: '* || $1 == *' ended '* ]]; then
		trouble=${1#* }
		return 0
	fi
	return 1
}
