/* Who of a group is told that a partition has grown.  Being told is an optimisation: the cursor's row lock decides who
 * works.  Listeners (the gateways) consume nothing and are all told. */
#include "broker_priv.h"

#include "common/codes.h"
#include "common/wire.h"

/* The member of a group that looks after a partition: the highest weight of (partition, member), so that a member that
 * comes or goes moves only its own share (rendezvous hashing). */
static struct replica *service_member (struct service_entry *service, int64_t partition, const char *topic)
{
    struct replica *chosen = NULL;
    uint64_t best = 0;
    for (struct replica *r = zlistx_first (service->replicas); r; r = zlistx_next (service->replicas)) {
        if (r->leaving || !codes_have (r->topics, topic))
            continue;
        uint64_t weight = UINT64_C (14695981039346656037) ^ (uint64_t)partition;
        for (const char *c = r->key; *c; c++)
            weight = (weight ^ (unsigned char)*c) * UINT64_C (1099511628211);
        weight ^= weight >> 29;
        if (!chosen || weight > best) {
            chosen = r;
            best = weight;
        }
    }
    return chosen;
}

static void tell (broker_t *broker, struct replica *replica, int64_t partition, const char *topic, const char *place)
{
    zmsg_t *nudge = zmsg_new ();
    zmsg_addstr (nudge, WIRE_NUDGE);
    wire_add_int (nudge, partition);
    zmsg_addstr (nudge, topic);
    zmsg_addstr (nudge, place);
    broker_send (broker, replica->route, nudge);
}

/* Each listener has browsers of its own that wait. */
static void tell_listeners (broker_t *broker, struct service_entry *service, int64_t partition, const char *topic,
                            const char *place)
{
    char starred[80];
    snprintf (starred, sizeof starred, "*%s", topic);
    for (struct replica *r = zlistx_first (service->replicas); r; r = zlistx_next (service->replicas))
        if (!r->leaving && codes_have (r->topics, starred))
            tell (broker, r, partition, topic, place);
}

bool broker_nudge (broker_t *broker, zmsg_t *message)
{
    int64_t partition = wire_pop_int (message, -1);
    AUTO_FREE char *topic = wire_pop_text (message);
    AUTO_FREE char *addressee = wire_pop_text (message);
    AUTO_FREE char *place = wire_pop_text (message);
    bool for_all = !addressee || !addressee[0];
    if (partition < 0 || partition >= 64 || !topic || topic[0] == '*')
        return false;
    for (struct service_entry *s = zhashx_first (broker->services); s; s = zhashx_next (broker->services)) {
        struct replica *member = for_all || streq (s->name, addressee) ? service_member (s, partition, topic) : NULL;
        if (member)
            tell (broker, member, partition, topic, place ? place : "");
        tell_listeners (broker, s, partition, topic, place ? place : "");
    }
    return true;
}
