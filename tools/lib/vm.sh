# SPDX-License-Identifier: MIT
# Guests: start one, hear what it says, see it end.
#
# A guest has a folder: job/ (shared with it), events (what it said), console
# (its kernel's messages), qemu.log, qmp (QEMU's socket).

declare -A VM_PID=()
VM_MEMORY=768M
VM_REBOOT=-no-reboot	# a guest that reboots ends, unless this is empty

# What spares an emulated guest the measuring of a clock that is not steady.
VM_TCG_KERNEL='lpj=4000000 tsc=reliable no_timer_check random.trust_cpu=on'

# vm_accel: kvm where a guest really runs with it, else tcg
#
# That /dev/kvm opens proves nothing: on a host that is itself a guest, an
# ordinary kernel may die or hang. So one is booted once, until its initrd
# speaks; the verdict holds until the machine is rebooted.
vm_accel() {
	local verdict_file verdict=tcg
	verdict_file=$WLB_CACHE/kvm-$(key_of </proc/sys/kernel/random/boot_id)
	if [ ! -e "$verdict_file" ]; then
		if [ -w /dev/kvm ]; then
			say "trying KVM"
			if vm_boots -accel kvm -cpu host; then
				verdict=kvm
			else
				say "KVM does not run guests here: emulating (TCG)"
			fi
		fi
		echo "$verdict" >"$verdict_file"
	fi
	cat "$verdict_file"
}

# vm_boots QEMU ARGUMENT...: whether a kernel gets as far as our initrd
vm_boots() {
	local image said
	image=$(image_path)
	said=$(timeout 15 qemu-system-x86_64 -M q35 "$@" -m 256M -nodefaults \
		-display none -no-reboot -serial stdio \
		-kernel "$image/vmlinux" -initrd "$image/initrd" \
		-append 'console=ttyS0 quiet panic=-1' </dev/null 2>&1) || true
	[[ $said == *'initrd: no Debian layer'* ]]
}

# vm_start NAME DIR ROLE LAYER [QEMU ARGUMENT...]
vm_start() {
	local name=$1 dir=$2 role=$3 layer=$4 image
	local machine=(-accel kvm -cpu host) kernel=''
	shift 4
	image=$(image_path)
	if [ "$(vm_accel)" = tcg ]; then
		machine=(-accel tcg -cpu qemu64)
		kernel=$VM_TCG_KERNEL
	fi
	mkdir -p "$dir/job"
	rm -f "$dir/events.in" "$dir/qmp"
	mkfifo "$dir/events.in"
	: >"$dir/events.out"
	program "$dir/qemu.log" \
		qemu-system-x86_64 -name "$name" -M q35 "${machine[@]}" \
		-smp 1 -m "$VM_MEMORY" -nodefaults -no-user-config \
		${VM_REBOOT:+"$VM_REBOOT"} -display none \
		-kernel "$image/vmlinux" -initrd "$image/initrd" \
		-append "console=ttyS0 quiet loglevel=4 panic=-1 nokaslr \
mitigations=off $kernel wlb.name=$name wlb.role=$role" \
		-drive "if=virtio,format=raw,readonly=on,file=$image/root.erofs" \
		-drive "if=virtio,format=raw,readonly=on,file=$layer" \
		-chardev "file,id=console,path=$dir/console" \
		-serial chardev:console \
		-chardev "pipe,id=events,path=$dir/events" \
		-serial chardev:events \
		-virtfs "local,path=$dir/job,mount_tag=job,security_model=none" \
		-qmp "unix:$dir/qmp,server=on,wait=off" \
		"$@"
	VM_PID["$name"]=$!
}

# vm_screen WIDTH HEIGHT: QEMU's arguments for a screen, a keyboard, a pointer
vm_screen() {
	printf '%s\n' -vga none -device "virtio-gpu-pci,xres=$1,yres=$2" \
		-device virtio-keyboard-pci -device virtio-tablet-pci
}

# vm_wait NAME DIR PATTERN SECONDS: until the guest says it
vm_wait() {
	wait_line "$2/events.out" "$3" "$4" "${VM_PID[$1]}"
}

# vm_tell DIR TEXT: a line for the guest, on its second serial port
#
# Fails at once when there is no guest any more: a shell that opens such a pipe by
# itself waits for a reader.
vm_tell() {
	printf '%s\n' "$2" |
		dd of="$1/events.in" oflag=nonblock conv=notrunc status=none
}

# vm_qmp DIR VERB [ARGUMENT...]
vm_qmp() {
	local dir=$1
	shift
	python3 "$WLB_TOP/tools/lib/qmp.py" "$dir/qmp" "$@"
}

# vm_end NAME
vm_end() {
	program_end "${VM_PID[$1]}"
}
