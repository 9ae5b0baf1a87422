# SPDX-License-Identifier: MIT
#
# Turns sql/schema and sql/query into C: statements.h (enum promo_query) and statements.c (the two
# tables of libpromo/store/statement.h). Called by sql2c.sh; runs with mawk, gawk and busybox.
#
#   awk -f sql2c.awk -v header=H -v source=C SUMS sql/schema/*.sql sql/query/*.sql
#
# SUMS is the output of sha256sum for the files of sql/schema. The header comment of a statement is
# checked here, its SQL by promo_store_check(); sql/README.md says how such a file looks.

function fail(message)
{
	printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
	failed = 1
	exit 1
}

function base_name(path)
{
	sub(/.*\//, "", path)
	sub(/\.sql$/, "", path)
	return path
}

# A line as a C string. Replacement texts with backslashes differ between awks, so none are used.
function c_line(text, escaped, i, c)
{
	escaped = ""
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "\\" || c == "\"")
			c = "\\" c
		else if (c == "\t")
			c = "\\t"
		escaped = escaped c
	}
	return "\t\t\"" escaped "\\n\"\n"
}

function end_statement(i, text)
{
	if (kind != "query")
		return
	if (!purpose[name])
		fail("the header comment of " name " says nothing of its purpose")
	if (!body[name])
		fail(name " holds no statement")
	for (i = 1; i <= params[name]; i++)
		if (!((name, i) in used))
			fail("the header names $" i ", but the statement does not use it")
}

function begin_file(parts)
{
	end_statement()
	name = base_name(FILENAME)
	if (FILENAME ~ /\/schema\/[^\/]*$/) {
		kind = "schema"
		if (name !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$/)
			fail("the file has to be called NNNN_name.sql")
		schemas[++schema_count] = name
		if (substr(name, 1, 4) + 0 != schema_count)
			fail("migrations are numbered without a gap, this is number " schema_count)
	} else {
		kind = "query"
		if (name !~ /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/)
			fail("the file has to be called noun_verb.sql")
		queries[++query_count] = name
		params[name] = 0
		in_header = 1
	}
}

function header_line(line, words)
{
	sub(/^-- ?/, "", line)
	if (line ~ /^\$[0-9]/) {
		split(line, words, /[ \t]+/)
		if (words[1] != "$" (params[name] + 1))
			fail("expected $" (params[name] + 1) " here")
		if (words[3] == "")
			fail("a parameter needs a name and a type: -- $1 code text")
		params[name]++
		types[name, params[name]] = words[3]
	} else if (line ~ /^-> /) {
		split(line, words, /[ \t]+/)
		if (rows[name] != "")
			fail("a statement has rows of one schema")
		rows[name] = words[2]
	} else if (line == "planned anew") {
		anew[name] = 1
	} else if (line != "") {
		purpose[name] = 1
	}
}

function body_line(line, rest, number)
{
	if (line ~ /;[ \t]*$/)
		sub(/;[ \t]*$/, "", line)
	body[name] = body[name] c_line(line)
	rest = line
	sub(/--.*/, "", rest)
	while (match(rest, /\$[0-9]+/)) {
		number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (number < 1 || number > params[name])
			fail("$" number " is not named in the header")
		used[name, number] = 1
		rest = substr(rest, RSTART + RLENGTH)
	}
}

# COPY takes no parameters: settings of the transaction stand for them (libpromo/store/copy_out.c), each
# read once, in a subquery of its own.
function bound(text, result, number)
{
	result = ""
	while (match(text, /\$[0-9]+/)) {
		number = substr(text, RSTART + 1, RLENGTH - 1)
		result = result substr(text, 1, RSTART - 1) \
			"(SELECT nullif(current_setting('promo.p" number "'), ''))"
		text = substr(text, RSTART + RLENGTH)
	}
	return result text
}

NR == FNR { sums[base_name($2)] = $1; next }
FNR == 1 { begin_file() }
kind == "schema" { body[name] = body[name] c_line($0); next }
in_header && /^--/ { header_line($0); next }
in_header && /^[ \t]*$/ { next }
{ in_header = 0; body_line($0) }

END {
	if (failed)
		exit 1
	end_statement()
	print "/* Generated from sql/query by libpromo/store/sql2c.awk. */" > header
	print "#pragma once\n\nenum promo_query {" > header
	for (q = 1; q <= query_count; q++)
		print "\tPROMO_Q_" toupper(queries[q]) "," > header
	print "\tPROMO_Q_COUNT\n};" > header

	print "/* Generated from sql by libpromo/store/sql2c.awk. */" > source
	print "#include \"libpromo/store/statement.h\"\n" > source
	print "const struct promo_statement promo_statements[PROMO_Q_COUNT + 1] = {" > source
	for (q = 1; q <= query_count; q++) {
		name = queries[q]
		print "\t[PROMO_Q_" toupper(name) "] = {" > source
		print "\t\t.name = \"" name "\"," > source
		print "\t\t.params = " params[name] "," > source
		if (params[name] > 0) {
			print "\t\t.types = (const char *const[]){" > source
			for (i = 1; i <= params[name]; i++)
				print "\t\t\t\"" types[name, i] "\"," > source
			print "\t\t}," > source
		}
		if (body[name] ~ /^[ \t]*"COPY \(/)
			body[name] = bound(body[name])
		if (rows[name] != "")
			print "\t\t.rows = \"" rows[name] "\"," > source
		if (anew[name])
			print "\t\t.planned_anew = true," > source
		print "\t\t.text =\n" body[name] "\t\t," > source
		plain = body[name]
		if (gsub(/ SKIP LOCKED/, "", plain))
			print "\t\t.waiting_text =\n" plain "\t\t," > source
		print "\t},\n" > source
	}
	print "\t[PROMO_Q_COUNT] = { .name = NULL },\n};\n" > source
	print "const struct promo_migration promo_migrations[] = {" > source
	for (s = 1; s <= schema_count; s++) {
		name = schemas[s]
		if (sums[name] == "") {
			printf "%s: no checksum\n", name > "/dev/stderr"
			exit 1
		}
		print "\t{ .version = " s ", .name = \"" name "\"," > source
		print "\t\t.checksum = \"" sums[name] "\"," > source
		print "\t\t.text =\n" body[name] "\t}," > source
	}
	print "\t{ .version = 0 },\n};" > source
}
