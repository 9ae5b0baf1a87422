#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0010-completion.sh PROMO
# Proves that the completion script is one that bash takes, and that it offers commands and options.
set -eu
promo=$1
# shellcheck source=/dev/null
source <("$promo" completion bash)

offers()
{
	local expected=$1
	shift
	COMP_WORDS=(promo "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_promo
	[[ " ${COMPREPLY[*]} " == *" $expected "* ]] && return
	echo "promo $*: offers '${COMPREPLY[*]}', not $expected"
	exit 1
}

offers redeem re
offers batch ba
offers create batch cr
offers wait job w
offers --codes batch create --c
offers --phone redeem A1U2-C325-5X09-6E21 --p
offers branding.company_name settings get branding.c
offers notifications.smtp.url settings set notifications.smtp
offers alerts settings edit al
offers acknowledge-all alert ack
offers --status batch list --all --st
COMP_WORDS=(promo batch create --nothing)
COMP_CWORD=3
_promo
[[ ${#COMPREPLY[@]} -eq 0 ]] || { echo "something is offered for nothing"; exit 1; }
