/* Addresses behind known proxies, see proxy.h. */
#include "proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 64, FOUR_BITS = 96 }; /* an IPv4 address stands in the last 32 bits */

static const unsigned char four_prefix[12] = {[10] = 0xff, [11] = 0xff};

/* The text between `begin` and `end` without blanks around it; false if it is longer than any address. */
static bool cut (const char *begin, const char *end, char ret_text[TEXT_SIZE])
{
    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (end - begin >= TEXT_SIZE)
        return false;
    memcpy (ret_text, begin, (size_t)(end - begin));
    ret_text[end - begin] = '\0';
    return true;
}

static bool read_address (const char *text, unsigned char ret_address[PROXY_ADDRESS_SIZE])
{
    if (inet_pton (AF_INET6, text, ret_address) == 1)
        return true;
    memcpy (ret_address, four_prefix, sizeof four_prefix);
    return inet_pton (AF_INET, text, ret_address + sizeof four_prefix) == 1;
}

static bool is_four (const unsigned char address[PROXY_ADDRESS_SIZE])
{
    return memcmp (address, four_prefix, sizeof four_prefix) == 0;
}

static bool read_bits (const char *text, int most, int *ret_bits)
{
    size_t digits = strspn (text, "0123456789");
    if (digits < 1 || digits > 3 || text[digits] != '\0')
        return false;
    *ret_bits = atoi (text);
    return *ret_bits <= most;
}

static bool read_network (char *text, struct proxy_network *ret_network)
{
    char *slash = strchr (text, '/');
    if (slash)
        *slash = '\0';
    if (!read_address (text, ret_network->address))
        return false;
    bool is_mapped = is_four (ret_network->address) && !strchr (text, ':');
    int bits = is_mapped ? 32 : 128;
    if (slash && !read_bits (slash + 1, bits, &bits))
        return false;
    ret_network->bits = is_mapped ? FOUR_BITS + bits : bits;
    return true;
}

bool proxies_parse (const char *text, struct proxies *ret_proxies)
{
    *ret_proxies = (struct proxies){0};
    if (text[strspn (text, " \t")] == '\0')
        return true;
    for (const char *begin = text, *end; begin; begin = *end ? end + 1 : NULL) {
        char one[TEXT_SIZE];
        end = begin + strcspn (begin, ",");
        if (ret_proxies->count == PROXY_NETWORKS_MOST || !cut (begin, end, one) ||
            !read_network (one, &ret_proxies->networks[ret_proxies->count]))
            return false;
        ret_proxies->count++;
    }
    return true;
}

static bool is_within (const unsigned char address[PROXY_ADDRESS_SIZE], const struct proxy_network *network)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp (address, network->address, (size_t)whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ network->address[whole]) >> (8 - rest) == 0;
}

static bool is_believed (const struct proxies *proxies, const unsigned char address[PROXY_ADDRESS_SIZE])
{
    for (int i = 0; i < proxies->count; i++)
        if (is_within (address, &proxies->networks[i]))
            return true;
    return false;
}

static bool address_of (const struct sockaddr *peer, unsigned char ret_address[PROXY_ADDRESS_SIZE])
{
    if (peer && peer->sa_family == AF_INET) {
        memcpy (ret_address, four_prefix, sizeof four_prefix);
        memcpy (ret_address + sizeof four_prefix, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
    } else if (peer && peer->sa_family == AF_INET6)
        memcpy (ret_address, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, PROXY_ADDRESS_SIZE);
    else
        return false;
    return true;
}

static const struct sockaddr *as_peer (const unsigned char address[PROXY_ADDRESS_SIZE], struct sockaddr_storage *room)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    memcpy (&six.sin6_addr, address, PROXY_ADDRESS_SIZE);
    memset (room, 0, sizeof *room);
    memcpy (room, &six, sizeof six);
    return (const struct sockaddr *)room;
}

const struct sockaddr *proxies_caller (const struct proxies *proxies, const struct sockaddr *peer,
                                       const char *forwarded, struct sockaddr_storage *room)
{
    unsigned char writer[PROXY_ADDRESS_SIZE];
    if (proxies->count == 0 || !forwarded || !address_of (peer, writer))
        return peer;
    const struct sockaddr *caller = peer;
    for (const char *end = forwarded + strlen (forwarded); end && is_believed (proxies, writer);) {
        const char *begin = end;
        while (begin > forwarded && begin[-1] != ',')
            begin--;
        char one[TEXT_SIZE];
        if (!cut (begin, end, one) || !read_address (one, writer))
            return caller;
        caller = as_peer (writer, room);
        end = begin > forwarded ? begin - 1 : NULL;
    }
    return caller;
}
