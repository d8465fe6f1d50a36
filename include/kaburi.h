/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi: tells, at the moment somebody enters an opportunity, which existing opportunities may be
 * the same deal. This is the whole public interface.
 *
 * Conventions
 *   - A function that can fail returns a kaburi_status (0 = ok, negative = error) and takes a
 *     caller-owned `kaburi_error *error` as last parameter, which may be NULL. On failure nothing
 *     the caller owns has changed, except where a function says how far it came.
 *   - Text is a pointer and a length in bytes, UTF-8, not terminated. Malformed UTF-8 and NUL are
 *     refused with the offset of the byte, never repaired. A text of size 0 is an absent field, and
 *     what is absent speaks neither for nor against a duplicate.
 *   - Structs that may grow begin with `struct_size` and are filled by an init function; the others
 *     stay as they are as long as the soname does. All fields have a fixed width, but for pointers
 *     and size_t, and where these have 64 bits no struct has padding.
 *   - A `const` handle may be shared by any number of threads. There is no global state.
 */
#ifndef KABURI_H
#define KABURI_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) || defined(__CYGWIN__)
#define KABURI_API
#elif defined(__GNUC__)
#define KABURI_API __attribute__((visibility("default")))
#else
#define KABURI_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------- version */

/* The shared library's soname is KABURI_VERSION_MAJOR; meson.build reads all three from here. */
#define KABURI_VERSION_MAJOR 0
#define KABURI_VERSION_MINOR 1
#define KABURI_VERSION_PATCH 0

/* Version of the library at run time: major << 16 | minor << 8 | patch. */
KABURI_API uint32_t kaburi_version(void);

/*
 * What the library was built from, one line of JSON: version, compiler, version of ICU, and the
 * kernel that this CPU selects. Static storage.
 */
KABURI_API const char *kaburi_build_info(void);

/* -------------------------------------------------------------------------------- errors */

typedef int32_t kaburi_status;

#define KABURI_OK 0
#define KABURI_ERROR_ARGUMENT (-1)  /* a NULL, a value out of range, an unset struct_size */
#define KABURI_ERROR_MEMORY (-2)    /* the allocator returned NULL */
#define KABURI_ERROR_TEXT (-3)      /* malformed UTF-8 or a NUL byte; offset = first bad byte */
#define KABURI_ERROR_TOO_LONG (-4)  /* a text over KABURI_TEXT_SIZE_MAX bytes */
#define KABURI_ERROR_NOT_FOUND (-5) /* no record with this id */
#define KABURI_ERROR_BUFFER (-6)    /* the caller's buffer is too small; the size needed is set */
#define KABURI_ERROR_FORMAT (-7)    /* not the file expected, or damaged; offset = line or byte */
#define KABURI_ERROR_VERSION (-8)   /* a sound file of another version */
#define KABURI_ERROR_IO (-9)        /* the system refused; os_error = errno */
#define KABURI_ERROR_FULL (-10)     /* the index holds 2^31 - 1 records */
#define KABURI_ERROR_DAMAGED (-11)  /* a snapshot that is cut or changed; offset = byte */
#define KABURI_ERROR_TABLES (-12)   /* a sound snapshot whose names were read by other tables */
#define KABURI_ERROR_ENDIAN (-13)   /* a snapshot of a machine of another byte order */

/* Short English name of a status, "unknown status" for any other number. Static storage. */
KABURI_API const char *kaburi_status_name(kaburi_status status);

typedef struct kaburi_error {
    int32_t status;
    int32_t os_error;  /* errno where the system refused, else 0 */
    uint64_t offset;   /* byte in the text, or line in the file, where that says something */
    char message[240]; /* English, terminated: what, which value, what is allowed */
} kaburi_error;

/* ---------------------------------------------------------------------------------- text */

/* Longest text of one field, in bytes. Real deal names stay below 3,000. */
#define KABURI_TEXT_SIZE_MAX 16384

typedef struct kaburi_text {
    const char *data; /* may be NULL when size is 0 */
    size_t size;      /* bytes, 0..KABURI_TEXT_SIZE_MAX */
} kaburi_text;

/* A terminated string as kaburi_text; NULL gives an absent field. */
KABURI_API kaburi_text kaburi_text_of(const char *string);

/* --------------------------------------------------------------------------------- memory */

/*
 * Where an object gets its memory. `resize` behaves as realloc: block NULL allocates; new_size 0
 * frees and returns NULL; NULL for any other size means that there is none, and the block stays. It
 * must be safe to call from the threads that use the object. resize NULL: the C library's realloc.
 */
typedef struct kaburi_allocator {
    void *context;
    void *(*resize)(void *context, void *block, size_t new_size);
} kaburi_allocator;

/* -------------------------------------------------------------------------------- records */

#define KABURI_STAGE_UNKNOWN 0
#define KABURI_STAGE_OPEN 1
#define KABURI_STAGE_WON 2
#define KABURI_STAGE_LOST 3

#define KABURI_KIND_UNKNOWN 0
#define KABURI_KIND_OPPORTUNITY 1
#define KABURI_KIND_MQL 2
#define KABURI_KIND_LEAD 3

#define KABURI_AMOUNT_ABSENT INT64_MIN
#define KABURI_DATE_ABSENT INT32_MIN

/*
 * One opportunity, MQL or lead. Only `company` or `deal` must be there. The texts are borrowed for
 * the length of the call.
 */
typedef struct kaburi_record {
    uint32_t struct_size; /* set by kaburi_record_init */
    int32_t stage;        /* KABURI_STAGE_* */
    uint64_t id;          /* the caller's; any value; unique in an index */
    kaburi_text company;
    kaburi_text company_reading;  /* kana or romaji; kanji in it say nothing */
    kaburi_text corporate_number; /* 法人番号: 13 digits, checked; "T" before it is allowed */
    kaburi_text domain;           /* web or mail domain; free-mail domains count as absent */
    kaburi_text deal;             /* the opportunity's name */
    kaburi_text department;       /* who entered it; no evidence, for kaburi_merge_advise */
    kaburi_text owner;            /* likewise; and cut from the end of the deal's name */
    kaburi_text campaigns;        /* likewise; codes separated by ',' or ';' */
    int64_t amount;     /* in the smallest unit of one currency, or KABURI_AMOUNT_ABSENT */
    int32_t close_date; /* days since 1970-01-01, or KABURI_DATE_ABSENT */
    int32_t kind;       /* KABURI_KIND_* */
} kaburi_record;

