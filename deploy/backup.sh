# shellcheck shell=bash disable=SC2154
# Backups as deploy/start, deploy/backup and deploy/status share them: pgBackRest's settings, PostgreSQL's part in it, what is due and
# what is wrong.  Read after lib.sh; changes nothing by being read.

backup_conf=$VAR/keys/backup/pgbackrest.conf
backup_passphrase=$VAR/keys/backup/passphrase
day_s=86400
late_s=$((2 * 3600)) # a backup may take that long before its absence is worth a word
backup_zone=WIB-7 # POSIX says west is positive

backup_is_on () { [ -n "$(setting backup_dir)" ]; }

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
log-path=$VAR/log/pgbackrest
log-level-file=info
log-level-console=warn
log-timestamp=n
process-max=2
CONF
}

# The passphrase is made once.  Whoever loses it loses every backup: it lies in keys/, which is not in the repository.
make_backup_settings () {
    backup_is_on || return 0
    mkdir -p "$VAR/keys/backup" "$VAR/log/pgbackrest" "$VAR/run/pgbackrest"
    if [ ! -s "$backup_passphrase" ]; then
        od -An -N32 -tx1 /dev/urandom | tr -d ' \n' | put "$backup_passphrase"
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
pg1-path=$VAR/pg
pg1-socket-path=$VAR/run
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

# "SECONDS WAL-FILE": since when the oldest finished WAL file waits for the repository; nothing when none does.
waiting_wal () {
    PGHOST=$VAR/run PGPORT=$(setting pg_port) PGUSER=postgres PGDATABASE=postgres psql -X -At -F ' ' -c "
        SELECT extract (epoch FROM now () - modification)::bigint, replace (name, '.ready', '') FROM pg_ls_archive_statusdir ()
         WHERE name LIKE '%.ready' ORDER BY modification LIMIT 1" 2>/dev/null
}

# "WHEN WAL-FILE TIMES" of the last failure to archive, when no success came after it.
failing_archiver () {
    PGHOST=$VAR/run PGPORT=$(setting pg_port) PGUSER=postgres PGDATABASE=postgres psql -X -At -F ' ' -c "
        SELECT to_char (last_failed_time, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), last_failed_wal, failed_count FROM pg_stat_archiver
         WHERE last_failed_time > coalesce (last_archived_time, '-infinity')" 2>/dev/null
}

# backup_trouble: a line for everything that is wrong with the backups; nothing when all is well.
backup_trouble () {
    local newest age file when times
    backup_is_on || return 0
    if ! newest=$(read_backups newest); then
        say "backup: the repository $(setting backup_dir) cannot be read: $newest"
    elif [ -z "$newest" ]; then
        say "backup: there is none yet in $(setting backup_dir) (log/backup/current; by hand: deploy/backup)"
    elif [ "$newest" -lt "$(last_appointment)" ] && [ $(($(date +%s) - $(last_appointment))) -gt "$late_s" ]; then
        say "backup: the last good one is of $(TZ=$backup_zone date -d "@$newest" '+%F %T WIB'), older than it should be (log/backup/current)"
    fi
    if read -r when file times < <(failing_archiver); then
        say "backup: WAL is not archived: $file failed at $when, $times failures in all (log/postgres/current)"
    elif read -r age file < <(waiting_wal) && [ "$age" -gt 300 ]; then
        say "backup: WAL is not archived: $file waits since $age s (log/postgres/current)"
    fi
}
