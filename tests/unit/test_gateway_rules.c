/* The gateway's small rules: heads, tokens, file names; sessions, rates, uploads, problem documents. */
#include "gateway.h"
#include "limit.h"
#include "problem.h"
#include "proxy.h"
#include "session.h"
#include "upload.h"

#include "common/text.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum head_verdict judge (const char *version, const char *const *fields)
{
    struct head head;
    head_begin (&head, version);
    for (; fields[0]; fields += 2)
        head_add (&head, fields[0], fields[1]);
    return head_end (&head);
}

static void heads_are_counted (void **state)
{
    static const struct {
        const char *fields[8];
        enum head_verdict verdict;
    } cases[] = {
        {{"Host", "a", "Content-Length", "5"}, HEAD_OK},
        {{"Host", "a", "X-Any", ""}, HEAD_OK},
        {{"Host", "a", "transfer-encoding", "Chunked"}, HEAD_OK},
        {{"Content-Length", "5", "content-length", "5"}, HEAD_REPEATED},
        {{"Content-Length", "5", "Content-Length", "6"}, HEAD_REPEATED},
        {{"Content-Length", "5, 5"}, HEAD_BAD_LENGTH},
        {{"Content-Length", ""}, HEAD_BAD_LENGTH},
        {{"Content-Length", "+5"}, HEAD_BAD_LENGTH},
        {{"Content-Length", "-1"}, HEAD_BAD_LENGTH},
        {{"Content-Length", "0x5"}, HEAD_BAD_LENGTH},
        {{"Content-Length", "5 "}, HEAD_BAD_LENGTH},
        {{"Content-Length", "9999999999999999999"}, HEAD_BAD_LENGTH},
        {{"Content-Length", "5", "Transfer-Encoding", "chunked"}, HEAD_LENGTH_AND_ENCODING},
        {{"Transfer-Encoding", "chunked", "Content-Length", "5"}, HEAD_LENGTH_AND_ENCODING},
        {{"Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"}, HEAD_REPEATED},
        {{"Transfer-Encoding", "gzip, chunked"}, HEAD_BAD_ENCODING},
        {{"Transfer-Encoding", "identity"}, HEAD_BAD_ENCODING},
        {{"Host", "a", "host", "b"}, HEAD_REPEATED},
        {{"Authorization", "a", "Authorization", "b"}, HEAD_REPEATED},
        {{"Idempotency-Key", "a", "Idempotency-Key", "a"}, HEAD_REPEATED},
        {{"Content-Length ", "5"}, HEAD_BAD_NAME},
        {{"Content\tLength", "5"}, HEAD_BAD_NAME},
        {{"", "5"}, HEAD_BAD_NAME},
        {{"X", "a\x01"}, HEAD_BAD_VALUE},
        {{"X", "a\rContent-Length: 5"}, HEAD_BAD_VALUE},
    };
    static const char *const none[] = {NULL}, *const chunked[] = {"Transfer-Encoding", "chunked", NULL};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal (judge ("HTTP/1.1", cases[i].fields), cases[i].verdict);
    assert_int_equal (judge ("HTTP/1.0", none), HEAD_OK);
    assert_int_equal (judge ("HTTP/1.0", chunked), HEAD_BAD_ENCODING);
    assert_int_equal (judge ("HTTP/2.0", none), HEAD_BAD_VERSION);
    assert_int_equal (judge ("HTTP/1.10", none), HEAD_BAD_VERSION);
}

static void content_types (void **state)
{
    (void)state;
    assert_true (is_json_type ("application/json"));
    assert_true (is_json_type ("Application/JSON; charset=UTF-8"));
    assert_true (is_json_type ("application/json;charset=\"utf-8\""));
    assert_false (is_json_type (NULL));
    assert_false (is_json_type (""));
    assert_false (is_json_type ("text/plain"));
    assert_false (is_json_type ("application/jsonp"));
    assert_false (is_json_type ("application/json; charset=latin1"));
    assert_false (is_json_type ("application/x-www-form-urlencoded"));
}

