# shellcheck shell=bash disable=SC2154
# What lib.sh and layout.sh ask of runit's folders, asked of systemd; and processes restarted in turn.  Read after them.
# A process NAME-N is the unit paten-NAME@N, and is set up when that is enabled.  Programs are named by $root and not by $VAR/app:
# $VAR belongs to paten, and what paten may change is not for root to run.

wants=/etc/systemd/system/paten.target.wants
limit_s=30
heard_s=6 # see deploy/restart

processes () {
    local link
    for link in "$wants"/paten-*@*.service; do
        [ -L "$link" ] || continue
        link=${link##*/paten-} link=${link%.service}
        echo "${link/@/-}"
    done
}

replicas_of () { processes | grep -x "$1-[0-9]*" || true; }

unit_of () { printf 'paten-%s@%s.service' "${1%-*}" "${1##*-}"; }

# is_stale PROCESS: what it was started from has changed since.
is_stale () {
    local name=${1%-*} began newest
    began=$(systemctl show --timestamp=unix -P ExecMainStartTimestamp "$(unit_of "$1")")
    newest=$({
        find /etc/paten/paten.conf "$deploy_dir" "$root/bin/$name" "/lib/systemd/system/paten-$name@.service" -type f -printf '%C@\n'
        find "$VAR/keys/$name" -maxdepth 1 -type f -printf '%C@\n'
        find "$wants" -name 'paten-broker@*' -printf '%C@\n'
    } | sort -n | tail -n 1)
    [ "${newest%.*}" -ge "${began#@}" ]
}

wait_until_ready () { # PROCESS
    local end=$((SECONDS + limit_s))
    until "$root/bin/paten_ready" "$(monitor_address "$1")" >/dev/null; do
        if [ "$SECONDS" -ge "$end" ]; then
            journalctl -q -o cat -n 5 -u "$(unit_of "$1")" >&2 || true
            die "$1 is not ready after $limit_s s (the end of its log above; all of it: journalctl -u $(unit_of "$1"))"
        fi
        sleep 0.2
    done
}

# restart_in_turn PROCESS...: one after the other, all first replicas before the second ones; stops at one that does not come back.
restart_in_turn () {
    local process number=
    for process in $(printf '%s\n' "$@" | sort -s -t - -k 2n); do
        [ "${number:-${process##*-}}" = "${process##*-}" ] || sleep "$heard_s"
        number=${process##*-}
        systemctl restart "$(unit_of "$process")"
        wait_until_ready "$process"
        say "restarted $process"
    done
}
