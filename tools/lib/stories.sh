# SPDX-License-Identifier: MIT
# The VM suite: each tests/vm/*.sh is a story that boots what it needs and
# tells in TAP how it went.

# guest_layer BUILD FILE: our layer for guests, from a finished build
guest_layer() {
	local build=$1 file=$2 version
	version=$(kernel_version)
	build_module "$version" "$build/module-$version" &&
		build_install "$build" "$build/destdir" &&
		layer_make "$file" "$build/destdir" \
			"$build/module-$version/virtio_wl.ko"
}

# stories BUILD: all of them, with what was built there
stories() {
	local story name
	say "making our layer for guests"
	export STORY_BUILD=$1 STORY_LAYER=$1/layer.erofs
	attempt vm "a layer for guests" \
		guest_layer "$STORY_BUILD" "$STORY_LAYER"
	for story in "$WLB_TOP"/tests/vm/*.sh; do
		name=$(basename "$story" .sh)
		say "vm: $name"
		export STORY_LOGS=$STORY_BUILD/vm/$name
		rm -rf "$STORY_LOGS"
		mkdir -p "$STORY_LOGS"
		timeout 1200 bash "$story" 2>"$STORY_LOGS/stderr" |
			results_tap vm "$name" || true
	done
}