KABURI_API void kaburi_record_init(kaburi_record *record);

/* clang-format off */
/*
 * A column of texts, as an Arrow array of strings, large strings or string views. At most one of
 * offsets32, offsets64 and views is set; none: the column is absent.
 *
 *   offsets32, offsets64   count + 1 of them, not falling: text i is data[offset[i]] ..
 *                          data[offset[i + 1]]
 *   views                  count of 16 bytes, of any alignment: the size of the text as int32_t;
 *                          then the text itself when it has at most 12 bytes, else its first 4
 *                          bytes, the number of its buffer and where it begins there, both int32_t
 *
 * A column that begins at row n of an array has offsets or views from n on, and valid_first n.
 */
/* clang-format on */
typedef struct kaburi_column {
    const char *data; /* of the offsets */
    const int32_t *offsets32;
    const int64_t *offsets64;
    const void *views;
    const char *const *buffers; /* of the views: buffer_count of them and of their sizes in bytes */
    const int64_t *buffer_sizes;
    size_t buffer_count;
    const uint8_t *valid; /* bits from the lowest on, 0: text i is absent; NULL: all are there */
    size_t valid_first;   /* the bit of text 0 */
} kaburi_column;

/*
 * Many records as columns. A NULL or absent column is an absent field in every record. Columns of
 * numbers have no bits for what is there: an absent amount is KABURI_AMOUNT_ABSENT, an absent date
 * KABURI_DATE_ABSENT, an absent stage or kind KABURI_STAGE_UNKNOWN or KABURI_KIND_UNKNOWN.
 */
typedef struct kaburi_batch {
    uint32_t struct_size; /* set by kaburi_batch_init */
    uint32_t reserved;    /* 0 */
    size_t count;
    const uint64_t *ids; /* NULL: 0, 1, 2 ... */
    kaburi_column company;
    kaburi_column company_reading;
    kaburi_column corporate_number;
    kaburi_column domain;
    kaburi_column deal;
    const int64_t *amounts;
    const int32_t *close_dates;
    const int32_t *stages;
    const int32_t *kinds;
} kaburi_batch;

KABURI_API void kaburi_batch_init(kaburi_batch *batch);

/* ------------------------------------------------------------------- evidence and verdict */

#define KABURI_VERDICT_UNRELATED 0
#define KABURI_VERDICT_HOMONYM 1   /* same name, but another company */
#define KABURI_VERDICT_GROUP 2     /* related names, not the same customer */
#define KABURI_VERDICT_PARALLEL 3  /* same customer, another deal */
#define KABURI_VERDICT_RENEWAL 4   /* same customer and deal; another year or period, or closed */
#define KABURI_VERDICT_DUPLICATE 5 /* same customer, deal and period */

#define KABURI_DECISION_ALLOW 0
#define KABURI_DECISION_ALERT 1
#define KABURI_DECISION_BLOCK 2 /* one name or one number: see kaburi_policy */

/* The fields that evidence is weighed by: indexes of kaburi_match.level and .weight. */
#define KABURI_FIELD_COMPANY 0
#define KABURI_FIELD_FORM 1    /* legal form and its place in the name */
#define KABURI_FIELD_BRANCH 2  /* branch, office or department behind the company */
#define KABURI_FIELD_READING 3 /* given readings, where the names are compared by spelling */
#define KABURI_FIELD_CORPORATE_NUMBER 4 /* 法人番号 */
#define KABURI_FIELD_DOMAIN 5
#define KABURI_FIELD_DEAL 6    /* what is sold, without company, tags and numbers */
#define KABURI_FIELD_YEAR 7    /* fiscal or calendar year in the deal's name */
#define KABURI_FIELD_PERIOD 8  /* half, quarter, month */
#define KABURI_FIELD_PHASE 9   /* phase, 第N期, 第N回, その N, version */
#define KABURI_FIELD_LOT 10    /* lot, block, numbered part */
#define KABURI_FIELD_SALE 11   /* new, renewal, additional, maintenance, cancellation, PoC */
#define KABURI_FIELD_SITE 12   /* prefecture, city, plant */
#define KABURI_FIELD_NUMBER 13 /* any other number in the deal's name */
#define KABURI_FIELD_AMOUNT 14
#define KABURI_FIELD_CLOSE_DATE 15
#define KABURI_FIELD_COUNT 16

/* "company", "form" ... for 0..KABURI_FIELD_COUNT-1, else NULL. Static storage. */
KABURI_API const char *kaburi_field_name(int32_t field);
/* "exact", "near_6" ... for a level of kaburi_match.level, as in a model file; NULL for 0 and what
 * there is not. Static storage. */
KABURI_API const char *kaburi_level_name(int32_t field, int32_t level);
/* "unrelated" ... and "allow" ...; NULL for any other number. Static storage. */
KABURI_API const char *kaburi_verdict_name(int32_t verdict);
KABURI_API const char *kaburi_decision_name(int32_t decision);

