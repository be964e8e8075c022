# shellcheck shell=bash disable=SC2154
# . swarm.sh: the engine of engine.sh as a Swarm of one node that has all labels, for deploy/stack.  Before it: deploy/lib.sh, engine.sh.
# Each host is the containers with its label, and is cut off or killed as a whole (swarm.py).

targets+=(cluster etcd prometheus)
export PATEN_STACK=patentest PATEN_DATABASE_VERSION=$PATEN_VERSION
mail_host=192.0.2.25 # of the mail server, outside of all networks of the stack
smtp_port=2525

show_stack_logs () {
    local service
    for service in $(docker service ls --format '{{.Name}}'); do
        printf '==== %s\n' "$service"
        docker service ps --no-trunc "$service" || true
        timeout 20 docker service logs --raw --tail 400 "$service" || true
    done
}

show_logs () { show_stack_logs; }

# What a Swarm leaves; also of a run that was ended by force.
sweep () {
    docker swarm leave --force || true
    docker ps -aq | xargs -r docker rm --force
    docker volume ls -q --filter name="^${PATEN_STACK}" | xargs -r docker volume rm
    docker network prune --force
    rm -rf "$engine/backup" "$engine/backup_of_the_new"
}

take_down () {
    "$root/deploy/stack" down || true
    sweep
}

make_swarm () {
    local label
    docker swarm init --advertise-addr 127.0.0.1 >/dev/null
    for label in paten.postgres1 paten.postgres2 paten.postgres3 paten.services paten.edge paten.observe; do
        docker node update --label-add "$label=yes" "$(docker node ls -q)" >/dev/null
    done
    inside ip address add $mail_host/32 dev lo
    install -d -o 5000 -m 700 "$engine/backup" "$engine/backup_of_the_new" # what the three database machines would share
}
