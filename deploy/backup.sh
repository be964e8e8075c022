# shellcheck shell=bash disable=SC2154
# Backups as deploy/start, deploy/backup, deploy/status and the images share them: pgBackRest's settings, PostgreSQL's part in it, what is
# due and what is wrong.  Read after lib.sh; changes nothing by being read.

# In a container the passphrase is a secret among others, and the settings that quote it live in memory.
backup_conf=${PATEN_BACKUP_CONF:-$VAR/keys/backup/pgbackrest.conf}
backup_passphrase=${PATEN_BACKUP_PASSPHRASE_FILE:-$VAR/keys/backup/passphrase}
day_s=86400
late_s=$((2 * 3600)) # a backup may take that long before its absence is worth a word
backup_zone=WIB-7 # POSIX says west is positive

# PATEN_BACKUP: of containers, where the folder always has a name (.env.example).
backup_is_on () { [ -n "$(setting backup_dir)" ] && [ "${PATEN_BACKUP:-on}" = on ]; }

rest () { # COMMAND...: pgBackRest on this system's repository
    pgbackrest --config="$backup_conf" --stanza=paten "$@"
}

# ---- settings -----------------------------------------------------------------------------------------------------------------

# rest_settings REPOSITORY PASSPHRASE_FILE: those that a backup and a restore have in common.
rest_settings () {
    cat <<CONF
[global]
repo1-path=$1
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(head -n 1 "$2")
lock-path=$VAR/run/pgbackrest
spool-path=$VAR/run/pgbackrest
log-level-console=warn
log-timestamp=n
process-max=2
CONF
    if [ -d "$VAR/log" ]; then
        printf '%s\n' "log-path=$VAR/log/pgbackrest" log-level-file=info
    else # of a container, whose log is what it prints
        echo log-level-file=off
    fi
}

# The passphrase is made once.  Whoever loses it loses every backup: it lies in keys/, which is not in the repository.
make_backup_settings () {
    backup_is_on || return 0
    mkdir -p "$VAR/run/pgbackrest"
    [ ! -d "$VAR/log" ] || mkdir -p "$VAR/log/pgbackrest"
    if [ ! -s "$backup_passphrase" ]; then
        mkdir -p "${backup_passphrase%/*}"
        random_hex 32 | put "$backup_passphrase"
        say "a passphrase for the backups was made: keep a copy of $backup_passphrase away from this machine, without it no backup can be read"
    fi
    {
        rest_settings "$(setting backup_dir)" "$backup_passphrase"
        cat <<CONF
repo1-bundle=y
repo1-retention-full=$(setting backup_keep_full)
repo1-retention-diff=$(setting backup_keep_diff)
compress-type=zst
start-fast=y
archive-timeout=60

[paten]
pg1-path=$pg_data
pg1-socket-path=$(pg_socket)
pg1-port=$(setting pg_port)
pg1-user=postgres
pg1-database=postgres
CONF
    } | put "$backup_conf"
}

# What belongs into PostgreSQL's settings.  archive_timeout bounds what is lost with the machine.
archive_settings () {
    backup_is_on || { echo "archive_mode = off"; return; }
    cat <<CONF
archive_mode = on
archive_command = 'pgbackrest --config=$backup_conf --stanza=paten archive-push %p'
archive_timeout = $(setting backup_wal_s)
CONF
}

# ---- what is there ------------------------------------------------------------------------------------------------------------

# read_backups QUESTION [ARGUMENT...]: asks the repository (python/backups.py lists the questions).  A repository on a disk that is
# away must not hang whoever asks.
read_backups () {
    local answer
    answer=$(timeout 30 pgbackrest --config="$backup_conf" --stanza=paten info --output=json 2>&1) ||
        { printf '%s\n' "${answer%%$'\n'*}"; return 1; }
    /usr/bin/python3 -B "$deploy_dir/python/backups.py" "$@" <<<"$answer"
}

# The last appointed moment that is over, and the next one, in seconds of the epoch.
last_appointment () {
    local moment
    moment=$(TZ=$backup_zone date -d "today $(setting backup_at)" +%s)
    [ "$moment" -le "$(date +%s)" ] || moment=$((moment - day_s))
    printf '%s' "$moment"
}
next_appointment () { printf '%s' $(($(last_appointment) + day_s)); }

# The superuser's question to the cluster, one row of fields between spaces.
ask_postgres () {
    PGHOST=$(pg_socket) PGPORT=$(setting pg_port) PGUSER=postgres PGDATABASE=postgres PGCONNECT_TIMEOUT=10 psql -X -At -F ' ' -c "$1"
}

# "SECONDS WAL-FILE": since when the oldest finished WAL file waits for the repository; nothing when none does.  A standby sends none.
waiting_wal () {
    ask_postgres "SELECT extract (epoch FROM now () - modification)::bigint, replace (name, '.ready', '') FROM pg_ls_archive_statusdir ()
        WHERE name LIKE '%.ready' AND NOT pg_is_in_recovery () ORDER BY modification LIMIT 1" 2>/dev/null
}

# "WHEN WAL-FILE TIMES" of the last failure to archive, when no success came after it.
failing_archiver () {
    ask_postgres "SELECT to_char (last_failed_time, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), last_failed_wal, failed_count FROM pg_stat_archiver
        WHERE last_failed_time > coalesce (last_archived_time, '-infinity') AND NOT pg_is_in_recovery ()" 2>/dev/null
}

# backup_trouble: a line for everything that is wrong with the backups; nothing when all is well.
backup_trouble () {
    local newest failed waiting age file when times
    backup_is_on || return 0
    if ! newest=$(read_backups newest_or_held); then
        say "backup: the repository $(setting backup_dir) cannot be read: $newest"
    elif [ -z "$newest" ]; then
        say "backup: there is none yet in $(setting backup_dir) (the log of backup says why; by hand: deploy/backup)"
    elif [ "$newest" = held ]; then
        : # one is being made, be it late
    elif [ "$newest" -lt "$(last_appointment)" ] && [ $(($(date +%s) - $(last_appointment))) -gt "$late_s" ]; then
        say "backup: the last good one is of $(TZ=$backup_zone date -d "@$newest" '+%F %T WIB'), older than it should be (the log of backup says why)"
    fi
    if ! failed=$(failing_archiver) || ! waiting=$(waiting_wal); then
        say "backup: PostgreSQL does not say whether WAL is archived"
    elif read -r when file times <<<"$failed" && [ -n "$when" ]; then
        say "backup: WAL is not archived: $file failed at $when, $times failures in all (the log of postgres says why)"
    elif read -r age file <<<"$waiting" && [ "${age:-0}" -gt 300 ]; then
        say "backup: WAL is not archived: $file waits since $age s (the log of postgres says why)"
    fi
}
