# shellcheck shell=bash disable=SC2154
# . scratch.sh COMMAND [ARGUMENT...]: a system of its own in a scratch folder, for the commands of this folder; it is taken down and
# away when the command ends, and its logs are kept in $results/log when that ends badly.  Before it: deploy/lib.sh, and $results set.
# $beside: a folder that goes with it, with the systems that a command brings up in it, when it sets one.
# The arguments are judged here, before anything is built; $option: the one that the shell must know (options.py).
case " $* " in *" --help "* | *" -h "*) exec /usr/bin/python3 -B "$root/tests/fault/options.py" "$@" ;; esac
option=$(/usr/bin/python3 -B "$root/tests/fault/options.py" "$@")
unset PATEN_VAR
mounted=no runner='' beside=''
scratch=$(mktemp -d /tmp/paten.XXXXXX)
cd "$root"
mkdir -p "$results"

clean_up () {
    local result=$?
    trap - EXIT
    [ -z "$runner" ] || { kill "$runner" && wait "$runner"; } 2>/dev/null || true
    local system
    for system in "$scratch" ${beside:+"$beside"/*}; do
        [ ! -f "$system/settings" ] || PATEN_VAR=$system "$root/deploy/down" >/dev/null 2>&1 || true
    done
    rm -rf "$results/log"
    [ "$result" -eq 0 ] || cp -r "$scratch/log" "$results/log" 2>/dev/null || true # for whoever looks for the reason
    [ "$mounted" = no ] || umount "$scratch" || umount -l "$scratch"
    rm -rf "$scratch" ${beside:+"$beside"}
    exit "$result"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Below those that the kernel hands out by itself, which may be anybody's until ours is bound, and apart from those of deploy/up.
free_port () {
    /usr/bin/python3 -c '
import random, socket
for port in random.sample(range(24000, 25000), 50):
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)):
            print(port)
            break'
}

# bring_up PRESET REPLICAS BROKERS GATEWAYS [CLONE]: everything up and scaled, found by PATEN_TEST_URL and PATEN_TEST_VAR.
bring_up () {
    local preset=$1 replicas=$2 clone=${5:-$root} wanted
    install_packages build run test
    say "bringing up $replicas replicas of every service, $3 brokers and $4 gateways in $scratch"
    PATEN_VAR=$scratch PATEN_PRESET=$preset PATEN_BUILD_DIR=$clone/build/$preset PATEN_REPLICAS=$replicas PATEN_DEMO=yes \
        "$clone/deploy/up" >"$results/up.log" 2>&1 || { tail -n 20 "$results/up.log" >&2; die "the system did not come up"; }
    for wanted in "broker $3" "gateway $4"; do
        # shellcheck disable=SC2086 # two words
        PATEN_VAR=$scratch deploy/scale $wanted >>"$results/up.log" 2>&1 || { tail -n 5 "$results/up.log" >&2; die "deploy/scale $wanted failed"; }
    done
    PATEN_TEST_URL=http://127.0.0.1:$(sed -n 's/^http_port=//p' "$scratch/settings")
    PATEN_TEST_VAR=$scratch
    export PATEN_TEST_URL PATEN_TEST_VAR
}

# judge PROGRAM ARGUMENT...: the inner half in Python; its exit code is ours.
judge () {
    /usr/bin/python3 -B "$@" &
    runner=$!
    wait "$runner"
}

# build_program PRESET NAME: one of the tests' own, which deploy/up does not build.
build_program () {
    local build=$root/build/$1
    grep -q '^PATEN_TESTS:BOOL=ON' "$build/CMakeCache.txt" || cmake --preset "$1" -DPATEN_TESTS=ON >"$results/build.log" 2>&1 || die "cmake failed (see $results/build.log)"
    cmake --build "$build" --target "$2" >"$results/build.log" 2>&1 || die "the build failed (see $results/build.log)"
}
