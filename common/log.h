/* JSON lines on stderr (the supervisor keeps them): time, level, service, correlation, event, fields.
 * Never personal data: give ids and facts. */
#pragma once

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_open (const char *service, enum log_level least);
/* Sets the correlation id of this thread's lines until it is set again; NULL for none. */
void log_correlation (const char *correlation);
/* fields: name, value pairs of text ended by NULL.  log_line (LOG_WARN, "db.lost", "error", text, NULL); */
void log_line (enum log_level level, const char *event, ...) __attribute__ ((sentinel));
