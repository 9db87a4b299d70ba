# SPDX-License-Identifier: MIT
# Things that are slow to make are made once, under a name that says what they
# were made from. They are made beside that name and renamed when complete, so
# a name that exists is always whole; a lock keeps two makers apart.

WLB_CACHE=${WLB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/wlbridge}
export WLB_CACHE

# key_of: a short name for what stands on stdin
key_of() {
	local sum
	sum=$(sha256sum)
	printf '%s\n' "${sum:0:12}"
}

# cached NAME MAKER [ARG...]: see to it that $WLB_CACHE/NAME exists
#
# MAKER is called with the path of an empty directory to fill and the ARGs, in
# a subshell that holds the lock.
cached() {
	local name=$1 maker=$2 target=$WLB_CACHE/$1
	shift 2
	if [ -e "$target" ]; then
		return 0
	fi
	mkdir -p "$WLB_CACHE"
	(
		exec 9>"$WLB_CACHE/$name.lock"
		if ! flock --nonblock 9; then
			say "waiting for another run that makes $name"
			flock 9
		fi
		if [ -e "$target" ]; then
			exit 0
		fi
		part=$target.part
		rm -rf --one-file-system "$part"
		mkdir "$part"
		"$maker" "$part" "$@"
		mv -T "$part" "$target"
	)
}
