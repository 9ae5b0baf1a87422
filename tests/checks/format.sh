#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: format.sh ROOT CLANG-FORMAT: every C file is laid out as .clang-format says. Only the version
# of Debian 12 is asked: others lay some things out differently.
set -eu

cd "$1"
find libpromo promod promo-cli promo-tui tests bench docs/examples man -name '*.[ch]' -type f \
	2>/dev/null | sort | xargs "$2" --dry-run --Werror
