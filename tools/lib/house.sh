# SPDX-License-Identifier: MIT
# What holds for the whole house rather than for one test.

house_licences() {
	(cd "$WLB_TOP" && reuse lint --lines)
}

# house_scripts: shellcheck on whatever says that it is a shell script
house_scripts() {
	local file line scripts=()
	while IFS= read -r -d '' file; do
		line=
		IFS= read -r line <"$WLB_TOP/$file" 2>/dev/null || true
		case $file:$line in
		*.sh:* | *:'#!'*[/' ']sh | *:'#!'*bash)
			scripts+=("$file")
			;;
		esac
	done < <(git -C "$WLB_TOP" ls-files -z)
	(cd "$WLB_TOP" && shellcheck "${scripts[@]}")
}

# house_sizes: a file past 25 KB is two files
house_sizes() {
	local large
	large=$(cd "$WLB_TOP" && git ls-files -z -- '*.[ch]' '*.[ch]pp' '*.sh' '*.py' |
		xargs -0 find 2>/dev/null -size +25000c -print)
	if [ -n "$large" ]; then
		echo "$large"
		return 1
	fi
}

house_checkpatch() {
	local script=$WLB_TREE/usr/lib/wlbridge/checkpatch.pl
	if [ ! -e "$script" ]; then
		return 77
	fi
	(cd "$WLB_TOP" && perl "$script" --no-tree --terse --strict --file \
		virtio-wl/module/*.[ch])
}

house() {
	local version
	attempt unit "licences: reuse lint" house_licences
	attempt unit "scripts: shellcheck" house_scripts
	attempt unit "no file past 25 KB" house_sizes
	attempt unit "module: checkpatch" house_checkpatch
	for version in $(header_versions); do
		attempt unit "module builds for Linux $version" \
			build_module "$version" "$BUILD/module-$version" W=1
	done
}