/* kaburi_match.evidence: what was seen. */
#define KABURI_EVIDENCE_COMPANY_SAME (UINT64_C(1) << 0)      /* same spelling */
#define KABURI_EVIDENCE_COMPANY_FOLDED (UINT64_C(1) << 1)    /* same but for width, kana ... */
#define KABURI_EVIDENCE_COMPANY_NEAR (UINT64_C(1) << 2)      /* some characters differ */
#define KABURI_EVIDENCE_COMPANY_CONTAINED (UINT64_C(1) << 3) /* one is a part of the other */
#define KABURI_EVIDENCE_COMPANY_FORMER (UINT64_C(1) << 4)    /* the former name in brackets */
#define KABURI_EVIDENCE_COMPANY_SCRIPT (UINT64_C(1) << 5)    /* scripts that cannot be compared */
#define KABURI_EVIDENCE_COMPANY_CONFLICT (UINT64_C(1) << 6)  /* opposed words: east and west */
#define KABURI_EVIDENCE_PLACEHOLDER (UINT64_C(1) << 7)       /* 不明, テスト: names nobody */
#define KABURI_EVIDENCE_FORM_SAME (UINT64_C(1) << 8)
#define KABURI_EVIDENCE_FORM_MOVED (UINT64_C(1) << 9) /* same form in another place */
#define KABURI_EVIDENCE_FORM_MISSING (UINT64_C(1) << 10)
#define KABURI_EVIDENCE_FORM_CONFLICT (UINT64_C(1) << 11)
#define KABURI_EVIDENCE_BRANCH_CONFLICT (UINT64_C(1) << 12)
#define KABURI_EVIDENCE_READING_SAME (UINT64_C(1) << 13)
#define KABURI_EVIDENCE_CORPORATE_NUMBER_SAME (UINT64_C(1) << 14)
#define KABURI_EVIDENCE_CORPORATE_NUMBER_CONFLICT (UINT64_C(1) << 15)
#define KABURI_EVIDENCE_DOMAIN_SAME (UINT64_C(1) << 16)
#define KABURI_EVIDENCE_DEAL_SAME (UINT64_C(1) << 17) /* same subject, maybe in other words */
#define KABURI_EVIDENCE_DEAL_NEAR (UINT64_C(1) << 18)
#define KABURI_EVIDENCE_DEAL_CONTAINED (UINT64_C(1) << 19)
#define KABURI_EVIDENCE_DEAL_DIFFERENT (UINT64_C(1) << 20)
#define KABURI_EVIDENCE_YEAR_SAME (UINT64_C(1) << 21)
#define KABURI_EVIDENCE_YEAR_CONFLICT (UINT64_C(1) << 22)
#define KABURI_EVIDENCE_PERIOD_CONFLICT (UINT64_C(1) << 23)
#define KABURI_EVIDENCE_PHASE_CONFLICT (UINT64_C(1) << 24)
#define KABURI_EVIDENCE_LOT_CONFLICT (UINT64_C(1) << 25)
#define KABURI_EVIDENCE_SALE_CONFLICT (UINT64_C(1) << 26)
#define KABURI_EVIDENCE_SITE_CONFLICT (UINT64_C(1) << 27)
#define KABURI_EVIDENCE_NUMBER_CONFLICT (UINT64_C(1) << 28)
#define KABURI_EVIDENCE_AMOUNT_SAME (UINT64_C(1) << 29)
#define KABURI_EVIDENCE_AMOUNT_CONFLICT (UINT64_C(1) << 30)
#define KABURI_EVIDENCE_CLOSE_DATE_CONFLICT (UINT64_C(1) << 31)
#define KABURI_EVIDENCE_COMPANY_READING (UINT64_C(1) << 32) /* read alike: 山田, やまだ, Yamada */
#define KABURI_EVIDENCE_COMPANY_SOUND (UINT64_C(1) << 33)   /* nearly, or translated in part */
#define KABURI_EVIDENCE_COMPANY_ACRONYM (UINT64_C(1) << 34) /* one is the other's initials */
#define KABURI_EVIDENCE_COMPANY_ALIAS (UINT64_C(1) << 35)   /* by a table of aliases */
#define KABURI_EVIDENCE_DEAL_OPPOSED (UINT64_C(1) << 36)    /* opposed words: 会計 and 人事 */
#define KABURI_EVIDENCE_YEAR_YEARLY (UINT64_C(1) << 37)     /* one names a fiscal year, one none */
#define KABURI_EVIDENCE_STAGE_WON (UINT64_C(1) << 38)       /* one won, one not closed: a renewal */
#define KABURI_EVIDENCE_STAGE_LOST (UINT64_C(1) << 39)      /* one lost, one not closed: likewise */
#define KABURI_EVIDENCE_COMPANY_HOMOPHONE (UINT64_C(1) << 40) /* the same reading, other kanji */

/* "company:same" ... for one bit, the field's name before the colon; else NULL. Static storage. */
KABURI_API const char *kaburi_evidence_name(uint64_t bit);

/*
 * The probability ranks; the decision is what to act on. A conflict of year, period, phase, lot,
 * site, branch, kind of sale or number, or a subject that is more likely another, makes a pair
 * parallel or a renewal whatever its probability; of amount, close date or legal form it only
 * lowers the probability. Only a duplicate is alerted by the built-in policy.
 */
typedef struct kaburi_match {
    uint64_t id;
    double probability;                /* 0..1, that the two are one and the same deal */
    int32_t verdict;                   /* KABURI_VERDICT_* */
    int32_t decision;                  /* KABURI_DECISION_* */
    uint64_t evidence;                 /* KABURI_EVIDENCE_* */
    float weight[KABURI_FIELD_COUNT];  /* bits for (+) or against (-) a duplicate */
    uint8_t level[KABURI_FIELD_COUNT]; /* agreement, as in the model; 0 = absent */
} kaburi_match;

/* ---------------------------------------------------------------------------------- model */

/* Weights and calibration: how likely it is. Immutable once loaded. */
typedef struct kaburi_model kaburi_model;

/*
 * Reads a model file: UTF-8 text, maybe behind a byte order mark, first line `kaburi-model 2`;
 * kaburi_model_default_text shows one. What a file does not name is as built in. Numbers are
 * decimal, with a point, and count to nine significant digits.
 * Errors: IO, FORMAT (offset = line; the message has the column), VERSION, MEMORY. The caller frees
 * *out.
 */
KABURI_API kaburi_status kaburi_model_load(kaburi_model **out, const char *path,
                                           const kaburi_allocator *allocator, kaburi_error *error);
/* The same from memory. */
KABURI_API kaburi_status kaburi_model_parse(kaburi_model **out, const char *text, size_t size,
                                            const kaburi_allocator *allocator, kaburi_error *error);
