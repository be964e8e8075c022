# shellcheck shell=bash
# Judges settings before anything starts: a sentence for the first that is wrong.  Read after lib.sh, which brings die (), by
# deploy/image/prepare and deploy/systemd/setup.  settings_file: where each setting is explained.

wrong () { die "$1=${!1-}: $2 (${settings_file:?} explains it); nothing was started"; }

matches () { [[ ${!1-} =~ ^($2)$ ]] || wrong "$1" "$3"; }

within () { # NAME LEAST MOST
    matches "$1" '0|[1-9][0-9]{0,6}' "a whole number from $2 to $3 is needed"
    ((${!1} >= $2 && ${!1} <= $3)) || wrong "$1" "a whole number from $2 to $3 is needed"
}

# What every deployment says.
judge_common_settings () {
    matches PATEN_PUBLIC_URL 'https://[a-zA-Z0-9.-]+(:[0-9]+)?' "an address like https://paten.example.go.id is needed, without a path"
    matches PATEN_DEMO 'yes|no' "yes or no is needed"
    matches PATEN_LOG_LEVEL 'debug|info|warn|error' "debug, info, warn or error is needed"
    within PATEN_WORKERS 1 64
    within PATEN_PUBLIC_RATE 1 1000000
    matches PATEN_MAIL_FROM '[^@[:space:]]+@[^@[:space:]]+' "a plain address, name@domain, is needed"
}
