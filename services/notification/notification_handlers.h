/* What main.c names: events in, messages out, the log of messages. */
#pragma once

#include "common/service.h"

extern event_fn on_event;
extern job_fn deliver_perform, deliver_conclude, deliver_give_up;
extern call_fn message_list;