/* Cases of W3C Trace Context, sections 3.2.2 and 4.3. */
static void traces (void **state)
{
    static const struct {
        const char *traceparent;
        bool is_valid;
    } cases[] = {
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff", true},
        {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be-like", true},
        {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false},
        {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what", false},
        {"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
        {"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", false},
        {"00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-", false},
        {"", false},
        {NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char id[GATEWAY_TRACE_SIZE];
        assert_int_equal (trace_id_of (cases[i].traceparent, id), cases[i].is_valid);
        assert_string_equal (id, cases[i].is_valid ? "4bf92f3577b34da6a3ce929d0e0e4736" : "");
    }
    char id[GATEWAY_TRACE_SIZE];
    trace_id_from_uuid ("01932d60-0000-7abc-8def-0123456789ad", id);
    assert_string_equal (id, "01932d6000007abc8def0123456789ad");
}

static void keys_and_tokens (void **state)
{
    char long_key[102];
    (void)state;
    memset (long_key, 'k', sizeof long_key);
    long_key[101] = '\0';
    assert_false (is_idempotency_key (long_key));
    assert_true (is_idempotency_key (long_key + 1));
    assert_false (is_idempotency_key (NULL));
    assert_false (is_idempotency_key (""));
    assert_false (is_idempotency_key ("a b"));
    assert_false (is_idempotency_key ("\xc3\xa9"));
    assert_true (is_correlation ("01932d60-0000-7abc-8def-0123456789ad"));
    assert_false (is_correlation ("a\"b"));
    assert_false (is_correlation (long_key));
    assert_string_equal (bearer_token ("Bearer abc-_="), "abc-_=");
    assert_string_equal (bearer_token ("bearer abc"), "abc");
    assert_null (bearer_token (NULL));
    assert_null (bearer_token ("Bearer "));
    assert_null (bearer_token ("Bearer a b"));
    assert_null (bearer_token ("Bearer a\"b"));
    assert_null (bearer_token ("Basic YTpi"));
}

static void file_names (void **state)
{
    char value[GATEWAY_DISPOSITION_SIZE], long_name[400];
    (void)state;
    disposition ("surat 1.pdf", value);
    assert_string_equal (value, "inline; filename=\"surat 1.pdf\"");
    disposition ("a\"b\r\nX: 1\\.pdf", value);
    assert_string_equal (value, "inline; filename=\"a_b__X_ 1_.pdf\"; filename*=UTF-8''a%22b%0D%0AX%3A%201%5C.pdf");
    disposition ("Ra'as \xc3\xa9.pdf", value);
    assert_string_equal (value, "inline; filename=\"Ra_as __.pdf\"; filename*=UTF-8''Ra%27as%20%C3%A9.pdf");
    memset (long_name, '\xc3', sizeof long_name);
    for (size_t i = 1; i < sizeof long_name; i += 2)
        long_name[i] = '\xa9';
    long_name[sizeof long_name - 1] = '\0';
    disposition (long_name, value);
    assert_true (strlen (value) < sizeof value);
    assert_string_equal (value + strlen (value) - 6, "%C3%A9");
}

static void sessions_are_forgotten_in_time (void **state)
{
    (void)state;
    session_cache_t *cache = session_cache_new ();
    json_t *claims = json_pack ("{s:s}", "account", "a");
    assert_null (session_find (cache, "token", 1000));
    session_put (cache, "token", claims, 1000);
    json_t *found = session_find (cache, "token", 1000 + SESSION_KEEP_MS - 1);
    assert_true (json_equal (found, claims));
    json_decref (found);
    assert_null (session_find (cache, "other", 1000));
    assert_null (session_find (cache, "token", 1000 + SESSION_KEEP_MS));
    session_put (cache, "token", claims, 1000);
    session_drop (cache, "token");
    session_drop (cache, "token");
    assert_null (session_find (cache, "token", 1001));
    /* many more than there is room for: the newest is there, the number is bounded (ASan watches the references) */
    int kept = 0;
    for (int i = 0; i < 3 * SESSION_MOST; i++) {
        char token[20];
        snprintf (token, sizeof token, "t%d", i);
        session_put (cache, token, claims, 2000 + i / 100);
        found = session_find (cache, token, 2000 + i / 100);
        assert_true (json_equal (found, claims));
        json_decref (found);
    }
    for (int i = 0; i < 3 * SESSION_MOST; i++) {
        char token[20];
        snprintf (token, sizeof token, "t%d", i);
        found = session_find (cache, token, 2200);
        kept += found != NULL;
        json_decref (found);
    }
    assert_in_range (kept, SESSION_MOST / 2, SESSION_MOST);
    session_cache_destroy (&cache);
    json_decref (claims);
}

static struct sockaddr_in6 six (const char *text)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    assert_int_equal (inet_pton (AF_INET6, text, &address.sin6_addr), 1);
    return address;
}

static void rates (void **state)
{
    (void)state;
    limit_t *limit = limit_new (6); /* one each ten seconds, six at once */
    struct sockaddr_in6 one = six ("2001:db8:0:1::1"), same = six ("2001:db8:0:1:ffff::2"),
                        other = six ("2001:db8:0:2::1");
    for (int i = 0; i < 6; i++)
        assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 1000), 0);
    assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 1000), 10);
    assert_int_equal (limit_take (limit, (struct sockaddr *)&same, 1000), 10); /* the same /64 */
    assert_int_equal (limit_take (limit, (struct sockaddr *)&other, 1000), 0);
    assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 6000), 5); /* asking costs nothing */
    assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 10999), 1);
    assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 11000), 0);
    assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 11000), 10);
    for (int i = 0; i < 6; i++) /* an hour later: six, not three hundred */
        assert_int_equal (limit_take (limit, (struct sockaddr *)&one, 3600000), 0);
    assert_int_not_equal (limit_take (limit, (struct sockaddr *)&one, 3600000), 0);
    for (uint32_t i = 0; i < 50000; i++) { /* more addresses than buckets */
        struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (0x0a000000 + i)};
        assert_int_equal (limit_take (limit, (struct sockaddr *)&four, 3700000 + i), 0);
    }
    assert_int_equal (limit_take (limit, NULL, 3800000), 0);
    limit_destroy (&limit);
}

