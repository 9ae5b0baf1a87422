# SPDX-License-Identifier: MIT
# Files of at most 500 lines, functions of at most 70. A function is what stands between a brace alone
# in column 1 and the next one that closes it there, which is how .clang-format writes them.

function complain(line, text)
{
	print FILENAME ":" line ": " text
	bad = 1
}

FNR == 1 {
	start = 0
}
FNR == 501 {
	complain(FNR, "the file has more than 500 lines: it holds two ideas")
}
FILENAME ~ /\.[ch]$/ {
	if ($0 == "{") {
		start = FNR
	} else if ($0 == "}" && start) {
		if (FNR - start - 1 > 70)
			complain(start, "the function has " (FNR - start - 1) " lines, 70 at most")
		start = 0
	}
}

END {
	exit bad
}
