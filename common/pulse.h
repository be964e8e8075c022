/* The figures that every service process has, whatever it serves (pulse_open ()), and those of its connections, which the
 * gateway has as well.  What is counted here costs an atomic addition.  What has to be read from the database
 * (METRIC_MEASURED) is read by a worker, at most every PULSE_MEASURE_MS and only while somebody asks. */
#pragma once

#include "common/metrics.h"

struct service;
struct method;
struct worker;

enum { PULSE_MEASURE_MS = 15000 };

/* of connections */
extern struct metric pulse_brokers_alive, pulse_broker_greetings, pulse_database_connections;
/* of a service's work: {method, status class}, {method}, {topic}, {outcome}, {state} */
extern struct metric pulse_requests, pulse_request_seconds, pulse_requests_waiting, pulse_workers, pulse_retries,
    pulse_events, pulse_event_failures, pulse_jobs_ended;
enum { PULSE_JOB_DONE, PULSE_JOB_AGAIN, PULSE_JOB_FAILED };
enum { PULSE_IDLE, PULSE_AT_REQUEST, PULSE_BEHIND };

/* Before the threads start.  _connections: the link's alone. */
void pulse_open_connections (void);
void pulse_open (const struct service *service);

/* A request is answered.  method: NULL if the service has none of that name; began_us: pulse_now_us () of its arrival. */
void pulse_request (const struct service *service, const struct method *method, int status, int64_t began_us);
/* Microseconds of a clock that never jumps. */
int64_t pulse_now_us (void);

/* By a worker outside any transaction: reads what is to be read, the runtime's figures and the service's own.  One that
 * cannot be read is told in the log and is not shown until it can. */
void worker_measure (struct worker *worker);
