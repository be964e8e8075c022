/* Who gets past the broker's door: the real broker, real keys, an ipc endpoint in a folder of the test's own.
 * A refusal is seen as the event that libzmq reports about the handshake, not as silence alone. */
#include "common/auto.h"
#include "common/wire.h"

#include <czmq.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { WAIT_MS = 10000 }; /* longest wait for what must come */

struct door {
    char folder[64], endpoint[96];
    zcert_t *server;
    pid_t broker;
};

static void run (const char *program, char *const arguments[])
{
    pid_t child = fork ();
    if (child == 0) {
        execv (program, arguments);
        _exit (127);
    }
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_int_equal (status, 0);
}

/* A key pair for `name`; with `known` its public half is where the broker looks for its clients. */
static zcert_t *key (const struct door *door, const char *name, const char *file, bool known)
{
    char path[200], public[250];
    const char *keygen = getenv ("PATEN_TEST_KEYGEN");
    assert_non_null (keygen);
    snprintf (path, sizeof path, "%s/%s", door->folder, file);
    run (keygen, (char *const[]){"curve_keygen", (char *)name, path, NULL});
    snprintf (public, sizeof public, "%s/clients/%s", door->folder, file);
    if (known)
        assert_int_equal (link (path, public), 0);
    strcat (path, "_secret");
    zcert_t *certificate = zcert_load (path);
    assert_non_null (certificate);
    return certificate;
}

static int door_open (void **state)
{
    struct door *door = calloc (1, sizeof *door);
    strcpy (door->folder, "/tmp/paten_curve.XXXXXX");
    assert_non_null (mkdtemp (door->folder));
    snprintf (door->endpoint, sizeof door->endpoint, "ipc://%s/broker.ipc", door->folder);
    char clients[100], secret[100];
    snprintf (clients, sizeof clients, "%s/clients", door->folder);
    snprintf (secret, sizeof secret, "%s/broker_secret", door->folder);
    assert_int_equal (mkdir (clients, 0700), 0);
    door->server = key (door, "broker", "broker", false);
    door->broker = fork ();
    if (door->broker == 0) {
        const char *program = getenv ("PATEN_TEST_BROKER");
        setenv ("PATEN_BROKER_BIND", door->endpoint, 1);
        setenv ("PATEN_BROKER_CLIENTS_DIR", clients, 1);
        setenv ("PATEN_CURVE_SECRET_FILE", secret, 1);
        execl (program, "broker", NULL);
        _exit (127);
    }
    *state = door;
    return 0;
}

static int door_close (void **state)
{
    struct door *door = *state;
    int status;
    kill (door->broker, SIGTERM);
    assert_int_equal (waitpid (door->broker, &status, 0), door->broker);
    assert_int_equal (status, 0); /* it ends in order: no crash, no leak under ASan */
    zcert_destroy (&door->server);
    zdir_t *dir = zdir_new (door->folder, NULL);
    zdir_remove (dir, true);
    zdir_destroy (&dir);
    free (door);
    return 0;
}

static void say (zsock_t *dealer, const char *const *frames)
{
    AUTO (zmsg) message = zmsg_new ();
    for (; *frames; frames++)
        zmsg_addstr (message, *frames);
    zframe_t *packed = wire_pack (message);
    assert_int_equal (zframe_send (&packed, dealer, 0), 0);
}
#define SAY(dealer, ...) say ((dealer), (const char *const[]){__VA_ARGS__, NULL})

static zmsg_t *heard (zsock_t *dealer)
{
    AUTO (zframe) packed = zframe_recv (dealer);
    assert_non_null (packed);
    zmsg_t *message = wire_unpack (packed);
    assert_non_null (message);
    return message;
}

/* Knocks and says READY as `name`.  Returns the letter of the answer, or '4' when the broker refused the key, 'P' when
 * it refused the protocol. */
