#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0600-settings.sh PROMO PROMOD
# Proves against the real daemon that settings are shown, set, edited, exported, compared, imported, kept and
# put back with `promo` alone; that each bad one is named; and that nobody overwrites another's change.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

# One by one.
run 0 promo settings get branding.company_name
prints_exactly <<<'MBELYCO'
run 0 promo settings get branding.theme
prints_exactly <<-'EOT'
	setting	value
	branding.theme.primary_color	#15a000
	branding.theme.secondary_color	#0f7a00
	branding.theme.font	Inter
EOT
run 0 promo --json settings get notifications.keep_days
prints_exactly <<<'90'
run 0 promo --json settings get branding.theme
prints_exactly <<<'{"primary_color":"#15a000","secondary_color":"#0f7a00","font":"Inter"}'
run 2 promo settings get branding.compny_name
says 'did you mean branding.company_name?'
run 0 promo settings set branding.company_name 'Kigali "Coffee"'
says "branding.company_name is now Kigali \"Coffee\""
run 0 promo settings set branding.company_name 'Kigali "Coffee"'
says 'was already'
run 0 promo settings get branding.company_name
prints_exactly <<<'Kigali "Coffee"'
run 0 promo settings set branding.company_phone '0788 000 111'
run 0 promo settings get branding.company_phone
prints_exactly <<<'+250788000111'
recipients=notifications.email_notifications.recipients
run 0 promo settings set $recipients a@promo.example b@promo.example,c@promo.example
run 0 promo settings get $recipients
prints_exactly <<-'EOT'
	a@promo.example
	b@promo.example
	c@promo.example
EOT
run 0 promo --json settings get $recipients
prints_exactly <<<'["a@promo.example","b@promo.example","c@promo.example"]'
run 0 promo settings set $recipients ''
says 'is now empty'
run 0 promo settings get $recipients
prints_exactly </dev/null
run 0 promo settings set branding.company_name --default
run 0 promo settings get branding.company_name
prints_exactly <<<'MBELYCO'

# What is bad is named by the setting, here or by the server; nothing is changed.
run 2 promo settings set branding.company_name ''
says '^  branding.company_name: '
run 2 promo settings set branding.theme.primary_color '#15a00g'
says '^  branding.theme.primary_color: '
run 2 promo settings set $recipients good@promo.example bad
says "^  $recipients"
run 2 promo settings set maintenance.maintenance_mode.enabled true
says '^  maintenance.maintenance_mode.message: is required'
run 2 promo settings set branding.company_name
run 2 promo settings set branding.company_name Kigali Coffee
says 'one value'
run 7 promo settings set branding.company_name Other --if-version 1
run 0 promo settings get branding.company_name
prints_exactly <<<'MBELYCO'

# As a file.
run 0 promo settings export
cp "$out" "$place/settings.json"
run 0 promo settings diff "$place/settings.json"
says 'as .* says'
sed -i 's/"Inter"/"Lato"/; s/"keep_days": 90/"keep_days": 30/' "$place/settings.json"
run 1 promo settings diff "$place/settings.json"
prints_exactly <<-'EOT'
	setting	before	after
	branding.theme.font	"Inter"	"Lato"
	notifications.keep_days	90	30
EOT
run 0 promo settings import "$place/settings.json" --dry-run
says 'would change: 2'
run 0 promo settings get branding.theme.font
prints_exactly <<<'Inter'
run 0 promo settings snapshot --note before
before=$(sed -n 's/^id	//p' "$out")
run 0 promo settings import "$place/settings.json"
says 'changed: 2'
run 0 promo settings import - <"$place/settings.json"
run 0 promo settings get notifications.keep_days
prints_exactly <<<'30'
run 0 promo settings restore "$before" --yes
run 0 promo settings get notifications.keep_days
prints_exactly <<<'90'
printf '%s' '{"format": "promo-settings", "settings":
	{"branding": {"theme": {"font": ""}, "compny": 1}}}' >"$place/bad.json"
run 2 promo settings import "$place/bad.json"
says '^  branding.theme.font: '
says '^  branding.compny: '
echo '{"format": "promo-settings"}' >"$place/empty.json"
run 2 promo settings import "$place/empty.json"
grep -q '^  settings: is required$' "$err" || wrong 'what is missing has another name'
run 2 promo settings import "$place/password"
run 2 promo settings import
run 1 promo settings import "$place/nothing.json"

# In an editor: an ordinary one, one that does nothing, one that is refused and then mends it.
export TMPDIR=$place/temporary
mkdir "$TMPDIR"
unset VISUAL
export EDITOR='sed -i s/Inter/Lato/'
run 0 promo settings edit branding
run 0 promo settings get branding.theme.font
prints_exactly <<<'Lato'
EDITOR=true run 0 promo settings edit branding
says 'nothing was changed'
EDITOR=false run 1 promo settings edit branding
EDITOR='kill -INT $$ #' run 130 promo settings edit branding
[ -z "$(ls "$TMPDIR")" ] || wrong 'a file was left behind'
cat >"$place/fall" <<-'EOT'
	#!/bin/sh
	sed -i s/Lato/Kept/ "$1"
	exit 1
EOT
chmod 755 "$place/fall"
EDITOR=$place/fall run 1 promo settings edit branding
says 'what you wrote is in'
grep -q Kept "$TMPDIR"/* || wrong 'the work is gone'
rm -f "$TMPDIR"/*
cat >"$place/mend" <<-'EOT'
	#!/bin/sh
	[ "$(stat -c %a "$1")" = 600 ] || exit 1
	if grep -q '^#   branding.theme.font: ' "$1"; then
		sed -i 's/"font": ""/"font": "Noto"/' "$1"
	elif grep -q '^#   branding.theme.primary_color: has to be a colour like ' "$1"; then
		sed -i 's/#bad/#123456/' "$1"
	else
		sed -i 's/"Lato"/""/; s/#15a000/#bad/' "$1"
	fi
EOT
chmod 755 "$place/mend"
EDITOR=$place/mend run 0 promo settings edit branding
run 0 promo settings get branding.theme.font
prints_exactly <<<'Noto'
EDITOR='sed -i s/Noto//' run 2 promo settings edit branding
says '^  branding.theme.font: '
says 'what you wrote is in'
rm -f "$TMPDIR"/*

# Somebody else was faster.
cat >"$place/slow" <<-EOT
	#!/bin/sh
	"$promo_program" settings set branding.company_name Faster
	sed -i s/Noto/Slow/ "\$1"
EOT
chmod 755 "$place/slow"
EDITOR=$place/slow run 7 promo settings edit branding
says 'what you wrote is in'
grep -q Slow "$TMPDIR"/* || wrong 'the work is gone'
rm -f "$TMPDIR"/*
run 0 promo settings get branding.company_name
prints_exactly <<<'Faster'
run 0 promo settings get branding.theme.font
prints_exactly <<<'Noto'
finish
