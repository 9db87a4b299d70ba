# SPDX-License-Identifier: MIT
# What every tool starts with: where the repository is, and the small pieces
# that all of them use.

WLB_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export WLB_TOP
. "$WLB_TOP/tools/lib/log.sh"
. "$WLB_TOP/tools/lib/cache.sh"

# in_tree [--packages "A B"] -- COMMAND...: go on inside the Debian tree
in_tree() {
	if [ -n "${WLB_TREE:-}" ]; then
		return 0
	fi
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	exec "$WLB_TOP/tools/env" "${options[@]}" run -- "$@"
}