/* No index may still use it. NULL is allowed. */
KABURI_API void kaburi_model_free(kaburi_model *model);

/* The built-in model as a model file; *size in bytes. Static storage. */
KABURI_API const char *kaburi_model_default_text(size_t *size);

/*
 * Writes the whole model as a file without comments; read again, it is the same model and writes
 * the same file. Buffer and *size as in kaburi_explain. Errors: ARGUMENT, MEMORY, BUFFER.
 */
KABURI_API kaburi_status kaburi_model_write(const kaburi_model *model, char *buffer,
                                            size_t capacity, size_t *size, kaburi_error *error);

/* --------------------------------------------------------------------------------- policy */

/*
 * What to do about a match: for each verdict, and each stage and kind of the record that is there
 * already, the probability from which on it is alerted and blocked. Immutable once loaded. A
 * policy changes a verdict in one case: a pair without a conflict is a duplicate from even odds on,
 * or from the threshold that alerts duplicates where that is lower.
 *
 * Whatever the policy, a pair without a conflict of which one is won or lost and the other is not
 * is a renewal: what is done when somebody enters anew what was won stands in the lines `renewal
 * won`; lines `duplicate won` hold where what is entered is won or lost as well.
 *
 * A match is blocked only where both have one corporate number or one name (evidence company:same,
 * company:folded). Names that are only alike, or the same by reading, sound, initials or a table of
 * aliases, are alerted instead.
 */
typedef struct kaburi_policy kaburi_policy;

/* Above every probability: the threshold that is never reached. */
#define KABURI_POLICY_NEVER 2.0

/*
 * Reads a policy file: text and numbers as in a model file, first line `kaburi-policy 1`, then
 * lines of five words: verdict, stage, kind, alert, block. Verdicts, stages and kinds by their
 * names or `any` (stage: unknown, open, won, lost; kind: unknown, opportunity, mql, lead); alert
 * and block are probabilities 0..1, block not below alert, or `never`. Of two lines that hold for a
 * match the later one does; what no line names is allowed. '#' begins a comment.
 * kaburi_policy_default_text shows one.
 * Errors: IO, FORMAT (offset = line; the message has the column), VERSION, MEMORY. The caller frees
 * *out.
 */
KABURI_API kaburi_status kaburi_policy_load(kaburi_policy **out, const char *path,
                                            const kaburi_allocator *allocator, kaburi_error *error);
/* The same from memory. */
KABURI_API kaburi_status kaburi_policy_parse(kaburi_policy **out, const char *text, size_t size,
                                             const kaburi_allocator *allocator,
                                             kaburi_error *error);
/* No index may still use it. NULL is allowed. */
KABURI_API void kaburi_policy_free(kaburi_policy *policy);

/* The built-in policy, in use where none is given; not to be freed. Static storage. */
KABURI_API const kaburi_policy *kaburi_policy_default(void);
/* The same as a policy file; *size in bytes. Static storage. */
KABURI_API const char *kaburi_policy_default_text(size_t *size);

/*
 * Writes a policy as a file without comments; read again, it is the same policy and writes the same
 * file. Buffer and *size as in kaburi_explain. Errors: ARGUMENT, MEMORY, BUFFER.
 */
KABURI_API kaburi_status kaburi_policy_write(const kaburi_policy *policy, char *buffer,
                                             size_t capacity, size_t *size, kaburi_error *error);

/* The thresholds of one verdict, stage and kind, 0..1 or KABURI_POLICY_NEVER. Errors: ARGUMENT. */
KABURI_API kaburi_status kaburi_policy_thresholds(const kaburi_policy *policy, int32_t verdict,
                                                  int32_t stage, int32_t kind, double *alert,
                                                  double *block, kaburi_error *error);

/* -------------------------------------------------------------------------------- aliases */

/*
 * Names of one company that its spelling does not tell: 東電 and 東京電力, サイボウズ and Cybozu.
 * Immutable once loaded. A hit is evidence with a weight of its own, never identity.
 */
typedef struct kaburi_aliases kaburi_aliases;

/* Most rows of a table. */
#define KABURI_ALIASES_ROWS_MAX 16777216

/*
 * Reads a table of aliases: UTF-8, tabs between the cells, at most 1 GiB. The first row is
 * `name`, `alias`, `kind`; cells after the third are for people. Empty lines and lines that begin
 * with '#' are passed over, and so are a byte order mark and a carriage return at the end of a
 * line. Names are at most KABURI_TEXT_SIZE_MAX bytes and are read as a record's company: legal
 * form, branch and brackets do not count. The kinds:
 *   abbreviation  the alias is short for the name
 *   former        the alias is an older name
 *   translation   the alias is the name in another language or script
 *   group         a company of the same group: related, never the same customer
 * A row holds in both directions and for its two names alone: A = B and B = C do not make A = C,
 * so that 中電 may stand for 中部電力 and for 中国電力; the more companies an alias stands for, the
 * less it weighs. Two names that are the same once folded tell nothing and are passed over. Rows
 * may come in any order and more than once; of two kinds of one pair the first in the list above
 * holds. Nothing is loaded by half.
 * Errors: IO, FORMAT, TEXT, TOO_LONG (offset = line, in all three), MEMORY. The caller frees *out.
 */
KABURI_API kaburi_status kaburi_aliases_load(kaburi_aliases **out, const char *path,
                                             const kaburi_allocator *allocator,
                                             kaburi_error *error);
/* The same from memory. */
KABURI_API kaburi_status kaburi_aliases_parse(kaburi_aliases **out, const char *text, size_t size,
                                              const kaburi_allocator *allocator,
                                              kaburi_error *error);
/* No index may still use them. NULL is allowed. */
KABURI_API void kaburi_aliases_free(kaburi_aliases *aliases);

/* Pairs of names, each counted once. */
KABURI_API size_t kaburi_aliases_count(const kaburi_aliases *aliases);

