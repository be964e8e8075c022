/* What main.c names: events in, messages out, the log of messages. */
#pragma once

#include "common/service.h"

extern event_fn notification_on_event;
extern job_fn notification_deliver_perform, notification_deliver_conclude, notification_deliver_give_up;
extern call_fn notification_message_list;