static char knock (const struct door *door, zcert_t *own, const char *server_key, const char *name)
{
    zsock_t *dealer = zsock_new (ZMQ_DEALER);
    zsock_set_linger (dealer, 0);
    if (own)
        zcert_apply (own, dealer);
    if (server_key)
        zsock_set_curve_serverkey (dealer, server_key);
    zactor_t *monitor = zactor_new (zmonitor, dealer);
    zstr_sendx (monitor, "LISTEN", "HANDSHAKE_FAILED_AUTH", "HANDSHAKE_FAILED_PROTOCOL", "HANDSHAKE_FAILED_NO_DETAIL",
                "DISCONNECTED", NULL);
    zstr_send (monitor, "START");
    zsock_wait (monitor);
    assert_int_equal (zsock_connect (dealer, "%s", door->endpoint), 0);
    SAY (dealer, WIRE_READY, name, "1", "7", "");

    zpoller_t *poller = zpoller_new (dealer, monitor, NULL);
    void *which = zpoller_wait (poller, WAIT_MS);
    char result = 0;
    if (which == dealer) {
        AUTO (zmsg) message = heard (dealer);
        result = (char)zframe_data (zmsg_first (message))[0];
    } else if (which == monitor) {
        AUTO (zmsg) event = zmsg_recv (monitor);
        AUTO_FREE char *text = zmsg_popstr (event);
        result = strcmp (text, "HANDSHAKE_FAILED_AUTH") == 0 ? '4' : 'P';
    }
    zpoller_destroy (&poller);
    zactor_destroy (&monitor);
    zsock_destroy (&dealer);
    return result;
}

static void allowed_key_is_greeted (void **state)
{
    const struct door *door = *state;
    AUTO (zcert) own = key (door, "intake", "intake", true);
    assert_int_equal (knock (door, own, zcert_public_txt (door->server), "intake"), 'H');
}

static void unknown_key_is_refused (void **state)
{
    const struct door *door = *state;
    AUTO (zcert) own = key (door, "intake", "stranger", false);
    assert_int_equal (knock (door, own, zcert_public_txt (door->server), "intake"), '4');
}

static void missing_key_is_refused (void **state)
{
    assert_int_equal (knock (*state, NULL, NULL, "intake"), 'P');
}

static void wrong_server_key_is_refused (void **state)
{
    const struct door *door = *state;
    AUTO (zcert) own = key (door, "intake", "careless", true);
    AUTO (zcert) other = zcert_new ();
    assert_int_equal (knock (door, own, zcert_public_txt (other), "intake"), 'P');
}

/* Its own READY comes behind the false one on the same connection: the one HELLO shows that the broker had read both. */
static void key_speaks_for_its_own_name_only (void **state)
{
    const struct door *door = *state;
    AUTO (zcert) own = key (door, "signing", "signing", true);
    zsock_t *dealer = zsock_new (ZMQ_DEALER);
    zsock_set_linger (dealer, 0);
    zsock_set_rcvtimeo (dealer, WAIT_MS);
    zcert_apply (own, dealer);
    zsock_set_curve_serverkey (dealer, zcert_public_txt (door->server));
    assert_int_equal (zsock_connect (dealer, "%s", door->endpoint), 0);
    SAY (dealer, WIRE_READY, "payment", "1", "7", "");
    zstr_sendx (dealer, WIRE_READY, "payment", "1", "7", "", NULL); /* not packed: no message */
    zstr_send (dealer, "\xff\xff\xff\xff");
    SAY (dealer, WIRE_READY, "signing", "1", "7", "");
    SAY (dealer, WIRE_REQUEST, "broker", "1", "9999999999999", "{}", "", "");
    AUTO (zmsg) hello = heard (dealer);
    assert_true (zframe_streq (zmsg_first (hello), WIRE_HELLO));
    AUTO (zmsg) census = heard (dealer);
    assert_true (zframe_streq (zmsg_first (census), WIRE_ANSWER));
    AUTO_FREE char *text = zframe_strdup (zmsg_last (census));
    assert_non_null (strstr (text, "\"signing\""));
    assert_null (strstr (text, "\"payment\""));
    zsock_destroy (&dealer);
}

int main (void)
{
    zsys_handler_set (NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (allowed_key_is_greeted),           cmocka_unit_test (unknown_key_is_refused),
        cmocka_unit_test (missing_key_is_refused),           cmocka_unit_test (wrong_server_key_is_refused),
        cmocka_unit_test (key_speaks_for_its_own_name_only),
    };
    return cmocka_run_group_tests (tests, door_open, door_close);
}
