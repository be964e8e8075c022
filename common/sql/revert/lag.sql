DROP FUNCTION bus.lag (text[]), bus.undecided ();
