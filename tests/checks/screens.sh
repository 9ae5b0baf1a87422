#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/screens.md shows what the tests of tests/screens see.
set -eu

cd "$1"
if ! scripts/screens-page | diff docs/screens.md -; then
	echo 'docs/screens.md is not what the tests see; ninja -C build pictures makes it anew' >&2
	exit 1
fi
