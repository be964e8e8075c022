# shellcheck shell=bash disable=SC2034
# What the commands of deploy/ share: where things are, who runs them, and the questions "does it run?" and "is it ready?".
# It changes nothing by being read.  Every command is bash with "set -euo pipefail".
#
# A command stands twice: in the clone, and (put there by deploy/up) in $VAR/app/deploy.  The copy in the clone hands over
# to the installed one, which always runs as the owner of $VAR and never as root; so a running system needs nothing of the clone.

export LC_ALL=C.UTF-8

die () { printf 'paten: %s\n' "$*" >&2; exit 1; }
say () { printf '%s\n' "$*"; }

[ -f /etc/debian_version ] || die "this is made for Debian 12; other systems are not supported"

deploy_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$deploy_dir")
pg_bin=/usr/lib/postgresql/15/bin
system_user=paten
readonly deploy_dir root pg_bin system_user

# Services that own a schema and a login role in the database.
database_services=(identity intake verification inspection document signing payment notification archive)

# One password for every demo account and every demo signer's PKCS#12; printed by deploy/up.
demo_password=demo-paten-2026
demo_dir=$deploy_dir/demo.d

# ---- where ------------------------------------------------------------------------------------------------------------------

# $VAR: everything that a system writes.  An installed command knows its own; else PATEN_VAR, else var/ in the clone (which may
# be a link, see deploy/up).
if [ "$(basename "$root")" = app ] && [ -f "$root/../settings" ]; then
    VAR=$(dirname "$root")
elif [ -n "${PATEN_VAR:-}" ]; then
    VAR=$(realpath -m -- "$PATEN_VAR")
else
    VAR=$(realpath -m -- "$root/var")
fi
# The PostgreSQL cluster in it; in a container on a volume of its own.
pg_data=${PATEN_PG_DATA:-$VAR/pg}

# Paths stand in connection strings and in run scripts, and unix sockets have 108 bytes for theirs with the closing zero.
check_path () {
    case $VAR in
        *[!A-Za-z0-9/._-]*) die "the folder $VAR holds characters other than A-Z a-z 0-9 / . _ -; choose another: PATEN_VAR=/var/tmp/paten deploy/up" ;;
    esac
    local longest="$VAR/run/.s.PGSQL.65535"
    [ ${#longest} -le 107 ] ||
        die "the folder $VAR is too deep: the socket $longest has ${#longest} bytes, 107 are possible; choose another: PATEN_VAR=/var/tmp/paten deploy/up"
}

# setting NAME [FALLBACK]: what the first start wrote down (ports, demo or not), so that later starts find the same system.
# Of an installed package $VAR/settings is /etc/paten/paten.conf, where names stand as systemd hands them on: PATEN_NAME.
# In a container the environment says backup_* and pg_socket, and goes before what the image has.
setting () {
    local name value given=PATEN_${1^^}
    case ${PATEN_CONTAINER:-}/$1 in
        yes/backup_* | yes/pg_socket) [ -z "${!given:-}" ] || { printf '%s' "${!given}"; return; } ;;
    esac
    if [ -f "$VAR/settings" ]; then
        while IFS='=' read -r name value || [ -n "$name" ]; do # a last line need not end
            case $name in
                "$1" | "PATEN_${1^^}")
                    printf '%s' "${value:-${2:-}}"
                    return
                    ;;
            esac
        done <"$VAR/settings"
    fi
    printf '%s' "${2:-}"
}

# ---- who --------------------------------------------------------------------------------------------------------------------

