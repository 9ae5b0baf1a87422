# SPDX-License-Identifier: MIT
# A clerk at promo-tui in tmux, against a daemon with its own PostgreSQL. To be sourced, behind
# tests/promo-cli/daemon.sh. Keys are sent only when what they act on is seen.

unset TMUX NO_COLOR ESCDELAY SSH_CONNECTION DISPLAY WAYLAND_DISPLAY
user=aline@promo.example
password='a tin of blue paint'
profile=till
window=0

tmux()
{
	command tmux -S "$place/tmux$window" -f /dev/null "$@"
}

screen()
{
	tmux capture-pane -p
}

leave_journey()
{
	local status=$?

	if [ $status -ne 0 ]; then
		echo "--- the screen"
		screen || true
	fi
	tmux kill-server 2>/dev/null || true
	set +e
	(exit $status)
	leave
}
trap leave_journey EXIT

fail()
{
	echo "failed: $*"
	exit 1
}

# Waits until the screen has this text.
sees()
{
	local deadline=$((SECONDS + 20))

	until screen | grep -qF -- "$1"; do
		[ $SECONDS -lt $deadline ] || fail "no '$1' on the screen"
		sleep 0.02
	done
}

sees_not()
{
	local deadline=$((SECONDS + 20))

	while screen | grep -qF -- "$1"; do
		[ $SECONDS -lt $deadline ] || fail "'$1' is still on the screen"
		sleep 0.02
	done
}

key()
{
	tmux send-keys "$@"
}

# Types, and waits until what follows from it is seen: so it was no scan.
types()
{
	tmux send-keys -l "$1"
	sees "${2:-$1}"
}

# enters TEXT: presses Enter until this is seen; right behind a scan it is taken for the scanner's.
enters()
{
	local deadline=$((SECONDS + 20))

	until screen | grep -qF -- "$1"; do
		[ $SECONDS -lt $deadline ] || fail "no '$1' on the screen"
		key Enter
		sleep 0.1
	done
}

# What a scanner does: the code and an Enter in one go, and further keys if there are some.
scans()
{
	local code=$1

	shift
	tmux send-keys -l "$code" \; send-keys Enter "$@"
}

# A clerk and a batch of so many codes, in $place/codes.csv.
open_shop()
{
	start_daemon "$1" "$2"
	printf '%s\n' "$password" >"$place/clerk-password"
	run 0 promo user create --first-name Aline --last-name Uwase --email aline@promo.example \
		--role batch-manager --password-stdin <"$place/clerk-password"
	run 0 promo batch create shop --codes "$3" --amount 500 --expires 2099-12-31
	run 0 promo download shop -o "$place/codes.csv"
}

# What the QR code on the screen says to a phone; around it is the dark ground.
read_picture()
{
	screen | sed -n 's/^\([█▀▄][█▀▄ ]*[█▀▄]\)\( .*\)*$/\1/p' | sed 's/\(.\{41\}\).*/\1/' |
		sed 'h; s/[█▀]/1/g; s/[^1]/0/g; p; g; s/[█▄]/1/g; s/[^1]/0/g' |
		awk -v scale=4 -v edge=4 '
			{ row[NR + edge] = $0 }
			END {
				side = (length($0) + 2 * edge) * scale
				high = (NR + 2 * edge) * scale
				print "P2 " side " " high " 255"
				for (y = 0; y < high; y++)
					for (x = 0; x < side; x++) {
						column = int(x / scale) - edge + 1
						bit = substr(row[int(y / scale) + 1], column, 1)
						print (column > 0 && bit == "1" ? 255 : 0)
					}
			}' >"$place/picture.pgm"
	zbarimg -q --raw "$place/picture.pgm" 2>/dev/null
}

# code_in SECONDS: what the app of $secret shows then.
code_in()
{
	oathtool --totp -b "$secret" --now="@$(($(date +%s) + $1))"
}

# new_terminal COLUMNS ROWS: with a shell in it.
new_terminal()
{
	tmux kill-server 2>/dev/null || true
	window=$((window + 1))
	tmux new-session -d -x "$1" -y "$2" "PS1='shell> ' exec bash --norc --noprofile"
	sees 'shell>'
}

# start_tui PROGRAM COLUMNS ROWS [SETTINGS]: a new terminal, with the program in it.
start_tui()
{
	new_terminal "$2" "$3"
	tmux send-keys -l "clear; ${4:-} XDG_CONFIG_HOME=$place/config XDG_STATE_HOME=$place/till \
$1 --server ${server:-$PROMO_SERVER} --profile $profile"
	key Enter
}

give_password()
{
	sees 'Password'
	types "$password" '••••••••••••••••••'
	key Enter
}

# As far as the password.
begin_sign_in()
{
	sees 'E-mail or phone'
	types "$user"
	key Tab
	give_password
}

sign_in()
{
	begin_sign_in
	sees 'Scan a code'
}

# Behind the lock of a program that was started anew.
unlock()
{
	give_password
	sees 'Scan a code'
}

# The phone number, the summary.
fill_in()
{
	sees 'Ask for the phone number'
	types "$1" "= +250${1#0}"
	key Enter
	sees 'Is this right?'
}

# The key that redeems; it counts only a while after a scan, and says so.
presses_redeem()
{
	local deadline=$((SECONDS + 20))

	key "${1:-F2}"
	while screen | grep -qF 'Is this right?'; do
		[ $SECONDS -lt $deadline ] || fail "it is not redeemed"
		if screen | grep -qF 'too soon'; then
			key F2
		fi
		sleep 0.02
	done
}

completed()
{
	run 0 promo redemption list --count --columns id --status completed
	says "^$1 in all"
}
