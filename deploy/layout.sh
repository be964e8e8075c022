# shellcheck shell=bash disable=SC2154
# Writes what the processes find when they start: keys, settings (env/), run scripts (service/).  Used by deploy/start and
# deploy/scale, as the owner of $VAR.  Writing again what is there already changes nothing, except for settings that changed.

# put FILE: standard input becomes the file, at once, so that nobody reads half of it; an equal file is left alone.
put () {
    local content old=
    IFS= read -r -d '' content || true
    if [ -f "$1" ]; then
        IFS= read -r -d '' old <"$1" || true
        [ "$content" != "$old" ] || return 0
    fi
    printf '%s' "$content" >"$1.new"
    mv "$1.new" "$1"
}

random_hex () { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; } # BYTES

# ---- keys -------------------------------------------------------------------------------------------------------------------

# A CURVE key for each service.  The broker's list of clients gets the public half, moved in whole: it reads the folder while it runs.
make_curve_keys () {
    local service public
    mkdir -p "$VAR/keys/clients"
    for service in $(installed_services); do
        public=$VAR/keys/clients/$service.key
        [ "$service" != broker ] || public=$VAR/keys/broker.key
        [ ! -s "$public" ] || [ ! -s "$VAR/keys/$service/curve.key_secret" ] || continue
        mkdir -p "$VAR/keys/$service"
        rm -f "$VAR/keys/$service"/curve.key*
        "$VAR/app/bin/curve_keygen" "$service" "$VAR/keys/$service/curve.key"
        mv "$VAR/keys/$service/curve.key" "$public"
    done
}

# A password for each login role, in libpq's own format, readable by the owner alone.
make_database_passwords () {
    local service
    for service in "${database_services[@]}"; do
        [ ! -s "$VAR/keys/$service/pgpass" ] || continue
        mkdir -p "$VAR/keys/$service"
        printf '*:*:paten:%s:%s\n' "$service" "$(random_hex 24)" | put "$VAR/keys/$service/pgpass"
    done
}

# The demo's certification authority and a PKCS#12 for every camat.  A real office brings its own keys instead.
make_demo_signers () {
    local ca=$deploy_dir/keys/ca username name nip position
    [ -x "$ca" ] || return 0
    mkdir -p "$VAR/keys/signing/signers"
    if [ ! -s "$VAR/keys/ca/crl.pem" ]; then
        say "making the demo certification authority and the signers' keys"
        "$ca" init "$VAR/keys/ca" >/dev/null
    fi
    printf '%s\n' "$demo_password" | put "$VAR/keys/signing/demo_passphrase"
    while IFS=$'\t' read -r _ username name nip _ position; do
        [ ! -s "$VAR/keys/signing/signers/$username.p12" ] || continue
        "$ca" signer "$VAR/keys/ca" "$name" "$nip" "$position" "$VAR/keys/signing/signers/$username.p12.new" \
            "$VAR/keys/signing/demo_passphrase" >/dev/null
        mv "$VAR/keys/signing/signers/$username.p12.new" "$VAR/keys/signing/signers/$username.p12"
    done < <(grep -v '^#' "$demo_dir/signers.tsv")
    "$ca" crl "$VAR/keys/ca" >/dev/null
}

# ---- settings ---------------------------------------------------------------------------------------------------------------

# key FILE: where a process finds keys/FILE.  Units see theirs elsewhere (deploy/systemd/run).
key () { printf '%s' "$VAR/keys/$1"; }

# The names of the processes of one service that are set up.
replicas_of () {
    local folder
    for folder in "$VAR/service/$1"-[0-9]*/; do
        folder=${folder%/}
        [ ! -d "$folder" ] || echo "${folder##*/}"
    done
}

# All brokers' addresses, comma separated.
broker_addresses () {
    local broker addresses=
    for broker in $(replicas_of broker); do
        addresses+=${addresses:+,}ipc://$VAR/run/$broker.ipc
    done
    printf '%s' "${addresses:-ipc://$VAR/run/broker-1.ipc}"
}