/* What proxies_caller () makes of a connection from `peer` with that X-Forwarded-For, as text. */
static const char *caller (const char *trusted, const char *peer, const char *forwarded)
{
    static char text[INET6_ADDRSTRLEN];
    struct proxies proxies;
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 wide = {.sin6_family = AF_INET6};
    struct sockaddr_storage room;
    bool is_four = inet_pton (AF_INET, peer, &four.sin_addr) == 1;
    assert_true (is_four || inet_pton (AF_INET6, peer, &wide.sin6_addr) == 1);
    assert_true (proxies_parse (trusted, &proxies));
    const struct sockaddr *from = is_four ? (struct sockaddr *)&four : (struct sockaddr *)&wide;
    const struct sockaddr *found = proxies_caller (&proxies, from, forwarded, &room);
    if (found->sa_family == AF_INET)
        inet_ntop (AF_INET, &((const struct sockaddr_in *)(const void *)found)->sin_addr, text, sizeof text);
    else
        inet_ntop (AF_INET6, &((const struct sockaddr_in6 *)(const void *)found)->sin6_addr, text, sizeof text);
    return text;
}

static void proxies_are_believed_by_address (void **state)
{
    (void)state;
    static const struct {
        const char *trusted, *peer, *forwarded, *caller;
    } cases[] = {
        {"", "10.0.0.2", "203.0.113.9", "10.0.0.2"},                   /* nobody is believed */
        {"10.0.0.2", "10.0.0.2", NULL, "10.0.0.2"},                    /* nothing was said */
        {"10.0.0.2", "10.0.0.2", "203.0.113.9", "::ffff:203.0.113.9"}, /* the plain case */
        {"10.0.0.2", "10.0.0.3", "203.0.113.9", "10.0.0.3"},           /* a stranger claims */
        {"10.0.0.2", "::ffff:10.0.0.2", "203.0.113.9", "::ffff:203.0.113.9"},
        {"10.0.0.0/30", "10.0.0.3", "203.0.113.9", "::ffff:203.0.113.9"},
        {"10.0.0.0/30", "10.0.0.4", "203.0.113.9", "10.0.0.4"},
        {"0.0.0.0/0", "2001:db8::1", "203.0.113.9", "2001:db8::1"}, /* every IPv4, and no IPv6 */
        {"2001:db8::/33", "2001:db8:7fff::1", " 2001:db8:8000::5\t", "2001:db8:8000::5"},
        {"2001:db8::/33", "2001:db8:8000::1", "203.0.113.9", "2001:db8:8000::1"},
        {"10.0.0.2", "10.0.0.2", "198.51.100.1, 203.0.113.9",
         "::ffff:203.0.113.9"}, /* the caller's own claim before it */
        {"10.0.0.2,10.9.0.0/16", "10.0.0.2", "198.51.100.1,203.0.113.9,10.9.1.1",
         "::ffff:203.0.113.9"},                                              /* two proxies */
        {"10.0.0.0/8", "10.0.0.2", "10.1.1.1, 10.2.2.2", "::ffff:10.1.1.1"}, /* to the beginning */
        {"10.0.0.2", "10.0.0.2", "", "10.0.0.2"},
        {"10.0.0.2", "10.0.0.2", "unknown", "10.0.0.2"},
        {"10.0.0.0/8", "10.0.0.2", "203.0.113.9,,10.1.1.1", "::ffff:10.1.1.1"},
        {"10.0.0.2", "10.0.0.2", "203.0.113.9:80", "10.0.0.2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal (caller (cases[i].trusted, cases[i].peer, cases[i].forwarded), cases[i].caller);
    struct proxies proxies;
    struct sockaddr_storage room;
    assert_true (proxies_parse ("10.0.0.2", &proxies));
    assert_null (proxies_caller (&proxies, NULL, "203.0.113.9", &room));
    static const char *const refused[] = {"edge",
                                          "10.0.0.2/33",
                                          "10.0.0.2/",
                                          "10.0.0.2/-1",
                                          "2001:db8::/129",
                                          "10.0.0.2,",
                                          ",",
                                          "10.0.0.2 10.0.0.3",
                                          "10.0.0.2/8/8",
                                          "1::,2::,3::,4::,5::,6::,7::,8::,9::,a::,b::,c::,d::,e::,f::,10::,11::"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false (proxies_parse (refused[i], &proxies));
    assert_true (proxies_parse ("  ", &proxies));
    assert_int_equal (proxies.count, 0);
}

static void the_nearest_proxy_wrote_last (void **state)
{
    (void)state;
    struct head head;
    head_begin (&head, "HTTP/1.1");
    head_add (&head, "X-Forwarded-For", "198.51.100.1");
    head_add (&head, "x-forwarded-for", "203.0.113.9");
    assert_int_equal (head_end (&head), HEAD_OK);
    assert_string_equal (head.forwarded_for, "203.0.113.9");
}

static void uploads_are_cut (void **state)
{
    (void)state;
    struct match match;
    char target[] = "/v1/files?purpose=photo&kecamatan=35.29.22&name=a.jpg";
    assert_int_equal (route_match ("POST", target, &match), TARGET_OK);
    assert_false (upload_is_reserved (&match));
    struct upload *upload = upload_new (10, 0);
    assert_int_equal (upload_take (upload, "0123456", 7), 7);
    assert_false (upload_is_full (upload));
    assert_int_equal (upload_take (upload, "789abc", 6), 3);
    assert_true (upload_is_full (upload));
    json_t *params = upload_append_params (upload, &match);
    assert_int_equal (json_object_size (params), 4);
    assert_string_equal (json_string_value (json_object_get (params, "offset")), "0");
    json_decref (params);
    upload_advance (upload);
    params = upload_finish_params (upload, &match);
    assert_int_equal (json_object_size (params), 5);
    assert_string_equal (json_string_value (json_object_get (params, "size")), "10");
    assert_string_equal (json_string_value (json_object_get (params, "name")), "a.jpg");
    json_decref (params);
    upload_destroy (&upload);
    char sly[] = "/v1/files?upload=01932d60-0000-7abc-8def-0123456789ad";
    assert_int_equal (route_match ("POST", sly, &match), TARGET_OK);
    assert_true (upload_is_reserved (&match));
    upload = upload_new (100 * UPLOAD_CHUNK_SIZE, 0);
    assert_int_equal (upload->capacity, UPLOAD_CHUNK_SIZE);
    upload_destroy (&upload);
}

static void problems (void **state)
{
    (void)state;
    size_t size;
    char *text = problem_text (ERR_BAD_REQUEST, "c-1", &size, "why", "\"kutip\"", NULL);
    json_t *problem = json_loadb (text, size, 0, NULL);
    assert_string_equal (json_string_value (json_object_get (problem, "type")), "/problems/bad_request");
    assert_string_equal (json_string_value (json_object_get (problem, "detail")),
                         "Permintaan HTTP tidak sah: \"kutip\".");
    assert_int_equal (json_integer_value (json_object_get (problem, "status")), 400);
    json_decref (problem);
    free (text);
    for (int code = 1; code < ERR_COUNT; code++) { /* every sentence of the registry can be said */
        text = problem_text (code, "c", &size, NULL, NULL, NULL);
        assert_non_null (text);
        assert_int_equal (text_check (text, size, NULL), TEXT_OK);
        free (text);
    }
    static const char from_service[] = "{\"type\":\"about:blank\",\"status\":503,\"code\":\"service_unavailable\","
                                       "\"detail\":\"Layanan {service} sedang\",\"missing\":[1]}";
    text = problem_complete (from_service, sizeof from_service - 1, "c-2", "intake", &size);
    problem = json_loadb (text, size, 0, NULL);
    assert_string_equal (json_string_value (json_object_get (problem, "type")), "/problems/service_unavailable");
    assert_string_equal (json_string_value (json_object_get (problem, "detail")), "Layanan intake sedang");
    assert_string_equal (json_string_value (json_object_get (problem, "correlation")), "c-2");
    assert_non_null (json_object_get (problem, "missing"));
    assert_non_null (json_object_get (problem, "title"));
    json_decref (problem);
    free (text);
    assert_null (problem_complete ("[]", 2, "c", "intake", &size));
    assert_null (problem_complete ("{", 1, "c", "intake", &size));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (heads_are_counted),
        cmocka_unit_test (content_types),
        cmocka_unit_test (keys_and_tokens),
        cmocka_unit_test (traces),
        cmocka_unit_test (file_names),
        cmocka_unit_test (sessions_are_forgotten_in_time),
        cmocka_unit_test (rates),
        cmocka_unit_test (proxies_are_believed_by_address),
        cmocka_unit_test (the_nearest_proxy_wrote_last),
        cmocka_unit_test (uploads_are_cut),
        cmocka_unit_test (problems),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
