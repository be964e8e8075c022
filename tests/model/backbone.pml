/* The event log between commands and one group of consumers: one partition, its counter and its cursor, members, a broker,
 * clients that repeat, and crashes at every point.  What stands in d_step or atomic is one transaction's COMMIT, or one
 * statement under a row lock, in PostgreSQL; between them anybody may act or die.
 *
 * common/sql/deploy/log.sql and worker_events.c are what is modelled: publish () = counter_lock … COMMIT, take () = the
 * member's lock and look, advance () = part of its COMMIT, fail () = a transaction of its own.
 *
 * Held by assertions: an event is handled at most once, in the order of its key, never before its command is committed;
 * where everything has come to rest, every command is acknowledged and its event handled, the poison one buried, once.
 * That it comes to rest: no cycle anywhere (tests/model/run looks for one too), so somebody who is alive always gets on.
 *
 * Each MUTATION below breaks one rule; tests/model/run demands that spin finds out. */

#define EVENTS    3 /* a client = one application = one key: 1 and 2 are of the first, 3 is of the second */
#define KEY(event) ((event) / 3)
#define MEMBERS   2
#define CRASHES   2 /* of replicas and members, together */
#define OUTAGES   1 /* of the broker */
#define FAILURES  2 /* then an event is buried */
#define POISON    1 /* the event whose handler always fails */
#define BATCH     2

/* ---- what is committed ---- */
byte counter;                /* bus.counter.last_seq */
byte event_at[EVENTS * 2 + 2]; /* bus.event: seq → event, 0: none */
byte cursor, failures;       /* bus.cursor */
bool stored[EVENTS + 1];     /* the reply under the command's idempotency key */
byte handled[EVENTS + 1];    /* the consumer's own table: how often */
byte buried[EVENTS + 1];     /* bus.dead_letter */
byte reached[2];             /* the last event of a key that was handled or buried */

/* ---- locks of running transactions; what is only in memory ---- */
bool counter_locked, cursor_locked;
bool broker_up = true, nudged;
bool acknowledged[EVENTS + 1];
byte crashes, outages;
#ifdef MUTATION_SEQUENCE
byte drawn;                  /* a sequence: numbers are drawn outside the order of commits */
#endif

inline handle (event)
{
    assert (stored[event]);              /* never before its command is committed */
    handled[event]++;
    assert (handled[event] == 1);        /* at most once */
    assert (event > reached[KEY (event)]); /* in the order of its key */
    reached[KEY (event)] = event
}

/* A client repeats its command until it is acknowledged; the replica that serves it may die at any point. */
proctype client (byte event; byte last)
{
    byte seq;
    do
    :: event > last -> break
    :: else ->
        if
#ifndef MUTATION_NO_IDEMPOTENCY
        :: stored[event] -> goto answer  /* the stored reply */
#endif
#ifdef MUTATION_SEQUENCE
        :: d_step { !stored[event] -> drawn++; seq = drawn }
#elif defined (MUTATION_NO_IDEMPOTENCY)
        :: d_step { !counter_locked -> counter_locked = true; seq = counter + 1 }
#else
        :: d_step { !stored[event] && !counter_locked -> counter_locked = true; seq = counter + 1 }
#endif
        fi;
        if                               /* between publish () and COMMIT */
        :: d_step { crashes < CRASHES -> crashes++; counter_locked = false; seq = 0 }
        :: d_step {                      /* COMMIT: reply, event and counter */
               true ->
               stored[event] = true;
               event_at[seq] = event;
               if
               :: seq > counter -> counter = seq
               :: else -> skip
               fi;
               counter_locked = false;
               seq = 0
           };
           if
           :: d_step { crashes < CRASHES -> crashes++ } /* dead before it could say so: no nudge, no answer */
           :: d_step { broker_up -> nudged = true }; goto answer
           :: !broker_up -> goto answer                 /* nobody is told; the sweep will see it */
           fi
        fi;
        goto again;
answer:
        acknowledged[event] = true;
        event++;
again:
        skip
    od
}

