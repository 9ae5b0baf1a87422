#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: layers.sh ROOT: no file below ROOT includes what layers.txt does not allow.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
find libpromo promod promo-cli promo-tui \( -name '*.c' -o -name '*.h' -o -name '*.def' \) \
	-type f 2>/dev/null | LC_ALL=C sort |
	xargs awk -v keep=strings -f "$here/strip.awk" |
	awk -v table="$here/layers.txt" -f "$here/layers.awk" "$here/layers.txt" -