/*
 * The built-in table, of Japanese companies: abbreviations, former names and English names, from
 * SudachiDict and EDINET (THIRD_PARTY_NOTICES). In use only where it is asked for. Static storage,
 * not to be freed.
 */
KABURI_API const kaburi_aliases *kaburi_aliases_default(void);

/* -------------------------------------------------------------------------- one pair alone */

typedef struct kaburi_compare_options {
    uint32_t struct_size;          /* set by kaburi_compare_options_init */
    uint32_t fiscal_month;         /* that fiscal years begin with, 1..12; 0, the default: April */
    const kaburi_model *model;     /* NULL, the default: built in */
    const kaburi_aliases *aliases; /* NULL, the default: none */
    const kaburi_policy *policy;   /* NULL, the default: built in. b is the record already there */
} kaburi_compare_options;

KABURI_API void kaburi_compare_options_init(kaburi_compare_options *options);

/*
 * Judges two records without an index; out->id is b's. options NULL: the defaults.
 * Errors: ARGUMENT, TEXT, TOO_LONG, MEMORY.
 */
KABURI_API kaburi_status kaburi_compare(const kaburi_record *a, const kaburi_record *b,
                                        const kaburi_compare_options *options, kaburi_match *out,
                                        kaburi_error *error);

#define KABURI_LANGUAGE_ENGLISH 0
#define KABURI_LANGUAGE_JAPANESE 1
#define KABURI_FORMAT_TEXT 0
#define KABURI_FORMAT_JSON 1

/*
 * Writes why two records are, or are not, the same deal: verdict and probability, one line a field
 * with its weight in bits and, behind "→", what its conflict made of the pair, then how the
 * probability comes about. Of related companies the words that tell them apart stand behind their
 * names, in JSON as "apart". The buffer gets a terminated string; *size is its length without
 * the terminator, set as well when the buffer is too small (BUFFER; the buffer is untouched then).
 * Errors: those of kaburi_compare, BUFFER.
 */
KABURI_API kaburi_status kaburi_explain(const kaburi_record *a, const kaburi_record *b,
                                        const kaburi_compare_options *options, int32_t language,
                                        int32_t format, char *buffer, size_t capacity, size_t *size,
                                        kaburi_error *error);

/* ----------------------------------------------------------------------- merge advice */

/* What a record does not say of itself, and how the two are compared. */
typedef struct kaburi_merge_options {
    uint32_t struct_size;                  /* set by kaburi_merge_options_init */
    uint32_t reserved;                     /* 0 */
    const kaburi_compare_options *compare; /* NULL, the default: the defaults */
    int32_t first_touch_a; /* days since 1970-01-01 of the first contact that marketing counts, or
                              KABURI_DATE_ABSENT, the default */
    int32_t first_touch_b;
    int32_t created_a; /* day on which the record was made; likewise */
    int32_t created_b;
} kaburi_merge_options;

KABURI_API void kaburi_merge_options_init(kaburi_merge_options *options);

/*
 * Writes what to do if two records are merged; nothing is merged. Kept is the record whose stage is
 * further on (won, open, unknown, lost), else whose kind is (opportunity, unknown, MQL, lead), else
 * the one created first, else the one with more fields, else the one of the lower id, else a. Then
 * what the other one has and it lacks, what the other one has otherwise and would be lost, the
 * campaigns of both, each once, and the earlier first touch. Where the verdict is no duplicate, the
 * text says not to merge and JSON has "advised":false. JSON: verdict, probability, advised, keep
 * ("a", "b"), because ("stage", "kind", "created", "filled", "id"), fields (field, action "take" or
 * "lose", kept, other), campaigns, first_touch and first_touch_of. Buffer, *size and errors as in
 * kaburi_explain.
 */
KABURI_API kaburi_status kaburi_merge_advise(const kaburi_record *a, const kaburi_record *b,
                                             const kaburi_merge_options *options, int32_t language,
                                             int32_t format, char *buffer, size_t capacity,
                                             size_t *size, kaburi_error *error);

/* ---------------------------------------------------------------------- a record's parts */

/*
 * What kaburi reads in a record, as name and value: "company.core", "company.key",
 * "company.form.head", "deal.subject", "deal.year" ... in a fixed order; a name may occur more than
 * once.
 */
typedef struct kaburi_parts kaburi_parts;

/* Errors: ARGUMENT, TEXT, TOO_LONG, MEMORY. The caller frees *out. */
KABURI_API kaburi_status kaburi_normalize(kaburi_parts **out, const kaburi_record *record,
                                          const kaburi_allocator *allocator, kaburi_error *error);
/* NULL is allowed. */
KABURI_API void kaburi_parts_free(kaburi_parts *parts);
KABURI_API size_t kaburi_parts_count(const kaburi_parts *parts);
/* Terminated strings, valid until the parts are freed; NULL when position is out of range. */
KABURI_API const char *kaburi_parts_name(const kaburi_parts *parts, size_t position);
KABURI_API const char *kaburi_parts_value(const kaburi_parts *parts, size_t position);

/* ---------------------------------------------------------------------------------- index */

#define KABURI_SKETCH_RARITY 0  /* all pairs of the rarest shingles */
#define KABURI_SKETCH_MINHASH 1 /* bands x rows */

#define KABURI_INDEX_MINHASH_WEIGHTED UINT32_C(1) /* shingles weighted by their rarity */
/* Families of keys that find a company across scripts, and how to do without one: whole readings
 * (山田製作所, ヤマダセイサクシヨ), their sounds where they are only alike, sounds with terms in
 * place of words (Yamada Manufacturing), consonants of foreign words, initials (IBM). */
#define KABURI_INDEX_NO_READING UINT32_C(0x02)
#define KABURI_INDEX_NO_SOUND UINT32_C(0x04)
#define KABURI_INDEX_NO_TERM UINT32_C(0x08)
#define KABURI_INDEX_NO_SKELETON UINT32_C(0x10)
#define KABURI_INDEX_NO_ACRONYM UINT32_C(0x20)
#define KABURI_INDEX_UNREAD UINT32_C(0x3E) /* all: nothing is read, nor is company_reading */
/* The month, 1..12, that fiscal years begin with: 2024年4月～2025年3月 is one of them. Without it
 * April. */
