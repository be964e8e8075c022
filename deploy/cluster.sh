# shellcheck shell=bash disable=SC2154
# The PostgreSQL cluster $pg_data: how it is made and what it is told.  Used by deploy/start and by the images (image/postgres,
# ha/patroni), as the owner of $VAR; of a cluster that belongs to the machine (deploy/systemd/setup) by root.  With put () of
# layout.sh and archive_settings () of backup.sh.

initdb_options=(--encoding=UTF8 --locale=C.UTF-8 --lc-collate=C --data-checksums)

make_cluster () {
    [ ! -f "$pg_data/PG_VERSION" ] || return 0
    say "making a private PostgreSQL cluster in $pg_data"
    rm -rf "$pg_data.new"
    local log
    if ! log=$("$pg_bin/initdb" -D "$pg_data.new" -U postgres "${initdb_options[@]}" --auth-local=peer --auth-host=scram-sha-256 2>&1); then
        die "initdb failed: $log"
    fi
    echo "include 'paten.conf'" >>"$pg_data.new/postgresql.conf"
    mv "$pg_data.new" "$pg_data"
}

# Small memory; full durability.  No parallel plans: a generic plan takes an inbox of three tasks for thousands and starts helpers,
# which takes longer than the whole question.  Terse errors: a DETAIL line may quote a person's data, which belongs into no log.
tuning () {
    cat <<'CONF'
password_encryption = 'scram-sha-256'
max_connections = 300
shared_buffers = 64MB
work_mem = 4MB
maintenance_work_mem = 32MB
max_wal_size = 512MB
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
max_parallel_workers_per_gather = 0
deadlock_timeout = 200ms
update_process_title = off
idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
log_error_verbosity = terse
log_statement = none
log_parameter_max_length_on_error = 0
CONF
}

cluster_settings () { # SOCKET_MODE
    cat <<CONF
listen_addresses = '$(setting pg_listen)'
port = $(setting pg_port)
unix_socket_directories = '$(pg_socket)'
unix_socket_permissions = $1
$(tuning)
$(archive_settings)
CONF
}

# Those of pg_ident.conf's map "owner" are the superuser "postgres"; everybody else shows a password and reaches one database.
cluster_access () {
    echo "local all postgres peer map=owner"
    echo "local paten all scram-sha-256"
    [ -z "$(setting pg_listen)" ] || echo "host paten all all scram-sha-256"
}

configure_cluster () {
    cluster_settings 0700 | put "$pg_data/paten.conf"
    cluster_access | put "$pg_data/pg_hba.conf"
    echo "owner $(id -un) postgres" | put "$pg_data/pg_ident.conf"
}
