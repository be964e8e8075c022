/* What the sanitizers must not hold against us, linked into every program of the presets asan and tsan: so a test, a service
 * and a developer at a prompt see the same without a word in the environment.  Only what libraries do stands here. */

const char *__lsan_default_suppressions (void);
const char *__tsan_default_suppressions (void);

/* fontconfig and Pango keep their caches until the process ends. */
const char *__lsan_default_suppressions (void)
{
    return "leak:libfontconfig\n"
           "leak:libpango\n";
}

/* ThreadSanitizer sees only what was compiled with it.  libzmq hands memory between its threads through atomics of its own,
 * and libsodium decrypts there; what draws documents (Pango, Cairo,
 * librsvg, all on GLib) shares fonts and caches between its callers' threads under locks of its own. */
const char *__tsan_default_suppressions (void)
{
    return "called_from_lib:libzmq.so\n"
           "called_from_lib:libczmq.so\n"
           "called_from_lib:libsodium.so\n"
           "called_from_lib:libglib-2.0.so\n"
           "called_from_lib:libgobject-2.0.so\n"
           "called_from_lib:libgio-2.0.so\n"
           "called_from_lib:librsvg-2.so\n"
           "called_from_lib:libcairo.so\n"
           "called_from_lib:libharfbuzz.so\n"
           "called_from_lib:libfontconfig.so\n"
           "called_from_lib:libpango-1.0.so\n"
           "called_from_lib:libpangoft2-1.0.so\n"
           "called_from_lib:libpangocairo-1.0.so\n";
}
