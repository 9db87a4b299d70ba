# SPDX-License-Identifier: MIT
# Building: meson for the programs, kbuild for the module.

# logged LOG COMMAND...: quietly; on failure the log's end is shown
logged() {
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		say "failed: $* (log: $log)"
		return 1
	fi
}

# build_meson DIR [OPTION...]: set up if there is nothing yet, compile
build_meson() {
	local dir=$1
	shift
	mkdir -p "$dir"
	if [ ! -e "$dir/build.ninja" ]; then
		logged "$dir/setup.log" meson setup --prefix=/usr \
			--libdir="lib/$(gcc -print-multiarch)" \
			-Dauto_features=enabled "$@" "$dir" "$WLB_TOP" || return
	fi
	logged "$dir/compile.log" meson compile -C "$dir"
}

# build_install DIR DESTDIR: what a package would hold
build_install() {
	rm -rf "$2"
	logged "$1/install.log" meson install -C "$1" --no-rebuild \
		--destdir "$2"
}

# build_path DESTDIR: run what is installed there as if it were in its place
build_path() {
	local lib
	lib=$1/usr/lib/$(gcc -print-multiarch)
	export PATH=$1/usr/bin:$PATH LD_LIBRARY_PATH=$lib
}

# header_versions: the kernels that the module can be built for, oldest first
header_versions() {
	local dir
	for dir in "$WLB_TREE"/usr/lib/modules/*/build; do
		if [ -e "$dir" ]; then
			basename "${dir%/build}"
		fi
	done | sort -V
}

# build_module VERSION DIR [MAKE ARGUMENT...]: DIR/virtio_wl.ko
build_module() {
	local version=$1 dir=$2
	shift 2
	mkdir -p "$dir"
	logged "$dir.log" make -C "$WLB_TOP/virtio-wl/module" OUT="$dir" \
		KDIR="/usr/lib/modules/$version/build" "$@"
}
