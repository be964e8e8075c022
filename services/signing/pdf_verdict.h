/* What the verification of a signed PDF can say.  One enum for pdf_verify, cms_verify and pdf_trust. */
#pragma once

enum pdf_verdict {
    PDF_VALID = 0,
    PDF_NOT_PDF,      /* empty, foreign, or damaged beyond reading */
    PDF_TOO_LARGE,    /* over PDF_VERIFY_MAX_BYTES */
    PDF_UNSIGNED,     /* a PDF without a signature */
    PDF_FORM_UNKNOWN, /* signed, but not in the form that PATEN makes: no certification, several fields, other CMS */
    PDF_BYTE_RANGE_WRONG,          /* the signature does not cover exactly all but its own /Contents */
    PDF_PADDING_NOT_EMPTY,         /* something stands in /Contents behind the CMS */
    PDF_CHANGED_AFTER_SIGNING,     /* bytes follow what was signed: another revision, or anything else */
    PDF_DIGEST_MISMATCH,           /* the signed bytes were changed */
    PDF_SIGNATURE_INVALID,         /* the CMS is damaged or the key did not make this signature */
    PDF_WEAK_ALGORITHM,            /* digest or key below today's minimum */
    PDF_CERTIFICATE_UNTRUSTED,     /* no chain to the given roots, or the certificate is not for signing */
    PDF_CERTIFICATE_NOT_YET_VALID, /* at the signing time */
    PDF_CERTIFICATE_EXPIRED,       /* at the signing time */
    PDF_REVOCATION_UNKNOWN,        /* no authentic and current CRL of an issuer in the chain */
    PDF_CERTIFICATE_REVOKED        /* all else holds; see pdf_verify_result.revoked_at */
};

/* A stable word for logs, registries and public answers, e.g. "changed_after_signing". */
const char *pdf_verdict_code (enum pdf_verdict verdict);
