/* Named places in the code at which a test lets the process die as by kill -9: between lock, decide, save, publish, commit
 * and send.  Only builds with -DPATEN_KILL_POINTS=ON (preset "fault", tests/fault) know them; in all others nothing is left
 * of KILL_POINT ().  It is for tests alone and never changes what the code does. */
#pragma once

#ifdef PATEN_KILL_POINTS
/* Ends this process by SIGKILL when the point is armed: the folder PATEN_KILL_POINTS has a file PROGRAM.POINT (for instance
 * "intake.commit.read") that holds a number n, and this is the n-th pass since then by any process of that program. */
void kill_point (const char *point);
#define KILL_POINT(point) kill_point (point)
#else
#define KILL_POINT(point) ((void)0)
#endif
