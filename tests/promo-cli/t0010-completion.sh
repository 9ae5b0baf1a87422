#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0010-completion.sh PROMO
# Proves that commands, options and words of the rows are completed where no server is, in bash, zsh and
# fish (those that are here), and that files are left to the shell.
set -eu
# Not a folder that is not there: fish, run as root, makes it.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export PATH=${1%/*}:$PATH HOME=$home XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home XDG_STATE_HOME=$home \
	LC_ALL=C.UTF-8
unset PROMO_SERVER PROMO_PROFILE PROMO_API_KEY_FILE CREDENTIALS_DIRECTORY
# shellcheck source=/dev/null
source <(promo completion bash)
# It is called by hand here, outside of a Tab.
compopt()
{
	options+=" $*"
}

complete_line()
{
	COMP_LINE="promo $1"
	COMP_POINT=${#COMP_LINE}
	options=
	# What bash calls the word.
	_promo promo "${COMP_LINE##*[ =]}"
}

# offers EXPECTED LINE
offers()
{
	complete_line "$2"
	[[ " ${COMPREPLY[*]} " == *" $1 "* ]] && return
	echo "promo $2: offers '${COMPREPLY[*]}', not $1"
	exit 1
}

# offers_only EXPECTED LINE
offers_only()
{
	complete_line "$2"
	[[ ${COMPREPLY[*]} == "$1" ]] && return
	echo "promo $2: offers '${COMPREPLY[*]}', not only '$1'"
	exit 1
}

offers redeem re
offers batch ba
offers create 'batch cr'
offers wait 'job w'
offers wait '--json --profile shop2 job w'
offers --codes 'batch create --c'
offers_only --phone 'redeem A1U2-C325-5X09-6E21 --pho'
offers_only '' 'redeem A1U2-C325-5X09-6E21 --phone 0788123456 --pho'
offers branding.company_name 'settings get branding.c'
offers notifications.smtp.url 'settings set notifications.smtp'
offers alerts 'settings edit al'
offers acknowledge-all 'alert ack'
offers --status 'batch list --all --st'
offers_only active 'batch list --status act'
offers_only active,expired 'batch list --status active,exp'
offers_only id,total_codes 'batch list --columns id,tot'
offers_only id,total_codes 'batch list --json=id,tot'
offers_only pdf 'download X --format p'
offers_only create 'help batch cr'
offers_only 'bash zsh fish' 'completion '
# bash parts at "=" itself.
offers_only active 'batch list --status=act'
offers_only '' 'batch create --nothing'
offers_only '' 'nothing '
offers_only '' "batch sh\$(echo ow) "
offers_only '' 'complet-'
offers_only '' 'branding set-logo '
[[ $options == *'-o default'* ]] || { echo 'no names of files are asked for'; exit 1; }
offers_only '' 'batch list --status "active" -'"'"'x'

if command -v fish >/dev/null; then
	promo completion fish | fish --no-config --no-execute /dev/stdin
	said=$(fish --no-config -c 'promo completion fish | source
		complete -C "promo batch cr"; complete -C "promo batch list --status=act"
		complete -C "promo download X --output '"$0"'"' 2>/dev/null)
	[[ $said == $'create\tCreate a batch and generate its codes\n--status=active\n'*"${0##*/}" ]] ||
		{ echo "fish offers '$said'"; exit 1; }
fi
if command -v zsh >/dev/null; then
	promo completion zsh | zsh -f -n /dev/stdin
fi
