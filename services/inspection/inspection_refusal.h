/* A verdict of the rules as the answer that an officer reads. */
#pragma once

#include "common/service.h"
#include "inspection_store.h"

/* `answer` is a refusal.  Always returns 0. */
int inspection_refuse (struct call *call, const struct inspection_answer *answer, const struct visit_locked *visit);
