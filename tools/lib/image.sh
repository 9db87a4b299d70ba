# SPDX-License-Identifier: MIT
# What a guest boots: kernel, initrd, and a root of two read-only layers.
#
# The big layer is Debian, cut out of the tree and made once for each tree. The
# small one is ours (programs, module, the scripts of tools/guest) and is made
# anew for each run in a second. The guest lays a tmpfs over both, so guests
# share the files and leave nothing behind.

# Loaded from the initrd, in this order; erofs fails without crc32c at hand.
WLB_INITRD_MODULES='crc32c_generic virtio_blk erofs overlay'
# At hand for modprobe in the guest.
WLB_GUEST_MODULES='9p 9pnet_virtio virtio_gpu virtio_input evdev virtio_snd'

# Not for a guest: what builds, documents or emulates.
WLB_GUEST_EXCLUDES=(
	./boot ./dev ./proc ./sys ./run ./tmp ./initrd.img ./vmlinuz
	./usr/include ./usr/src ./usr/lib/modules ./usr/lib/firmware
	./usr/lib/gcc ./usr/libexec/gcc ./usr/lib/clang
	'./usr/lib/llvm-*' './usr/lib/linux-kbuild-*' ./usr/lib/git-core
	./usr/lib/debug ./usr/lib/ipxe ./usr/lib32 ./usr/libx32
	./usr/share/doc ./usr/share/man ./usr/share/info ./usr/share/locale
	./usr/share/qemu ./usr/share/seabios ./usr/share/gir-1.0
	./usr/share/perl './usr/share/gcc*' './usr/bin/qemu-*'
	./usr/bin/shellcheck './usr/bin/*clang*' './usr/lib/*/qemu'
	'./usr/lib/*/libclang*' './usr/lib/*/perl' '*.a'
	./var/cache ./var/lib/apt ./var/lib/dpkg ./var/log
)

# kernel_version: the one that guests run, which is the one with an image
kernel_version() {
	local image
	for image in "$WLB_TREE"/boot/vmlinuz-*; do
		echo "${image##*/vmlinuz-}"
		return
	done
	die "there is no kernel in $WLB_TREE"
}

image_key() {
	{
		echo "${WLB_TREE##*/}"
		cat "$WLB_TOP/tools/lib/image.sh" "$WLB_TOP/tools/lib/vmlinux.py" \
			"$WLB_TOP/tools/guest/initrd"
	} | key_of
}

# image_path: see to it that there is an image of this tree, print where
image_path() {
	local name
	name=image-$(image_key)
	cached "$name" image_make >&2
	echo "$WLB_CACHE/$name"
}

image_make() {
	local dir=$1 version
	version=$(kernel_version)
	say "making the guest image (Linux $version)"
	python3 "$WLB_TOP/tools/lib/vmlinux.py" \
		"$WLB_TREE/boot/vmlinuz-$version" "$dir/vmlinux"
	image_modules "$dir/modules" "$version" \
		"$WLB_INITRD_MODULES $WLB_GUEST_MODULES"
	image_initrd "$dir" "$version"
	# Whoever made the tree owns it; some files nobody but root may read.
	tar -C "$WLB_TREE" --owner=0 --group=0 --sort=name \
		--ignore-failed-read --warning=no-failed-read \
		"${WLB_GUEST_EXCLUDES[@]/#/--exclude=}" -cf - . |
		mkfs.erofs --quiet --tar=f "$dir/root.erofs"
	say "the guest image is made ($(du -h "$dir/root.erofs" | cut -f1))"
}

# module_files VERSION MODULE...: their files and what they need, in order
module_files() {
	local version=$1 kind file
	shift
	modprobe -d "$WLB_TREE" -S "$version" --show-depends -a "$@" |
		while read -r kind file _; do
			if [ "$kind" = insmod ]; then
				echo "$file"
			fi
		done | awk '!seen[$0]++'
}

# image_modules DIR VERSION MODULES: a small module tree, unpacked
image_modules() {
	local dir=$1/usr/lib/modules/$2 file name
	mkdir -p "$dir"
	cp "$WLB_TREE/usr/lib/modules/$2"/modules.{builtin,builtin.modinfo,order} \
		"$dir/"
	# shellcheck disable=SC2086	# a list
	module_files "$2" $3 | while read -r file; do
		name=${file##*/}
		xz -dc "$file" >"$dir/${name%.xz}"
	done
}

image_initrd() {
	local dir=$1 version=$2 root=$1/initrd.d file name
	mkdir -p "$root"/{bin,lib,dev,proc,sys,l,new}
	cp /usr/bin/busybox "$root/bin/"
	install -m 755 "$WLB_TOP/tools/guest/initrd" "$root/init"
	# shellcheck disable=SC2086	# a list
	module_files "$version" $WLB_INITRD_MODULES | while read -r file; do
		name=${file##*/}
		cp "$dir/modules/usr/lib/modules/$version/${name%.xz}" "$root/lib/"
		echo "/lib/${name%.xz}"
	done >"$root/modules"
	(cd "$root" && find . | cpio --quiet -o -H newc) >"$dir/initrd"
	rm -r "$root"
}

# layer_make FILE DESTDIR [MODULE.ko]: our layer, from what meson installed
layer_make() {
	local file=$1 root=$2 module=${3:-} version image
	version=$(kernel_version)
	image=$(image_path)
	mkdir -p "$root/usr/lib/wlbridge"
	cp -a "$WLB_TOP/tools/guest" "$root/usr/lib/wlbridge/guest"
	cp -a "$image/modules/." "$root/"
	if [ -n "$module" ]; then
		cp "$module" "$root/usr/lib/modules/$version/"
	fi
	depmod -b "$root/usr" "$version" 2>/dev/null ||
		depmod -b "$root" "$version"
	rm -f "$file"
	mkfs.erofs --quiet --all-root "$file" "$root" >/dev/null
}
