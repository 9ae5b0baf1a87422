#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0900-forms.sh PROMO PROMOD
# Proves against the real daemon: every form of output of a list, an object and a write is what the files in
# golden/ say; what contradicts itself or names no field is refused before anything is done. With
# PROMO_GOLDEN_WRITE set the files are written instead of compared: look at the difference then.
set -eu
golden=$(cd "$(dirname "$0")/golden" && pwd)
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

# like_golden NAME: what was printed is that file, but for ids, times and hashes.
like_golden()
{
	sed -E 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/ID/g
		s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g
		s/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/CODE/g' "$out" >"$place/found"
	if [ -n "${PROMO_GOLDEN_WRITE-}" ]; then
		cp "$place/found" "$golden/$1"
	fi
	diff -u "$golden/$1" "$place/found" || wrong "that is not golden/$1"
}

run 0 promo batch create beta --codes 3 --amount 12.50 --currency USD --expires 2099-12-31 -q
[ ! -s "$out" ] || wrong 'a write says something with -q'
run 0 promo batch create alpha --codes 2 --amount 500 --expires 2099-06-30 \
	--description '=SUM(A1), "quoted"'

list='batch list --sort batch_name'
fields=batch_name,total_codes,created_by.name,description
while read -r name options; do
	# shellcheck disable=SC2086
	run 0 promo $list $options
	like_golden "list.$name"
	# shellcheck disable=SC2086
	run 0 promo batch show alpha $options
	like_golden "object.$name"
	# shellcheck disable=SC2086
	run 0 promo batch update alpha --description '=SUM(A1), "quoted"' $options
	like_golden "write.$name"
done <<END
text
no-headers --no-headers
json --json
json-fields --json=$fields
ndjson --ndjson
ndjson-fields --ndjson=$fields
csv --csv
csv-fields --csv=$fields
csv-no-headers --csv=$fields --no-headers
quiet -q
END
template='{batch_name} \{{total_codes}\}\t{created_by.name}\n'
run 0 promo $list --template "$template"
like_golden list.template
run 0 promo batch show alpha --template "$template"
like_golden object.template
run 0 promo batch update alpha --template "$template" --description ''
like_golden write.template

# A job, when it has ended.
run 0 promo generate beta 2 --json=kind,status,done,total
like_golden job.json-fields
run 0 promo generate beta 2 --template '{status} {done}\n'
like_golden job.template

# Pages behind one another are one answer, whatever the form.
run 0 promo code list --batch beta --all --limit 2 --json=status,amount --count
like_golden pages.json-fields
run 0 promo code list --batch beta --all --limit 2 --ndjson=status,amount
like_golden pages.ndjson-fields
run 0 promo code list --batch beta --all --limit 3 --csv=status,batch.batch_name
like_golden pages.csv-fields
run 0 promo code list --batch beta --all --limit 3 --columns status,batch.batch_name
like_golden pages.columns
run 0 promo code list --batch beta --all --limit 3 -q
[ "$(sort -u "$out" | wc -l)" = 7 ] || wrong 'an id is missing or twice'
says_nothing
run 0 promo code list --batch beta --status redeemed --json=id
like_golden none.json
run 0 promo code list --batch beta --status redeemed --ndjson
[ ! -s "$out" ] || wrong 'an empty list has lines'

# Every list that there is has as many lines in each form, and rows as wide as its header.
nouns=$("$promo_program" --help | sed -n '/^Everything/,/^Options/p' |
	awk '/^  [a-z]/ { noun = $1 } /[ ,]list(,|$)/ { print noun }')
[ "$(echo "$nouns" | wc -l)" -gt 12 ] || wrong "there are hardly any lists: $nouns"
for noun in $nouns; do
	run 0 promo "$noun" list --limit 5
	awk -F'\t' 'NR == 1 { n = NF } NF != n { exit 1 }' "$out" || wrong "$noun list: a row is not as its header"
	lines=$(($(wc -l <"$out") - 1))
	for form in --ndjson --csv; do
		run 0 promo "$noun" list --limit 5 "$form" --no-headers
		found=$(wc -l <"$out")
		# The text of a message has lines of its own.
		[ "$form $noun" = '--csv notification' ] || [ "$found" -eq "$lines" ] ||
			wrong "$noun list $form has $found lines, not $lines"
	done
done

# What cannot be is refused before anything is sent.
run 2 promo $list --json --csv
says '^promo: --json and --csv contradict each other'
run 2 promo $list -q --template '{id}'
says 'contradict each other'
run 2 promo $list --json=id --columns id
says 'contradict each other'
for options in --json=id,nothing --ndjson=nothing --csv=nothing --columns=nothing \
	'--template {nothing}' --json=batch_name.id; do
	# shellcheck disable=SC2086
	run 2 promo $list $options
	says "there is no field '"
	says '^there are: id, batch_name, '
done
for template in '{id' 'id}' '\x' ''; do
	run 2 promo $list --template "$template"
	says '^promo: --template: '
done
run 2 promo batch create gamma --codes 1 --amount 1 --expires 2099-12-31 --json=nothing
run 2 promo batch create gamma --codes 1 --amount 1 --expires 2099-12-31 --csv --quiet
run 6 promo batch show gamma
run 2 promo settings get --csv
says 'prints no fields'

# A refusal is an answer too, in JSON; elsewhere it is talk.
run 6 promo batch show 01a2b3c4-d5e6-7f80-9a0b-1c2d3e4f5a6b --ndjson
grep -q '"code": *"not_found"' "$out" || wrong 'the refusal is not given'
run 6 promo batch show 01a2b3c4-d5e6-7f80-9a0b-1c2d3e4f5a6b --csv
[ ! -s "$out" ] || wrong 'a refusal stands among the data'
finish
