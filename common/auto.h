/* Owning locals free themselves: AUTO (zmsg) msg = zmsg_new ();
 * Works for every type with a destructor thing_destroy (thing_t **), CZMQ's CLASS shape. */
#pragma once

#define AUTO(type) __attribute__ ((cleanup (type##_destroy))) type##_t *

/* A local char * that came from malloc (). */
static inline void auto_free (void *pointer)
{
    extern void free (void *);
    free (*(void **)pointer);
}
#define AUTO_FREE __attribute__ ((cleanup (auto_free)))
