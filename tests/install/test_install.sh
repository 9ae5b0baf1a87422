#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: test_install.sh SOURCE BUILD CC [FLAG...]: what is installed is enough to build on.
#
# Installs into an empty folder, compiles each installed header by itself, builds docs/examples with
# nothing but pkg-config and that folder, and runs it. FLAGs are what the library was built with and
# a program has to be as well (sanitizers); CC is one argument with all its words, like "ccache cc".
set -eu
export LC_ALL=C

source=$1
build=$2
cc=$3
shift 3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

DESTDIR=$scratch/root meson install -C "$build" --no-rebuild --quiet >"$scratch/log" 2>&1 || {
	cat "$scratch/log"
	exit 1
}
pc=$(find "$scratch/root" -name libpromo.pc)
[ -n "$pc" ] || {
	echo 'libpromo.pc was not installed'
	exit 1
}
export PKG_CONFIG_PATH="${pc%/*}"
export PKG_CONFIG_SYSROOT_DIR="$scratch/root"
cflags=$(pkg-config --cflags libpromo libpromo-server)
library=$(dirname "$(find "$scratch/root" -name libpromo.so)")
include=$(dirname "$(find "$scratch/root" -path '*/libpromo/promo.h')")

failed=0
cd "${include%/*}"
for header in $(find libpromo -name '*.h' | sort); do
	# shellcheck disable=SC2086 # these are words
	printf "#include <%s>\nextern int nothing;\n" "$header" |
		$cc -std=gnu17 -Wall -Wextra -Wpedantic -Werror $cflags -x c -fsyntax-only - || {
		echo "$header does not compile by itself"
		failed=1
	}
done

# shellcheck disable=SC2046,SC2086 # these are words
$cc -std=gnu17 -Wall -Wextra -Wpedantic -Werror "$@" -o "$scratch/generate_and_check" \
	"$source/docs/examples/generate_and_check.c" $(pkg-config --cflags --libs libpromo)
cd "$scratch"
LD_LIBRARY_PATH=$library ./generate_and_check >out
cat out
[ "$(wc -l <out)" -eq 4 ] && grep -q 'never printed' out || failed=1
exit $failed