# Runs a command as the owner of $VAR, in $VAR, with a clean environment (PATEN_* are kept).
as_owner () {
    local owner name
    local -a prefix=() kept=()
    owner=$(stat -c %U "$VAR")
    if [ "$owner" = root ]; then
        die "$VAR belongs to root; PATEN never runs as root: remove it or choose another folder by PATEN_VAR"
    elif [ "$EUID" -eq 0 ]; then
        prefix=(setpriv --reuid="$owner" --regid="$(stat -c %G "$VAR")" --init-groups)
    elif [ "$owner" != "$(id -un)" ]; then
        die "$VAR belongs to the user $owner; run this as $owner or as root"
    fi
    while read -r name; do
        kept+=("$name=${!name}")
    done < <(compgen -A export PATEN_)
    (cd "$VAR" && exec env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME="$VAR" LC_ALL=C.UTF-8 TZ=UTC \
        TERM="${TERM:-dumb}" "${kept[@]}" PATEN_VAR="$VAR" "${prefix[@]}" "$@")
}

# The one to whom root hands everything.
make_system_user () {
    getent passwd "$system_user" >/dev/null ||
        adduser --quiet --system --group --home /var/lib/paten --no-create-home "$system_user"
}

# In the clone's copy of a command: hand over to the installed copy.  In the installed copy: go on.
use_installed () {
    [ "$deploy_dir" != "$(realpath -m -- "$VAR/app/deploy")" ] || [ "$EUID" -eq 0 ] || return 0
    local command
    command=$(basename "$0")
    [ -x "$VAR/app/deploy/$command" ] || die "nothing is set up in $VAR yet; start with: deploy/up"
    as_owner "$VAR/app/deploy/$command" "$@"
    exit
}

# One command at a time changes a system.  The lock is the folder itself: nothing to leave behind.
lock_var () {
    exec 9<"$VAR"
    flock -n 9 && return
    say "another deploy command is at work on $VAR; waiting for it ..."
    flock -w 900 9 || die "still locked after 15 minutes; look for a hanging deploy/up (ps aux)"
}

# ---- processes --------------------------------------------------------------------------------------------------------------

# The pid of the supervisor (runsvdir over $VAR/service), or failure.
supervisor_pid () {
    local pid
    [ -f "$VAR/run/supervisor.pid" ] || return 1
    pid=$(<"$VAR/run/supervisor.pid")
    case $pid in '' | *[!0-9]*) return 1 ;; esac
    pgrep -f "^runsvdir -P $VAR/service\$" 2>/dev/null | grep -qx "$pid" || return 1
    printf '%s' "$pid"
}

# Names of all processes that are set up: postgres first, then by name.
processes () {
    local folder
    [ ! -d "$VAR/service/postgres" ] || echo postgres
    for folder in "$VAR"/service/*; do
        folder=${folder##*/}
        case $folder in postgres | '*') ;; *) echo "$folder" ;; esac
    done
}

# Is a runsv there for this process?  (It may outlive a supervisor that was killed.)
is_supervised () {
    case $(sv status "$VAR/service/$1" 2>/dev/null || true) in run* | down* | finish*) ;; *) return 1 ;; esac
}

# The pid of a process, or failure when it does not run.  A full disk leaves runsv's first file empty until the process is restarted.
process_pid () {
    local supervise=$VAR/service/$1/supervise pid
    [ -r "$supervise/pid" ] || return 1
    pid=$(<"$supervise/pid")
    [ -n "$pid" ] || pid=$(od -An -t u4 --endian=little -j 12 -N 4 "$supervise/status" 2>/dev/null | tr -d ' ')
    [ "${pid:-0}" -gt 0 ] && [ -d "/proc/$pid" ] && printf '%s' "$pid"
}

# The programs that deploy/up installed and that run as services (the others are tools).
installed_services () {
    local program
    for program in "$VAR"/app/bin/*; do
        program=${program##*/}
        case $program in curve_keygen | paten_ready | '*') ;; *) echo "$program" ;; esac
    done
}

# ---- ready? -----------------------------------------------------------------------------------------------------------------

http_address () { printf '127.0.0.1:%s' "$(setting http_port)"; }

