# shellcheck shell=bash disable=SC2034,SC2154
# A cluster out of a backup, as deploy/restore and the images (image/restore) do it: prepare_restore, choose_backup, fetch, replay.
# With rest_settings () of backup.sh and tuning () of cluster.sh.  Who uses it says
#   VAR, pg_data       the new system's folder and its cluster's, both its owner's; pg_data is empty
#   from, passphrase_file   repository and passphrase; at: the moment as it was typed, "" for all that is there
#   port, replay_log   of the PostgreSQL that replays; keep_words: what to do with what is left when it could not
# and finds afterwards in damaged (yes or no) whether files of the archive were damaged at that moment already.

replayer='' keep=no keep_words='' damaged=no

# moment: in seconds of the epoch, with its fraction; "latest" without one.
read_moment () {
    moment=latest
    [ -n "$at" ] || return 0
    [[ $at =~ [0-9]:[0-9]{2}[^-+Z]*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$ ]] || die "--at \"$at\": say the zone as well, like \"2026-11-22 13:00:00+07\" (WIB)"
    moment=$(date -d "$at" +%s.%6N 2>/dev/null) || die "--at \"$at\" is no moment; one looks like \"2026-11-22 13:00:00+07\""
}

since () { printf '%s' $((($(date +%s%N) - $1) / 1000000)); }

# ---- which backup -----------------------------------------------------------------------------------------------------------

prepare_restore () {
    as_owner sh -c 'umask 077 && mkdir -p run/pgbackrest && cat >run/restore.conf' < <(
        rest_settings "$from" "$passphrase_file"
        printf '\n[paten]\npg1-path=%s\n' "$pg_data"
    )
}

as_restore () { as_owner pgbackrest --config="$VAR/run/restore.conf" --stanza=paten "$@"; }

read_repository () { # QUESTION [ARGUMENT...]
    /usr/bin/python3 -B "$deploy_dir/python/backups.py" "$@" <<<"$info"
}

choose_backup () {
    local words
    info=$(as_restore info --output=json 2>&1) || die "the repository $from cannot be read: ${info%%$'\n'*}"
    words=$(read_repository set_for "$moment") || {
        case $words in
            *CryptoError* | *FormatError*) die "the passphrase in $passphrase_file does not open the repository $from (or its backup.info is damaged)" ;;
            *) die "the repository $from cannot be used: $words" ;;
        esac
    }
    backup=$words
    [ -n "$backup" ] && return
    words=$(read_repository earliest)
    [ -n "$words" ] || die "there is no complete backup in $from"
    die "no backup in $from was complete before ${at}; the first moment that can be restored is $words"
}

fetch () {
    local began words
    local -a target=(--type=default)
    began=$(date +%s%N)
    [ "$moment" = latest ] || target=(--type=time --target="$(date -u -d "@$moment" '+%F %T.%6N+00')" --target-action=promote)
    if ! words=$(as_restore --set="$backup" "${target[@]}" restore 2>&1); then
        printf '%s\n' "$words" >&2
        die "the backup $backup could not be restored (pgBackRest's words above)"
    fi
    say "backup $backup fetched: $(du -sh "$pg_data" | cut -f1)B, $(since "$began") ms"
}

# ---- to the moment ------------------------------------------------------------------------------------------------------------

psql_restored () {
    as_owner psql -X -At -v ON_ERROR_STOP=1 -h "$VAR/run" -p "$port" -U postgres "$@"
}

# A PostgreSQL that nobody but us reaches, with settings of its own: it replays the WAL, however long that takes, and makes the folder
# a cluster of its own, which needs the repository no more.
replay () {
    local began
    began=$(date +%s%N)
    as_owner sh -c 'umask 077; rm -rf run/replay; mkdir run/replay; cat >run/replay/postgresql.conf; echo "local all postgres peer map=owner" >run/replay/pg_hba.conf
        echo "owner $(id -un) postgres" >run/replay/pg_ident.conf' < <(
        tuning
        printf "%s = '%s'\n" hba_file "$VAR/run/replay/pg_hba.conf" ident_file "$VAR/run/replay/pg_ident.conf" unix_socket_directories "$VAR/run" \
            listen_addresses '' archive_mode off hot_standby on
        echo "port = $port"
    )
    as_owner setsid -f sh -c 'echo $$ >run/replay/pid; log=$1; shift; exec "$@" >"$log" 2>&1 </dev/null' replay "$replay_log" \
        "$pg_bin/postgres" -D "$pg_data" -c config_file="$VAR/run/replay/postgresql.conf"
    for ((tick = 0; tick < 50; tick++)); do
        [ ! -s "$VAR/run/replay/pid" ] || break
        sleep 0.1
    done
    replayer=$(<"$VAR/run/replay/pid")
    until [ "$(psql_restored -d postgres -c 'SELECT pg_is_in_recovery ()' 2>/dev/null || true)" = f ]; do
        if ! kill -0 "$replayer" 2>/dev/null; then
            ! grep -q 'recovery ended before configured recovery target' "$replay_log" ||
                die "the WAL in $from ends before ${at}: $(last_replayed); choose an earlier moment, or leave --at out for all that is there"
            tail -n 10 "$replay_log" >&2
            keep=yes
            die "PostgreSQL could not replay the WAL (its last words above$keep_words)"
        fi
        sleep 0.2
    done
    say "WAL replayed in $(since "$began") ms: $(last_replayed)"
    prove_and_hold
    end_replay
    as_owner sed -i '/^restore_command/d; /^recovery_target/d; /^# Recovery settings generated/d' "$pg_data/postgresql.auto.conf"
    as_owner rm -rf run/replay run/restore.conf
}

end_replay () {
    [ -n "$replayer" ] || return 0
    kill -INT "$replayer" 2>/dev/null || true
    while kill -0 "$replayer" 2>/dev/null; do sleep 0.1; done
    replayer=
}

last_replayed () {
    local line
    line=$(sed -n 's/.*last completed transaction was at log time \(.*\)/\1/p' "$replay_log" | tail -n 1)
    printf '%s' "the last transaction is of ${line:-a moment before the backup ended}"
}

# What must be seen before anybody works on: the bytes of every file; and what may have gone out after the moment is held.
prove_and_hold () {
    local whole
    whole=$(psql_restored -d paten -F ' ' <"$deploy_dir/restored.sql") || die "the restored database does not answer as it should"
    say "$whole"
    ! grep -q '^DAMAGED' <<<"$whole" || damaged=yes
    psql_restored -q -d postgres -c 'ALTER DATABASE postgres RESET paten.repository' -c 'ALTER DATABASE postgres RESET paten.newest_backup' ||
        die "the restored database does not answer as it should"
}

damaged_words="files of the archive were damaged at that moment already (DAMAGED above): look, and choose an earlier moment or an older backup"
