# SPDX-License-Identifier: MIT
# Writes C files as FILE:LINE:TEXT without their comments, so that the other checks can match words.
# -v keep=code also empties the string literals, -v keep=strings leaves them.

FNR == 1 {
	inside = 0
}

{
	out = ""
	quote = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		d = substr($0, i, 2)
		if (inside) {
			if (d == "*/") {
				inside = 0
				i++
			}
		} else if (quote != "") {
			if (c == "\\") {
				if (keep == "strings")
					out = out d
				i++
			} else if (c == quote) {
				quote = ""
				out = out c
			} else if (keep == "strings") {
				out = out c
			}
		} else if (d == "/*") {
			inside = 1
			i++
		} else if (d == "//") {
			break
		} else {
			if (c == "\"" || c == "'")
				quote = c
			out = out c
		}
	}
	print FILENAME ":" FNR ": " out
}
