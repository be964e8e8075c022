# shellcheck shell=bash disable=SC2154
# From the clone to what runs, for deploy/up and deploy/upgrade.  Before it: lib.sh.
preset=${PATEN_PRESET:-release}
build=${PATEN_BUILD_DIR:-$root/build/$preset}

# $build/stage: everything that a system needs of the clone.  Ninja decides what is old.
build_stage () {
    local log=$build/up.log
    mkdir -p "$build"
    if [ ! -f "$build/build.ninja" ]; then
        say "configuring ($build)"
        if ! cmake -S "$root" -B "$build" --preset "$preset" -DPATEN_TESTS=OFF >"$log" 2>&1; then
            tail -n 30 "$log" >&2
            die "cmake failed (its last words above, all of them in $log)"
        fi
    fi
    say "building what changed ($build)"
    if ! cmake --build "$build" ${PATEN_JOBS:+-j "$PATEN_JOBS"} >"$log" 2>&1; then
        grep -E -A 8 'error:|FAILED|Error' "$log" | head -n 40 >&2 || true
        die "the build failed (first errors above, all in $log)"
    fi
    rm -rf "$build/stage"
    if ! cmake --install "$build" --prefix "$build/stage" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        die "cmake --install failed (its last words above, all of them in $log)"
    fi
    stage_scripts "$build/stage"
    cp -p "$deploy_dir"/{start,stop,down,status,scale,restart,switch,backup} "$build/stage/deploy/"
}

# Into $VAR/app.new; root writes nothing below $VAR, the owner unpacks.  What runs is such a copy, so the build folder may change
# under a running system.
install_stage () {
    tar -C "$build/stage" -cf - . | as_owner sh -c 'rm -rf app.new && mkdir app.new && tar -C app.new --no-same-owner -xf -'
}

# stage_scripts STAGE: beside the programs this folder's commands, as far as they need no runit, and the migrations of every service.
stage_scripts () {
    local stage=$1 folder
    mkdir -p "$stage/bin" "$stage/deploy/keys" "$stage/sql"
    cp -p "$deploy_dir"/{lib.sh,layout.sh,cluster.sh,backup.sh,roles.sql,psql,admin,migrate,load} "$stage/deploy/"
    cp -rp "$demo_dir" "$deploy_dir/python" "$stage/deploy/"
    mkdir -p "$stage/deploy/observe"
    cp -p "$deploy_dir"/observe/*.yml "$stage/deploy/observe/"
    rm -rf "$stage/deploy/python/__pycache__"
    [ ! -f "$deploy_dir/keys/ca" ] || cp -p "$deploy_dir/keys/ca" "$stage/deploy/keys/"
    for folder in "$root"/common/sql "$root"/services/*/sql; do
        [ -f "$folder/sqitch.plan" ] || continue
        case $folder in
            "$root/common/sql") cp -rp "$folder" "$stage/sql/bus" ;;
            *) cp -rp "$folder" "$stage/sql/$(basename "$(dirname "$folder")")" ;;
        esac
    done
    chmod -R go+rX "$stage"
}