#define KABURI_INDEX_FISCAL_MONTH(month) ((uint32_t)(month) << 8)

/* scored_max: a query without a deal has half as many scored, chosen of three times as many. */
typedef struct kaburi_index_options {
    uint32_t struct_size;      /* set by kaburi_index_options_init */
    uint32_t flags;            /* KABURI_INDEX_*, default KABURI_INDEX_MINHASH_WEIGHTED */
    int32_t sketch;            /* KABURI_SKETCH_*, default RARITY */
    uint32_t bands;            /* MINHASH: 1..256, default 32 */
    uint32_t rows;             /* MINHASH: 1..8, default 2; bands * rows <= 512 */
    uint32_t record_rarest;    /* RARITY: shingles a record is filed under, 2..8, default 6 */
    uint32_t query_rarest;     /* RARITY: shingles a query looks under, 2..16, default 8 */
    uint32_t deletion_max;     /* longest company key that gets one-deletion keys, in UTF-16
                                      units, 0..16, default 8; 0 = none */
    uint32_t postings_max;     /* postings read of one key, 16..1048576, default 1024 */
    uint32_t scored_max;       /* candidates scored exactly, 16..4096, default 64 */
    uint64_t seed;             /* of the hashes, default 0 */
    const kaburi_model *model; /* borrowed until the index is freed; NULL, the default: built in */
    const kaburi_aliases *aliases; /* borrowed likewise; NULL, the default: none. A query looks
                                      under its aliases; a record has no more keys for them */
    const kaburi_policy *policy;   /* borrowed likewise; NULL, the default: built in */
    kaburi_allocator allocator;
} kaburi_index_options;

KABURI_API void kaburi_index_options_init(kaburi_index_options *options);

/*
 * Records and the keys they are found by. Any number of threads may search while one or more add
 * and remove; a search waits for none of these and sees the index as it was when it began, with
 * every record whose add had returned; of one that is being replaced it sees the old or the new.
 */
typedef struct kaburi_index kaburi_index;

/* options NULL: the defaults. Errors: ARGUMENT, MEMORY. The caller frees *out. */
KABURI_API kaburi_status kaburi_index_create(kaburi_index **out,
                                             const kaburi_index_options *options,
                                             kaburi_error *error);
/* No other thread may still use the index. NULL is allowed. */
KABURI_API void kaburi_index_free(kaburi_index *index);

/* Adds a record or replaces the one with its id. Errors: ARGUMENT, TEXT, TOO_LONG, MEMORY, FULL. */
KABURI_API kaburi_status kaburi_index_add(kaburi_index *index, const kaburi_record *record,
                                          kaburi_error *error);
/*
 * Adds records in order and stops at the first that is refused; *added (may be NULL) tells how many
 * are in. The message names the record and the field; offset is the byte within that field. Of one
 * id the last one stays. Where they are a thousand or more and as many as the index holds, all of
 * it is brought into the compact form at once, as kaburi_index_merge does and with half the work of
 * an add each: the way to fill an index. Searches see them when all are in, and writers wait.
 * Errors: those of kaburi_index_add, ARGUMENT also for a column that leads nowhere.
 */
KABURI_API kaburi_status kaburi_index_add_many(kaburi_index *index, const kaburi_batch *batch,
                                               size_t *added, kaburi_error *error);
/* The same of an array of `count` records. */
KABURI_API kaburi_status kaburi_index_add_records(kaburi_index *index, const kaburi_record *records,
                                                  size_t count, size_t *added, kaburi_error *error);
/* Errors: ARGUMENT, NOT_FOUND. */
KABURI_API kaburi_status kaburi_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error);
/* 1 when a record with this id is in, else 0. */
KABURI_API int32_t kaburi_index_contains(const kaburi_index *index, uint64_t id);
KABURI_API size_t kaburi_index_count(const kaburi_index *index);

/*
 * What an index holds. Its records are in two parts: those that were merged or opened, in a compact
 * form that does not change, and those that were added since.
 */
typedef struct kaburi_index_stats {
    uint64_t records;
    uint64_t record_bytes;     /* parsed records */
    uint64_t id_bytes;         /* id -> record */
    uint64_t key_bytes;        /* keys and postings */
    uint64_t keys;             /* distinct keys; one that is in both parts counts twice */
    uint64_t postings;         /* of the records there are */
    uint64_t merged_records;   /* in the compact form, the removed ones among them */
    uint64_t merged_bytes;     /* of the bytes above, in the compact form */
    uint64_t mapped_bytes;     /* the file that these lie in; 0: they are in memory */
    uint64_t removed_records;  /* merged ones that were removed or replaced since */
    uint64_t reserved_records; /* of the records, those neither confirmed nor cancelled */
} kaburi_index_stats;

/* Waits for a writer, a merge or a save that is under way. */
KABURI_API void kaburi_index_measure(const kaburi_index *index, kaburi_index_stats *out);

/*
 * Brings all records into the compact form, in which a record takes about a third of the memory:
 * worth it after a bulk load, and when much was changed since. Answers are the same, but where more
 * records share a key than postings_max: other ones of them are read then. In the caller's thread,
 * some microseconds a record; searches go on meanwhile, writers wait. Needs memory for the new form
 * beside the old one. Errors: ARGUMENT, MEMORY, FULL, DAMAGED (a snapshot that was opened with
 * KABURI_OPEN_HEADER): the index is as before.
 */
KABURI_API kaburi_status kaburi_index_merge(kaburi_index *index, kaburi_error *error);

/* ------------------------------------------------------------------------------- snapshot */

/*
 * Saves an index as one file, which kaburi_index_open maps as it is. Searches go on meanwhile,
 * writers wait. The file is written under a temporary name beside `path`, readable by its owner
 * alone, brought to the disk and then renamed: at `path` there is the old file or the new one,
 * whole. Model, policy and aliases are not in it. A merged index is written as it lies; of any
 * other the compact form is made first, in memory, but for the parsed records.
 * Errors: ARGUMENT, IO (os_error), MEMORY, FULL, DAMAGED as in kaburi_index_merge.
 */