port_answers () { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The folder of PostgreSQL's socket; and where commands look for it: there, or on another machine (deploy/stack.yml).
pg_socket () { setting pg_socket "$VAR/run"; }
pg_host () { printf '%s' "${PATEN_PG_HOST:-$(pg_socket)}"; }

postgres_is_ready () { "$pg_bin/pg_isready" -q -U postgres -h "$(pg_host)" -p "$(setting pg_port)" -d postgres; }

# The gateway's word on everybody behind it (proto/openapi.yaml, /v1/health): lines "service replicas"; nothing when it is silent.
read_health () {
    local answer
    answer=$(curl -sS --max-time 3 "http://$(http_address)/v1/health" 2>/dev/null) || return 1
    /usr/bin/python3 -c '
import json, sys
try:
    for name, replicas in sorted(json.loads(sys.argv[1])["services"].items()):
        print(name, int(replicas))
except (ValueError, KeyError, TypeError, AttributeError):
    sys.exit(1)' "$answer"
}

# running_replicas SERVICE: how many of its processes run.
running_replicas () {
    local folder count=0
    for folder in "$VAR/service/$1"-[0-9]*/; do
        folder=${folder%/}
        ! process_pid "${folder##*/}" >/dev/null || count=$((count + 1))
    done
    printf '%s' "$count"
}

# is_ready PROCESS HEALTH: a service's processes are ready when the gateway has heard of as many as run.  HEALTH: see read_health.
is_ready () {
    local process=$1 health=$2 service=${1%-*} heard
    process_pid "$process" >/dev/null || return 1
    case $service in
        postgres) postgres_is_ready ;;
        mailbox) port_answers "$(setting smtp_port)" ;;
        backup) ;; # waits for its hour; what it did is deploy/status' to judge
        gateway) port_answers "$(($(setting http_port) + ${process##*-} - 1))" ;;
        broker) [ -S "$VAR/run/$process.ipc" ] ;;
        *)
            [ -x "$VAR/app/bin/gateway" ] || return 0 # nobody to ask: running is all that can be known
            heard=$(sed -n "s/^$service //p" <<<"$health")
            [ "${heard:-0}" -ge "$(running_replicas "$service")" ]
            ;;
    esac
}

# not_ready: the processes that are not ready, one per line.
not_ready () {
    local process health
    health=$(read_health) || true
    for process in $(processes); do
        is_ready "$process" "$health" || echo "$process"
    done
}

# ---- packages ---------------------------------------------------------------------------------------------------------------

as_root () {
    if [ "$EUID" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || die "root is needed to run '$*', and there is no sudo; run it as root, then start again"
        sudo "$@"
    fi
}

# install_packages SECTION...: what deploy/packages.txt names for these sections and the machine lacks.
install_packages () {
    local package missing=()
    while read -r package; do
        missing+=("$package")
    done < <(comm -23 <("$deploy_dir/packages" "$@") \
        <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii *//p' | sort -u))
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    # Installing postgresql-15 makes and starts a cluster of the machine unless it is told not to.  We bring our own.
    if ! dpkg-query -W postgresql-common >/dev/null 2>&1 && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    local log policy=/usr/sbin/policy-rc.d
    log=$(mktemp)
    # Nor shall anything else that comes with them (Prometheus, for its promtool) start by itself.
    if [ -e "$policy" ]; then policy=; else printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null; as_root chmod +x "$policy"; fi
    local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold
        install -y --no-install-recommends "${missing[@]}")
    local done=yes
    as_root "${apt[@]}" >"$log" 2>&1 || { as_root apt-get update >"$log" 2>&1 && as_root "${apt[@]}" >>"$log" 2>&1; } || done=no
    [ -z "$policy" ] || as_root rm -f "$policy"
    if [ "$done" = no ]; then
        tail -n 15 "$log" >&2
        die "apt-get could not install the packages (its words above, all of them in $log); check /etc/apt/sources.list and the network, then start again"
    fi
    rm -f "$log"
}
