/* The trust of the corpus' certificates, loaded once: for targets whose input is judged by them. */
#pragma once

#include "fuzz.h"
#include "signing_data.h"

static pdf_trust_t *trust;

static void forget_trust (void)
{
    pdf_trust_destroy (&trust);
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    trust = signing_data_trust ();
    atexit (forget_trust);
    return 0;
}