KABURI_API kaburi_status kaburi_index_save(const kaburi_index *index, const char *path,
                                           kaburi_error *error);

/* Check the header alone, which takes no time: for a file that is known to be as it was written.
 * Answers from a damaged one may be wrong, and reading it may go beyond it. */
#define KABURI_OPEN_HEADER UINT32_C(1)

typedef struct kaburi_open_options {
    uint32_t struct_size;      /* set by kaburi_open_options_init */
    uint32_t flags;            /* KABURI_OPEN_*, default 0: every byte is checked */
    uint32_t postings_max;     /* as in kaburi_index_options; 0, the default: as saved */
    uint32_t scored_max;       /* likewise */
    const kaburi_model *model; /* borrowed until the index is freed; NULL, the default: built in */
    const kaburi_aliases *aliases; /* borrowed likewise; NULL, the default: none */
    const kaburi_policy *policy;   /* borrowed likewise; NULL, the default: built in */
    kaburi_allocator allocator;
} kaburi_open_options;

KABURI_API void kaburi_open_options_init(kaburi_open_options *options);

/*
 * Opens a saved index: mapped, so that memory is shared by all processes that open it and taken
 * only as it is read. It can be changed like any other; what is changed stays in memory until it is
 * saved. The file may be replaced or removed meanwhile, but must not be written into. options NULL:
 * the defaults.
 * Errors: ARGUMENT, MEMORY, IO (os_error), FORMAT (not a snapshot), DAMAGED (offset = where),
 * VERSION (of a newer library), TABLES (names would be read otherwise now: add the records anew),
 * ENDIAN. The caller frees *out.
 */
KABURI_API kaburi_status kaburi_index_open(kaburi_index **out, const char *path,
                                           const kaburi_open_options *options, kaburi_error *error);

/* --------------------------------------------------------------------------------- search */

#define KABURI_SEARCH_EXCEPT_SELF UINT32_C(1) /* leave out the record with the query's id */

typedef struct kaburi_search_options {
    uint32_t struct_size;        /* set by kaburi_search_options_init */
    uint32_t flags;              /* KABURI_SEARCH_*, default 0 */
    uint32_t top;                /* matches wanted, 1..1000, default 10 */
    uint32_t scored_max;         /* as in kaburi_index_options; 0, the default: the index's */
    double probability_min;      /* leave out what is below, 0..1, default 0 */
    const kaburi_policy *policy; /* of this search; NULL, the default: the index's */
    uint32_t postings_max;       /* as in kaburi_index_options; 0, the default: the index's */
    uint32_t microseconds_max;   /* the search ends about then, with 16 candidates compared at least
                                    where there are as many, and tells in `truncated` what it left
                                    out; 0, the default: when all is done */
} kaburi_search_options;

KABURI_API void kaburi_search_options_init(kaburi_search_options *options);

/* What one search did. */
typedef struct kaburi_search_stats {
    uint64_t keys;       /* keys looked up */
    uint64_t postings;   /* postings read; lists of what very many records share are passed over
                            where there are shorter ones */
    uint64_t candidates; /* distinct records among them */
    uint64_t scored;     /* candidates scored exactly */
    uint64_t truncated;  /* keys whose list was longer than postings_max, aliases of a name beyond
                            the first 32, and keys and candidates that there was no time for: 0 =
                            nothing was left out */
} kaburi_search_stats;

/* Matches of one search and the scratch memory of the next: one for each thread, made once. */
typedef struct kaburi_matches kaburi_matches;

/* allocator NULL: the C library's. Errors: ARGUMENT, MEMORY. The caller frees *out. */
KABURI_API kaburi_status kaburi_matches_create(kaburi_matches **out,
                                               const kaburi_allocator *allocator,
                                               kaburi_error *error);
/* NULL is allowed. */
KABURI_API void kaburi_matches_free(kaburi_matches *matches);
KABURI_API size_t kaburi_matches_count(const kaburi_matches *matches);
/* The matches, best first: probability falling, then id rising. Valid until the next search. */
KABURI_API const kaburi_match *kaburi_matches_data(const kaburi_matches *matches);
/* Of the last search; after kaburi_search_many, of the last row that was searched. */
KABURI_API void kaburi_matches_stats(const kaburi_matches *matches, kaburi_search_stats *out);

/*
 * Finds the records that may be the same deal as the query. options NULL: the defaults. On failure
 * `matches` holds none.
 * Errors: ARGUMENT, TEXT, TOO_LONG, MEMORY. Cost: README has figures.
 */
KABURI_API kaburi_status kaburi_search(const kaburi_index *index, const kaburi_record *query,
                                       const kaburi_search_options *options,
                                       kaburi_matches *matches, kaburi_error *error);

/*
 * Searches for rows begin .. end - 1 of a batch, in order, as kaburi_search does for one record.
 * Their matches go to `out` one after the other, and how many row begin + i has to counts[i], which
 * has room for end - begin. It ends early, and well, before a row for which fewer than options->top
 * places are left in `out`. *searched tells how many rows are done, on failure too; it must not be
 * NULL, for where it ends nothing else tells. The message of a failure names the record and the
 * field, and offset is the byte within that field. Threads may search parts of one batch, each with
 * its own `matches`, `out` and `counts`.
 * Errors: ARGUMENT, TEXT, TOO_LONG, MEMORY, BUFFER (no room for a single row).
 */
KABURI_API kaburi_status kaburi_search_many(const kaburi_index *index, const kaburi_batch *batch,
                                            size_t begin, size_t end,
                                            const kaburi_search_options *options,
                                            kaburi_matches *matches, kaburi_match *out,
                                            size_t capacity, uint32_t *counts, size_t *searched,
                                            kaburi_error *error);

/* --------------------------------------------------------------------- check and reserve */

