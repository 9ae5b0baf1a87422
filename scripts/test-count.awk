# SPDX-License-Identifier: MIT
# Reads meson's testlog.json (one test program a line) and writes "passed failed skipped" of its
# cases; each failed program's output goes to the file `failures`, the names of what was skipped to
# `skips`. A program that runs cmocka counts with its cases, any other as one.
# Quotes within a string of JSON are escaped, so `"result": "` can only be the key.

function value(key,    at, rest)
{
	at = index($0, "\"" key "\": \"")
	if (!at)
		return ""
	rest = substr($0, at + length(key) + 5)
	if (substr(rest, 1, 1) == "\"")
		return ""
	return substr(rest, 1, match(rest, /[^\\]"/))
}

# The sum of the numbers in "[  WORD  ] N test(s)".
function cases(word,    rest, sum, pattern, part)
{
	rest = $0
	sum = 0
	pattern = "\\[  " word " +\\] [0-9]+ test"
	while (match(rest, pattern)) {
		split(substr(rest, RSTART, RLENGTH), part, /\] /)
		sum += part[2] + 0
		rest = substr(rest, RSTART + RLENGTH)
	}
	return sum
}

function unescaped(text)
{
	gsub(/\\n/, "\n", text)
	gsub(/\\t/, "\t", text)
	gsub(/\\u001b\[[0-9;]*m/, "", text)
	gsub(/\\"/, "\"", text)
	gsub(/\\\\/, "\\", text)
	return text
}

{
	name = value("name")
	result = value("result")
	ok = cases("PASSED")
	bad = cases("FAILED")
	left = cases("SKIPPED")
	passed += ok
	skipped += left
	if (left)
		print name ": " left " of its cases" >>skips
	if (result == "OK" || result == "EXPECTEDFAIL") {
		if (!ok && !left)
			passed++
	} else if (result == "SKIP") {
		skipped++
		print name >>skips
	} else {
		failed += bad ? bad : 1
		print "---- " name " (" result ")" >>failures
		print unescaped(value("stdout")) >>failures
		print unescaped(value("stderr")) >>failures
	}
}

END {
	print passed + 0, failed + 0, skipped + 0
}
