#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: slow-clients.sh BUILD-FOLDER [--long]
# 1,000 connections that say nothing, and others that send a head or a body byte by byte, or ask for
# much and read nothing, for 6 s, or 10 minutes, beside the load: it goes on as before, the slow ones
# are cut off in time, and memory, threads and open files stay where they are.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

seconds=6 codes=30000 readers=5
if [[ $long == yes ]]; then
	seconds=600 codes=1000000 readers=20
fi
# What a sanitizer keeps of freed memory would look like a leak.
export ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=8

count_in()
{
	find "/proc/${daemon_pid[a]}/$1" -mindepth 1 -maxdepth 1 | wc -l
}

memory_kb()
{
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/${daemon_pid[a]}/status"
}

files_passed()
{
	[[ $(count_in fd) -ge $1 ]]
}

files_back()
{
	[[ $(count_in fd) -le $1 ]]
}

fault_daemon a --request-timeout=2
fault_people 3
fault_codes "$codes"

fault_load --connections 16 --rate 300 --seconds 3
fault_wait 30 'the end of the load' gone "$load_pid"
fault_load_stop
alone=$(fault_value p99_us "$load_line")
files=$(count_in fd)

"$build/tests/fault/fault-slow" "${daemon_port[a]}" 1000 20 20 "$readers" >"$place/slow" 2>"$place/slow.log" &
slow_pid=$!
also+=("$slow_pid")
fault_wait 30 'the slow clients' files_passed $((files + 1000))
fault_load --connections 16 --rate 300 --seconds "$seconds"
fault_more redeemed 100
memory=$(memory_kb) threads=$(count_in task)
fault_wait $((seconds + 60)) 'the end of the load' gone "$load_pid"
memory_end=$(memory_kb) threads_end=$(count_in task)
fault_load_stop
together=$(fault_value p99_us "$load_line")
kill -TERM "$slow_pid"
wait "$slow_pid"
slow=$(cat "$place/slow")
say "slow: $slow"
fault_check

fault_wait 30 'the files to be closed' files_back $((files + 8))
[[ $(fault_value head_cut "$slow") -ge 20 ]] || die 'slow heads are not cut off'
[[ $(fault_value body_cut "$slow") -ge 20 ]] || die 'slow bodies are not cut off'
[[ $threads_end -le $((threads + 1)) ]] || die "threads went from $threads to $threads_end"
[[ $memory_end -le $((memory + memory / 4 + 8192)) ]] ||
	die "memory went from $memory to $memory_end KiB"
# Generous, since others may be busy on this machine.
[[ $together -le $((alone * 4 + 1000000)) ]] ||
	die "99 of 100 answers took up to $together us, alone $alone us"
figures=("; p99 $((together / 1000)) ms, alone $((alone / 1000)) ms;"
	"memory $memory to $memory_end KiB, $threads_end threads")
fault_end
