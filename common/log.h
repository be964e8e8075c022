/* JSON lines on stderr (the supervisor keeps them): time, level, service, correlation, event, fields.
 * Never personal data: give ids and facts. */
#pragma once

/* Not LOG_…: syslog.h, which czmq.h brings along, has those as macros. */
enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR };

/* The level of that name, or -1. */
int log_level_named (const char *name);
void log_open (const char *service, enum log_level least);
/* Sets the correlation id of this thread's lines until it is set again; NULL for none. */
void log_correlation (const char *correlation);
/* fields: name, value pairs of text ended by NULL.  log_line (LEVEL_WARN, "db.lost", "error", text, NULL); */
void log_line (enum log_level level, const char *event, ...) __attribute__ ((sentinel));
