# SPDX-License-Identifier: MIT
# The Debian 13 tree: everything is built, tested and booted from it, so that a
# machine with an older or another system gives the same results.
#
# The tree is only ever read after it was made. More packages mean another
# tree, a copy of this one.

WLB_RECIPE=2	# counts changes to the recipe below that no package list shows

# package_list FILE: the names in it, one a line
package_list() {
	sed 's/#.*//' "$WLB_TOP/tools/lib/$1" | tr -s ' \t' '\n' | sed '/^$/d'
}

# debian_key [EXTRA PACKAGE...]: the name of the tree that holds these
debian_key() {
	{
		echo "recipe $WLB_RECIPE"
		package_list packages-trixie
		package_list packages-backports
		if [ $# -gt 0 ]; then
			printf 'extra %s\n' "$@" | sort -u
		fi
	} | key_of
}

# mirror LABEL: where this machine gets the packages of that archive from
mirror() {
	apt-get indextargets --format '$(REPO_URI)' \
		'Created-By: Packages' "Label: $1" | sort -u | sed -n 1p
}

# host_needs: install what making and entering a tree takes, or say it
host_needs() {
	local -A needs=([bwrap]=bubblewrap [mmdebstrap]=mmdebstrap)
	local command missing=()

	if [ "$(id -u)" != 0 ]; then
		needs[newuidmap]=uidmap
	fi
	for command in "$@"; do
		if [ -n "${needs[$command]:-}" ] &&
			! command -v "$command" >/dev/null; then
			missing+=("${needs[$command]}")
		fi
	done
	if [ ${#missing[@]} = 0 ]; then
		return 0
	fi
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		say "installing ${missing[*]} on this machine"
		{
			apt-get update &&
				DEBIAN_FRONTEND=noninteractive apt-get install -y \
					--no-install-recommends "${missing[@]}"
		} >"$WLB_CACHE/host-packages.log" 2>&1 ||
			die "that failed; see $WLB_CACHE/host-packages.log"
		return 0
	fi
	die "this machine lacks ${missing[*]}: install them and try again" \
		"(as root on Debian, this is done for you)"
}

# debian_sources: the lines of sources.list, from what this machine uses
debian_sources() {
	local main=${WLBRIDGE_MIRROR:-} security=
	if [ -z "$main" ]; then
		main=$(mirror Debian)
		if [ -z "$main" ] && [ "$(id -u)" = 0 ]; then
			apt-get update >&2
			main=$(mirror Debian)
		fi
		security=$(mirror Debian-Security)
	fi
	if [ -z "$main" ]; then
		die "apt knows no Debian mirror here: set WLBRIDGE_MIRROR to one"
	fi
	echo "deb ${main%/} trixie main"
	echo "deb ${main%/} trixie-backports main"
	if [ -n "$security" ]; then
		echo "deb ${security%/} trixie-security main"
	fi
}

# The kernel's style checker comes only with the kernel's source.
WLB_CHECKPATCH='
	set -e
	into=/usr/lib/wlbridge
	source=linux-source-6.12
	mkdir -p $into
	cd /tmp
	apt-get download $source
	dpkg-deb --fsys-tarfile ${source}_*.deb |
		tar -xO ./usr/src/$source.tar.xz |
		tar -xJ -C $into --strip-components=2 --occurrence=1 \
			$source/scripts/checkpatch.pl \
			$source/scripts/const_structs.checkpatch \
			$source/scripts/spelling.txt
	rm ${source}_*.deb'

# debian_make DIR [PACKAGE...]: a tree from nothing
debian_make() {
	local dir=$1 include sources mode=root
	local log=$WLB_CACHE/env.log
	shift
	host_needs mmdebstrap newuidmap
	include=$({
		package_list packages-trixie
		printf '%s\n' "$@"
	} | sed '/^$/d' | paste -sd,)
	sources=$(debian_sources)
	export WLB_BACKPORTS WLB_CHECKPATCH INITRD=No
	WLB_BACKPORTS=$(package_list packages-backports | paste -sd' ')
	if [ "$(id -u)" != 0 ]; then
		mode=unshare
	fi
	say "making the Debian 13 tree: about 3 minutes, 2.5 GB (log: $log)"
	rmdir "$dir"
	debian_bootstrap "$mode" "$dir" \
		--variant=minbase --mode="$mode" \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--aptopt='APT::Install-Recommends "false"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-include=/usr/share/doc/*/copyright' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/info/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--include="$include" \
		--customize-hook='echo "I: backports" >&2' \
		--customize-hook='chroot "$1" apt-get install -y \
			-t trixie-backports $WLB_BACKPORTS' \
		--customize-hook='echo "I: checkpatch" >&2' \
		--customize-hook='chroot "$1" sh -c "$WLB_CHECKPATCH" || true' \
		trixie <<<"$sources" 2>&1 | tee "$log" | debian_progress
	say "the tree is made"
}

# debian_bootstrap MODE DIR OPTION...: run mmdebstrap, sources on stdin
debian_bootstrap() {
	local mode=$1 dir=$2
	shift 2
	if [ "$mode" = root ]; then
		mmdebstrap "$@" "$dir" -
		return
	fi
	# The tar's owners are of no use to us: everything becomes ours.
	mmdebstrap "$@" "$dir.tar" -
	mkdir "$dir"
	tar -C "$dir" --no-same-owner --exclude='./dev/*' -xf "$dir.tar"
	rm "$dir.tar"
}

# debian_progress: of mmdebstrap's log, the lines that tell how far it is
debian_progress() {
	local line
	while IFS= read -r line; do
		case $line in
		'I: download'* | 'I: extract'* | 'I: installing'* | 'I: backports' | \
			'I: checkpatch' | 'E: '*)
			say "  ${line#I: }"
			;;
		esac
	done
}

# debian_extend DIR PACKAGE...: a copy of the base tree with more in it
debian_extend() {
	local dir=$1 log=$WLB_CACHE/env-extra.log
	shift
	say "making a tree with $* as well (log: $log)"
	cp -a --reflink=auto "$WLB_CACHE/env-$(debian_key)/." "$dir/"
	bwrap --bind "$dir" / --dev /dev --proc /proc --tmpfs /run \
		--ro-bind "$(realpath /etc/resolv.conf)" /etc/resolv.conf \
		--setenv DEBIAN_FRONTEND noninteractive --chdir / \
		sh -ec 'apt-get update
			apt-get install -y --no-install-recommends "$@"
			apt-get clean
			rm -rf /var/lib/apt/lists/*' sh "$@" >"$log" 2>&1 ||
		die "installing $* failed; see $log"
	say "the tree is made"
}