proctype member ()
{
    byte from, to, good, limit = BATCH; /* good: the events of the batch before the one that fails */
end:
    do
    ::
        d_step {                         /* bus.take (): FOR UPDATE SKIP LOCKED */
            !cursor_locked && (nudged
#ifndef MUTATION_NO_SWEEP
                               || cursor < counter /* the sweep, once a second */
#endif
                              ) ->
            nudged = false;
#ifndef MUTATION_NO_CURSOR_LOCK
            cursor_locked = true;
#endif
            from = cursor;
            to = counter;
            if
            :: to > from + limit -> to = from + limit
            :: else -> skip
            fi;
            good = 0;
            do
            :: from + good < to && event_at[from + good + 1] != POISON -> good++
            :: else -> break
            od
        };
        if
        :: d_step {                      /* dies with the transaction open */
               crashes < CRASHES -> crashes++; cursor_locked = false; limit = BATCH; from = 0; to = 0; good = 0
           }
        :: d_step {                      /* rolled back, and once more without the event that failed */
               from + good < to && good > 0 -> cursor_locked = false; limit = good; from = 0; to = 0; good = 0
           };
           if
           :: nudged -> skip             /* somebody else was told already */
           :: !nudged -> nudged = true   /* the loop comes back to it */
           fi
        :: d_step { from + good < to && good == 0 -> cursor_locked = false }; /* rolled back */
           d_step {                      /* bus.fail (): a transaction of its own */
               !cursor_locked ->
               if
               :: cursor == from ->
                   failures++;
                   if
                   :: failures >= FAILURES ->
                       buried[POISON]++;
                       assert (buried[POISON] == 1);
                       reached[KEY (POISON)] = POISON;
                       cursor = from + 1;
                       failures = 0
                   :: else -> skip
                   fi
               :: else -> skip           /* another member was there meanwhile */
               fi;
               nudged = true;
               from = 0; to = 0; limit = BATCH
           }
        :: from + good == to ->
#ifdef MUTATION_CURSOR_BEFORE
            d_step { cursor = to; failures = 0; cursor_locked = false };
            if
            :: crashes < CRASHES -> crashes++; goto end
            :: true -> skip
            fi;
#endif
            d_step {                     /* COMMIT: the effects and the cursor */
                good = from;
                do
                :: good < to ->
                    good++;
                    if
                    :: event_at[good] != 0 -> handle (event_at[good])
                    :: else -> skip
                    fi
                :: else -> break
                od;
#if !defined (MUTATION_CURSOR_BEFORE) && !defined (MUTATION_CURSOR_AFTER)
                cursor = to;
                failures = 0;
#endif
#ifndef MUTATION_CURSOR_AFTER
                cursor_locked = false;
                from = 0; to = 0;
#endif
                good = 0;
                limit = BATCH
            };
#ifdef MUTATION_CURSOR_AFTER
            if
            :: d_step { crashes < CRASHES -> crashes++; cursor_locked = false }; goto end
            :: true -> skip
            fi;
            d_step { cursor = to; failures = 0; cursor_locked = false; from = 0; to = 0 }
#endif
        fi
    od
}

proctype broker ()
{
end:
    do
    :: broker_up && outages < OUTAGES -> d_step { broker_up = false; nudged = false; outages++ }
    :: !broker_up -> broker_up = true
    od
}

#define SETTLED(event) (acknowledged[event] && handled[event] + buried[event] == 1 && (event == POISON) == (buried[event] == 1))

/* When nobody can go on any more, nothing is left to be done. */
proctype judge ()
{
    timeout -> assert (SETTLED (1) && SETTLED (2) && SETTLED (3))
}

init
{
    atomic {
        byte i;
        run client (1, 2);
        run client (3, 3);
        for (i : 1 .. MEMBERS) { run member () }
        run broker ();
        run judge ()
    }
}

