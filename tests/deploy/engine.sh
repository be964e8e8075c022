# shellcheck shell=bash disable=SC2154
# . engine.sh: a Docker engine for the tests of this folder, and PATEN through docker-compose.yml on it.  Before it: deploy/lib.sh.
# Who brings PATEN up in another way says so after it: show_logs, take_down.
# The engine is this test's own (data root, socket, pid) and lives in a network namespace of its own, so that ports, bridges and
# packet filters of the machine stay as they are; what it has built stays in $engine for the next run.  Exit 77: no engine is possible here.

engine=${PATEN_ENGINE_DIR:-$root/build/engine}
export DOCKER_HOST=unix://$engine/run/docker.sock COMPOSE_PROJECT_NAME=patentest PATEN_VERSION=test
export DOCKER_BUILDKIT=0 COMPOSE_HTTP_TIMEOUT=180
targets=(programs edge postgres tools)
readonly SKIPPED=77

skip () { say "skipped: $*"; exit "$SKIPPED"; }

engine_pid () { # of the one that runs
    local pid
    [ -f "$engine/run/docker.pid" ] && pid=$(<"$engine/run/docker.pid") && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && printf '%s' "$pid"
}

# engine_start COMMAND...: dockerd by that command, with mounts that end with it, and waits until it answers.
engine_start () {
    local tick
    mkdir -p "$engine/data" "$engine/run"
    unshare --mount -- "$@" dockerd --data-root "$engine/data" --exec-root "$engine/run/exec" --pidfile "$engine/run/docker.pid" --host "$DOCKER_HOST" \
        --bridge none "${engine_options[@]}" >"$engine/dockerd.log" 2>&1 </dev/null &
    for ((tick = 0; tick < 300; tick++)); do
        ! docker info >/dev/null 2>&1 || return 0
        kill -0 $! 2>/dev/null || break
        sleep 0.2
    done
    engine_stop
    return 1
}

engine_stop () {
    local pid tick
    pid=$(engine_pid) || return 0
    kill "$pid"
    for ((tick = 0; tick < 300; tick++)); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.2
    done
    say "dockerd ($pid) does not end; see $engine/dockerd.log" >&2
}

engine_is_possible () {
    [ "$EUID" -eq 0 ] || skip "a Docker engine is started by root"
    local program
    for program in dockerd docker unshare nsenter; do
        command -v "$program" >/dev/null || skip "$program is missing; install: deploy/packages engine"
    done
    compose_command=(docker compose)
    docker compose version >/dev/null 2>&1 || compose_command=(docker-compose)
    command -v "${compose_command[0]}" >/dev/null || skip "docker-compose is missing; install: deploy/packages engine"
    unshare --net true 2>/dev/null || skip "this kernel gives us no network namespace"
    ! engine_pid >/dev/null || die "another run is using $engine (dockerd $(engine_pid))"
}

# The only image that is ever pulled.  Where no registry is reached, Debian's own tools make it of the same packages.
base_image () {
    ! docker image inspect debian:bookworm-slim >/dev/null 2>&1 || return 0
    say "getting debian:bookworm-slim"
    timeout 60 docker pull -q debian:bookworm-slim >/dev/null 2>&1 && return
    command -v mmdebstrap >/dev/null || skip "debian:bookworm-slim cannot be pulled, and mmdebstrap is missing; install: deploy/packages engine"
    mmdebstrap --quiet --variant=minbase --dpkgopt="path-exclude=/usr/share/doc/*" --dpkgopt="path-exclude=/usr/share/man/*" \
        --dpkgopt="path-exclude=/usr/share/locale/*" bookworm - 2>"$engine/base.log" | docker import - debian:bookworm-slim >/dev/null ||
        { tail -n 5 "$engine/base.log" >&2; die "mmdebstrap made no base image"; }
}

# build_images: with an engine in the machine's own network, for apt.
build_images () {
    local target began=$SECONDS
    engine_options=(--iptables=false --ip6tables=false)
    engine_start env || skip "dockerd does not start here: $(grep -o 'level=\(fatal\|error\).*\|failed to start.*' "$engine/dockerd.log" | tail -n 1)"
    base_image
    "$root/services/gateway/web/tools/build" >/dev/null || die "the officers' application was not built"
    for target in "${targets[@]}"; do
        docker build -q --network host -f "$root/deploy/Dockerfile" --target "$target" -t "paten/$target:$PATEN_VERSION" "$root" \
            >"$engine/build.log" 2>&1 || { tail -n 25 "$engine/build.log" >&2; die "the image $target was not built (all its words in $engine/build.log)"; }
    done
    engine_stop
    say "images built after $((SECONDS - began)) s"
}

# Then one in a network of its own.
engine_apart () {
    engine_options=()
    # shellcheck disable=SC2016 # the inner shell's arguments
    engine_start unshare --net -- sh -c 'ip link set lo up && exec "$@"' engine || die "dockerd does not start in a network of its own; see $engine/dockerd.log"
}

# inside COMMAND...: on the engine's network.
inside () { nsenter --target "$(engine_pid)" --net -- "$@"; }

# compose ARGUMENT...: as the operator types it; the Python halves find the command in COMPOSE.
compose () { $COMPOSE "$@"; }

# settings NAME=VALUE...: the deployment's .env
settings () {
    mkdir -p "$engine/secrets"
    export COMPOSE="${compose_command[*]} --project-directory $root --file $root/docker-compose.yml --env-file $engine/env"
    printf '%s\n' "PATEN_SECRETS=$engine/secrets" "PATEN_PUBLIC_RATE=100000" "$@" >"$engine/env"
}

# up [ARGUMENT...]: as an operator does; until the demo kabupaten is loaded.
up () {
    compose up -d --no-build "$@" >"$engine/up.log" 2>&1 || { tail -n 15 "$engine/up.log" >&2; compose logs --no-color --tail=5 >&2; die "docker compose up failed (its words above)"; }
    [ "$(docker wait "$(compose ps -q demo)")" = 0 ] || { compose logs --no-color demo demo_admin >&2; die "the demo kabupaten was not loaded"; }
    certificate
}

# What an office would give its browsers: the certificate that nobody knows.
certificate () {
    inside /usr/bin/python3 -c 'import ssl; print(ssl.get_server_certificate(("127.0.0.1", 443)), end="")' >"$engine/edge.pem"
    export PATEN_TLS_CA=$engine/edge.pem
}

show_logs () { compose logs --no-color; }
take_down () { compose down -v --remove-orphans; }

clean_up () { # [RESULT]
    local result=${1:-$?}
    trap - EXIT
    trap '' INT TERM # once is enough
    if engine_pid >/dev/null; then
        if [ "$result" -ne 0 ] && [ "$result" -ne "$SKIPPED" ] && [ -f "$engine/env" ]; then
            show_logs >"$engine/failed.log" 2>&1 || true
            say "the containers' logs: $engine/failed.log" >&2
        fi
        [ ! -f "$engine/env" ] || take_down >"$engine/down.log" 2>&1 || true
        engine_stop
    fi
    rm -rf "$engine/secrets" "$engine/env" "$engine/edge.pem" "$engine/run"
    exit "$result"
}

# bring_up: everything above, in order.
bring_up () {
    engine_is_possible
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    build_images
    engine_apart
}