/*
 * Searches for a record and adds it in one step, as a reservation: of two people who enter the same
 * deal at the same moment the second one finds the first. The matches are those that were there
 * before, and the record is found by all that search from then on, like any other; but it is not
 * saved, until it is confirmed, or added (which replaces and confirms it). Cancelling it removes
 * it. Whoever reserves must do one of the three: a reservation does not end by itself. `options`
 * and `matches` as in kaburi_search. On failure nothing is reserved and `matches` holds none.
 * Reservations wait for each other and for other writers, searches wait for none of them.
 * Errors: those of kaburi_search and kaburi_index_add, ARGUMENT also for an id that is in. Cost: a
 * search and an add.
 */
KABURI_API kaburi_status kaburi_index_check_and_reserve(kaburi_index *index,
                                                        const kaburi_record *record,
                                                        const kaburi_search_options *options,
                                                        kaburi_matches *matches,
                                                        kaburi_error *error);
/* Makes a reservation a record like any other. Errors: ARGUMENT, NOT_FOUND (the id is not
 * reserved). */
KABURI_API kaburi_status kaburi_index_confirm(kaburi_index *index, uint64_t id,
                                              kaburi_error *error);
/* Removes a reservation. Errors: ARGUMENT, NOT_FOUND (the id is not reserved). */
KABURI_API kaburi_status kaburi_index_cancel(kaburi_index *index, uint64_t id, kaburi_error *error);

/* -------------------------------------------------------------------------------- dedupe */

typedef struct kaburi_dedupe_options {
    uint32_t struct_size;  /* set by kaburi_dedupe_options_init */
    uint32_t threads;      /* that search, the caller's among them, 1..64, default 1 */
    uint32_t partners_max; /* partners listed of one record, 1..1000, default 100 */
    uint32_t cluster_max;  /* records in one cluster, 2..65536, default 1000; of records that are
                              the same in every byte one counts */
    uint32_t verdicts;     /* listed besides duplicates, 1 << KABURI_VERDICT_* each, default 0 */
    int32_t decision_min;  /* of the duplicates listed, default KABURI_DECISION_ALERT */
    const kaburi_index_options *index; /* its model, policy, aliases and allocator hold for all of
                                          it; NULL: the defaults */
    void *context;                     /* of progress */
    /* Called now and then in the caller's thread; NULL, the default: nobody is told. */
    void (*progress)(void *context, size_t done, size_t total);
} kaburi_dedupe_options;

KABURI_API void kaburi_dedupe_options_init(kaburi_dedupe_options *options);

/* Two rows of a batch, a < b. */
typedef struct kaburi_pair {
    uint64_t a;
    uint64_t b;
    double probability; /* as of kaburi_match */
    uint64_t evidence;
    int32_t verdict;
    int32_t decision;
} kaburi_pair;

typedef struct kaburi_dedupe_stats {
    uint64_t records;
    uint64_t pairs;             /* listed */
    uint64_t duplicates;        /* among them */
    uint64_t parted_duplicates; /* whose two records are not in one cluster */
    uint64_t clusters;          /* of two records or more */
    uint64_t clustered_records;
    uint64_t capped_records;  /* with keys that more than postings_max others have: read in part */
    uint64_t capped_keys;     /* such keys, of all those records */
    uint64_t crowded_records; /* that may have more partners than partners_max */
} kaburi_dedupe_stats;

/* The duplicates inside one batch. Immutable. */
typedef struct kaburi_duplicates kaburi_duplicates;

/*
 * Searches each record of a batch among the others. A record is told by its row, from 0; ids are
 * not read. Pairs of duplicates are joined in clusters, the likelier first, and two clusters become
 * one only when each record of the one is called a duplicate, however likely, of each record of the
 * other: A like B and B like C puts A and C together only where they are alike themselves. Records
 * that are the same in every byte are searched once; where more of them are than partners_max, the
 * first of them stands for all in the list of pairs, and in a cluster are all. Where a policy tells
 * stages or kinds apart, each of the two is asked about as if it were entered, and the stronger
 * decision holds. The answer does not depend on the number of threads. options NULL: the defaults.
 * The batch is borrowed.
 * Errors: ARGUMENT, TEXT, TOO_LONG (the message names the record), MEMORY, FULL. The caller frees
 * *out. Cost: an index of the batch and a search a record; README has figures.
 */
KABURI_API kaburi_status kaburi_dedupe(kaburi_duplicates **out, const kaburi_batch *batch,
                                       const kaburi_dedupe_options *options, kaburi_error *error);
/* NULL is allowed. */
KABURI_API void kaburi_duplicates_free(kaburi_duplicates *duplicates);

/* The pairs by a, then b; *count of them. Valid until the duplicates are freed. */
KABURI_API const kaburi_pair *kaburi_duplicates_pairs(const kaburi_duplicates *duplicates,
                                                      size_t *count);
/* Of each record the number of its cluster, 0: alone; *count is the number of records. Clusters are
 * numbered from 1 in the order of their first records. Valid as the pairs are. */
KABURI_API const uint32_t *kaburi_duplicates_clusters(const kaburi_duplicates *duplicates,
                                                      size_t *count);
KABURI_API void kaburi_duplicates_stats(const kaburi_duplicates *duplicates,
                                        kaburi_dedupe_stats *out);

/* ----------------------------------------------------------------------------------- keys */

/*
 * The 64-bit keys a record is filed under, for a database or a cluster engine to join on: records
 * that share a key are candidates. A search looks under more keys than these and finds more; only
 * for a company in kanji beside a deal's name it leaves out those of sounds and terms. Same keys on
 * every machine for one version of the tables and one set of options (NULL: the defaults). *count
 * is how many there are, set as well when capacity is too small (BUFFER; keys is untouched then).
 * Errors: ARGUMENT, TEXT, TOO_LONG, MEMORY, BUFFER.
 */
KABURI_API kaburi_status kaburi_keys(const kaburi_record *record,
                                     const kaburi_index_options *options, uint64_t *keys,
                                     size_t capacity, size_t *count, kaburi_error *error);

#ifdef __cplusplus
}
#endif

#endif
