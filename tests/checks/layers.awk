# SPDX-License-Identifier: MIT
# Holds the includes of C files (as strip.awk writes them, strings kept) against layers.txt, which is
# read first. Tests, benchmarks and examples stand outside the layers: they may include anything.

function below(path, folder)
{
	return path == folder || index(path, folder "/") == 1
}

function below_any(path, folders,    folder, count, i)
{
	count = split(folders, folder, " ")
	for (i = 1; i <= count; i++)
		if (below(path, folder[i]))
			return 1
	return 0
}

function complain(text)
{
	print file ":" line ": " text
	bad = 1
}

FILENAME == table {
	if ($1 == "layer") {
		layers[++layer_count] = $2
		for (i = 3; i <= NF; i++)
			may[$2] = may[$2] " " $i
	} else if ($1 == "only") {
		home[$2] = $3
		for (i = 4; i <= NF; i++)
			home[$2] = home[$2] " " $i
	} else if ($1 == "once") {
		once[$2] = 1
	}
	next
}

{
	if (!match($0, /^[^:]+:[0-9]+:[ \t]*#[ \t]*include[ \t]+[<"][^>"]+[>"]/))
		next
	split($0, part, ":")
	file = part[1]
	line = part[2]
	header = substr($0, RSTART, RLENGTH)
	system_header = header ~ />$/
	sub(/^[^<"]*[<"]/, "", header)
	sub(/[>"]$/, "", header)

	layer = ""
	for (i = 1; i <= layer_count; i++)
		if (below(file, layers[i]))
			layer = layers[i]
	if (layer == "")
		next
	if (system_header) {
		for (name in home) {
			if (index(header, name) != 1)
				continue
			if (!below_any(file, home[name]))
				complain("<" header "> belongs to " home[name] " alone")
			else if ((name in once) && user[name] != "" && user[name] != file)
				complain("<" header "> is already included by " user[name] "; one file only")
			else
				user[name] = file
		}
		next
	}
	if (header !~ /\//) {
		complain("write the path from the root in the include of \"" header "\"")
		next
	}
	count = split(may[layer], allowed, " ")
	for (i = 1; i <= count; i++)
		if (below(header, allowed[i]))
			next
	complain(layer " may not include \"" header "\"")
}

END {
	exit bad
}
