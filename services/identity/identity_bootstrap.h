/* identity --create-admin USERNAME --password-file FILE --place 35.29: the first administrator, who makes all others.
 * With the settings of the service; it needs the database alone, not the brokers. */
#pragma once

/* The exit status.  An account of that name is left as it is: the command may be run at every start. */
int identity_bootstrap (int count, char *const arguments[]);