# monitor_address PROCESS: where it tells its figures and whether it is ready; nothing for a program that is not in the list.
# 16 ports for the first replicas of all, the next 16 for the second ones.
monitor_address () {
    local program place=0
    for program in broker gateway "${database_services[@]}"; do
        if [ "$program" = "${1%-*}" ] && [ -n "$(setting monitor_port)" ]; then
            printf '127.0.0.1:%s' $(($(setting monitor_port) + 16 * (${1##*-} - 1) + place))
            return
        fi
        place=$((place + 1))
    done
}

# write_targets: whom Prometheus is to ask (deploy/observe/prometheus.yml), in the format of its file_sd.
write_targets () {
    local process address separator=
    mkdir -p "$VAR/observe"
    {
        printf '['
        for process in $(processes); do
            address=$(monitor_address "$process")
            [ -n "$address" ] || continue
            printf '%s\n  {"targets": ["%s"], "labels": {"process": "%s"}}' "$separator" "$address" "$process"
            separator=,
        done
        printf '\n]\n'
    } | put "$VAR/observe/targets.json"
}

# environment PROCESS: its settings as NAME=value lines.  deploy/reference.md explains each.
environment () {
    local process=$1 service=${1%-*} number=${1##*-}
    echo "PATEN_LOG_LEVEL=$(setting log_level)"
    echo "PATEN_CURVE_SECRET_FILE=$(key "$service/curve.key_secret")"
    echo "PATEN_MONITOR_LISTEN=$(monitor_address "$process")"
    if [ "$service" = broker ]; then
        echo "PATEN_BROKER_BIND=ipc://$VAR/run/$process.ipc"
        echo "PATEN_BROKER_CLIENTS_DIR=$(key clients)"
        return
    fi
    echo "PATEN_BROKERS=$(broker_addresses)"
    echo "PATEN_BROKER_PUBLIC_KEY_FILE=$(key broker.key)"
    if [ "$service" = gateway ]; then
        echo "PATEN_HTTP_LISTEN=127.0.0.1:$(($(setting http_port) + number - 1))"
        [ ! -f "$VAR/app/web/index.html" ] || echo "PATEN_HTTP_WEB=$VAR/app/web"
        echo "PATEN_PUBLIC_URL=$(setting public_url "http://$(http_address)")"
        return
    fi
    echo "PATEN_DB=host=$(pg_socket) port=$(setting pg_port) dbname=paten user=$service passfile=$(key "$service/pgpass")"
    echo "PATEN_WORKERS=$(setting workers)"
    case $service in
        document)
            echo "PATEN_PUBLIC_URL=$(setting public_url "http://$(http_address)")"
            ;;
        signing)
            echo "PATEN_SIGNERS_DIR=$(key signing/signers)"
            echo "PATEN_CA_FILE=$(key ca/root.crt)"
            echo "PATEN_CRL_FILE=$(key ca/crl.pem)"
            ;;
        notification)
            echo "PATEN_SMTP_URL=$(setting smtp_url "smtp://127.0.0.1:$(setting smtp_port)")"
            echo "PATEN_MAIL_FROM=$(setting mail_from)"
            echo "PATEN_PUBLIC_URL=$(setting public_url "http://$(http_address)")"
            ;;
    esac
}

# create_admin USERNAME PLACE: the first administrator, who cannot be made by an administrator.  His password: standard input.
create_admin () {
    local -a settings
    local made=yes
    mapfile -t settings < <(environment identity-1)
    as_owner sh -c 'umask 077 && cat >keys/admin_password'
    as_owner env "${settings[@]}" "$VAR/app/bin/identity" --create-admin "$1" --password-file "$VAR/keys/admin_password" --place "$2" || made=no
    as_owner rm -f keys/admin_password
    [ "$made" = yes ] || die "the first administrator could not be made (its words above)"
}

# ---- run scripts ------------------------------------------------------------------------------------------------------------

# define PROCESS COMMAND: its runit folder.  A new one is built beside (runsvdir overlooks names with a dot) and moved in whole.
# With the file "down" runit waits to be told: nobody starts before the database is migrated.
define () {
    local process=$1 command=$2 folder=$VAR/service/$1
    [ -d "$folder" ] || { folder=$VAR/service/.new-$process && rm -rf "$folder" && mkdir -p "$folder/log"; }
    [ -d "$VAR/log/$process" ] || mkdir -p "$VAR/log/$process"
    put "$folder/log/run" <<<$'#!/bin/sh\nexec svlogd '"$VAR/log/$process"
    put "$folder/run" <<<$'#!/bin/sh\nexec 2>&1\nexec '"$command"
    [ -x "$folder/run" ] && [ -x "$folder/log/run" ] || chmod +x "$folder/run" "$folder/log/run"
    printf 's1000000\nn10\n' | put "$VAR/log/$process/config"
    if [ "$process" = postgres ]; then
        mkdir -p "$folder/control" # SIGINT = fast shutdown: without it PostgreSQL would wait for its clients
        put "$folder/control/t" <<<$'#!/bin/sh\nexec kill -INT "$(cat supervise/pid)"'
        chmod +x "$folder/control/t"
    else
        : >"$folder/down"
    fi
    [ "$folder" = "$VAR/service/$process" ] || mv "$folder" "$VAR/service/$process"
}

# define_service PROCESS: a replica of an installed program, with its settings as a folder for chpst -e.
define_service () {
    local process=$1 name value
    mkdir -p "$VAR/env/$process"
    rm -f "$VAR/env/$process"/PATEN_*
    while IFS='=' read -r name value; do
        printf '%s\n' "$value" >"$VAR/env/$process/$name"
    done < <(environment "$process")
    define "$process" "chpst -e $VAR/env/$process $VAR/app/bin/${process%-*}"
}

# One folder per process.  PATEN_REPLICAS sets the number for each service; without it every service keeps what deploy/scale gave it.
define_processes () {
    local service process number count
    mkdir -p "$VAR/service"
    for process in $(processes); do # a program that is gone, a replica too many
        case $process in postgres | mailbox | backup) continue ;; esac
        service=${process%-*}
        if [ ! -x "$VAR/app/bin/$service" ]; then
            remove_process "$process"
        elif [ "${process##*-}" -gt "${PATEN_REPLICAS:-99}" ] && [ "$service" != broker ] && [ "$service" != gateway ]; then
            remove_process "$process"
        fi
    done
    define postgres "$pg_bin/postgres -D $VAR/pg"
    if [ "$(setting demo)" = yes ]; then
        define mailbox "/usr/bin/python3 -m aiosmtpd -n -l 127.0.0.1:$(setting smtp_port) -c aiosmtpd.handlers.Mailbox $VAR/mail"
    elif [ -d "$VAR/service/mailbox" ]; then
        remove_process mailbox
    fi
    if [ -n "$(setting backup_dir)" ]; then
        define backup "$VAR/app/deploy/backup nightly"
    elif [ -d "$VAR/service/backup" ]; then
        remove_process backup
    fi
    for service in $(installed_services); do
        count=$(replicas_of "$service" | wc -l)
        case $service in
            broker | gateway) ;;
            *) count=${PATEN_REPLICAS:-$count} ;;
        esac
        for ((number = 1; number <= (count > 1 ? count : 1); number++)); do
            define_service "$service-$number"
        done
    done
    write_targets
}

# remove_process PROCESS: stops it and takes its folders away; its log stays.  First it goes out of runsvdir's sight (which overlooks
# names with a dot): else runsvdir may start it anew while its folder is taken away.
remove_process () {
    local gone=$VAR/service/.gone-$1
    rm -rf "$gone"
    mv "$VAR/service/$1" "$gone"
    if sv status "$gone" >/dev/null 2>&1; then
        sv -w 20 force-shutdown "$gone" >/dev/null || true
    fi
    rm -rf "$gone" "$VAR/env/$1"
}
