/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: a record from bytes through normalizing, keys, comparing and explaining. A line of
 * the input is a field: company, deal, reading, corporate number, domain. An input that begins with
 * '#' is taken as it is, bad UTF-8 and all.
 */
#include "fuzz.h"

#include <string.h>

enum { COMPANY, DEAL, READING, NUMBER, DOMAIN, FIELDS };

typedef struct input {
    kaburi_record record;
    char text[FIELDS][3 * FUZZ_SIZE_MAX];
} input;

static void read_input(input *out, const uint8_t *data, size_t size) {
    kaburi_text *const fields[FIELDS] = {&out->record.company, &out->record.deal,
                                         &out->record.company_reading,
                                         &out->record.corporate_number, &out->record.domain};
    bool raw = size > 0 && data[0] == '#';
    size_t at = raw;
    kaburi_record_init(&out->record);
    for (int i = 0; i < FIELDS && at < size; i++) {
        size_t len = fuzz_until(data + at, size - at, '\n');
        if (raw && len > 0) {
            memcpy(out->text[i], data + at, len);
            *fields[i] = (kaburi_text){out->text[i], len};
        } else {
            *fields[i] = fuzz_text(out->text[i], data + at, len);
        }
        at += len + 1;
    }
}

/* ---- parts ---- */

static const char *part(const kaburi_parts *parts, const char *name) {
    for (size_t i = 0; i < kaburi_parts_count(parts); i++) {
        if (strcmp(kaburi_parts_name(parts, i), name) == 0) {
            return kaburi_parts_value(parts, i);
        }
    }
    return "";
}

/* A part that is a folding of a whole field folds to itself. */
static void expect_fold_twice_is_once(const kaburi_parts *parts, const char *name) {
    kaburi_record again;
    kaburi_parts *parts_again;
    kaburi_record_init(&again);
    again.company = kaburi_text_of(part(parts, name));
    if (again.company.size == 0 || again.company.size > KABURI_TEXT_SIZE_MAX) {
        return;
    }
    EXPECT(kaburi_normalize(&parts_again, &again, NULL, NULL) == KABURI_OK);
    EXPECT(strcmp(part(parts_again, name), part(parts, name)) == 0);
    kaburi_parts_free(parts_again);
}

static kaburi_status try_normalize(const kaburi_record *record) {
    kaburi_parts *parts = NULL;
    kaburi_error error = {.status = 1};
    kaburi_status status = kaburi_normalize(&parts, record, NULL, &error);
    if (status != KABURI_OK) {
        EXPECT(parts == NULL);
        EXPECT(error.status == status);
        EXPECT(status == KABURI_ERROR_TEXT || status == KABURI_ERROR_TOO_LONG ||
               status == KABURI_ERROR_ARGUMENT);
        EXPECT(strlen(error.message) > 0);
        return status;
    }
    for (size_t i = 0; i < kaburi_parts_count(parts); i++) {
        const char *value = kaburi_parts_value(parts, i);
        EXPECT(fuzz_is_utf8(value, strlen(value)));
        EXPECT(strchr(kaburi_parts_name(parts, i), '.') != NULL);
    }
    expect_fold_twice_is_once(parts, "company.folded");
    expect_fold_twice_is_once(parts, "company.strict");
    kaburi_parts_free(parts);
    return KABURI_OK;
}

/* ---- keys ---- */

/* kaburi_keys gives as many keys as an index files the record under, and a record that has any
 * finds itself. */
static void expect_keys_of_an_index(const kaburi_record *record, int32_t sketch) {
    enum { KEYS_MAX = 640 };
    kaburi_index_options options;
    kaburi_index *index;
    kaburi_matches *matches;
    kaburi_index_stats stats;
    uint64_t keys[KEYS_MAX];
    size_t count;
    kaburi_index_options_init(&options);
    options.sketch = sketch;
    EXPECT(kaburi_keys(record, &options, keys, KEYS_MAX, &count, NULL) == KABURI_OK);
    for (size_t i = 1; i < count; i++) {
        EXPECT(keys[i - 1] < keys[i]);
    }
    EXPECT(kaburi_index_create(&index, &options, NULL) == KABURI_OK);
    EXPECT(kaburi_matches_create(&matches, NULL, NULL) == KABURI_OK);
    EXPECT(kaburi_index_add(index, record, NULL) == KABURI_OK);
    kaburi_index_measure(index, &stats);
    EXPECT(stats.postings == count && stats.keys == count);
    EXPECT(kaburi_search(index, record, NULL, matches, NULL) == KABURI_OK);
    EXPECT(kaburi_matches_count(matches) == (count > 0));
    EXPECT(kaburi_index_remove(index, record->id, NULL) == KABURI_OK);
    kaburi_index_measure(index, &stats);
    EXPECT(stats.postings == 0 && stats.keys == 0 && stats.records == 0);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

/* ---- comparing and explaining ---- */

/* Brackets pair, strings end and hold no control character: enough of RFC 8259 to notice a value
 * that got out of its quotes. */
static bool is_json(const char *text) {
    char open[16];
    size_t depth = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"') {
            for (at++; *at != '"'; at++) {
                at += *at == '\\';
                if ((uint8_t)*at < 0x20) {
                    return false;
                }
            }
        } else if (*at == '{' || *at == '[') {
            if (depth == sizeof open) {
                return false;
            }
            open[depth++] = *at == '{' ? '}' : ']';
        } else if (*at == '}' || *at == ']') {
            if (depth == 0 || open[--depth] != *at) {
                return false;
            }
        } else if (strchr(",:+-.0123456789", *at) == NULL) {
            return false;
        }
    }
    return depth == 0 && text[0] == '{';
}

/* One language and format of the four, by `choice`. */
static void expect_explained(const kaburi_record *a, const kaburi_record *b, size_t choice) {
    static char buffer[64 * FUZZ_SIZE_MAX];
    int32_t language = (int32_t)(choice & 1);
    int32_t format = (int32_t)(choice >> 1 & 1);
    size_t needed = 0;
    size_t size = 0;
    EXPECT(kaburi_explain(a, b, NULL, language, format, NULL, 0, &needed, NULL) ==
           KABURI_ERROR_BUFFER);
    EXPECT(needed < sizeof buffer);
    EXPECT(kaburi_explain(a, b, NULL, language, format, buffer, needed + 1, &size, NULL) ==
           KABURI_OK);
    EXPECT(size == needed && size == strlen(buffer));
    EXPECT(fuzz_is_utf8(buffer, size));
    EXPECT(format == KABURI_FORMAT_TEXT || is_json(buffer));
}

static void expect_symmetric(const kaburi_record *a, const kaburi_record *b) {
    kaburi_match there;
    kaburi_match back;
    EXPECT(kaburi_compare(a, b, NULL, &there, NULL) == KABURI_OK);
    EXPECT(kaburi_compare(b, a, NULL, &back, NULL) == KABURI_OK);
    EXPECT(there.probability >= 0 && there.probability <= 1);
    EXPECT(there.probability == back.probability);
    EXPECT(there.verdict == back.verdict && there.decision == back.decision);
    EXPECT(kaburi_verdict_name(there.verdict) != NULL);
}

/* Whatever a record says, it agrees with itself. */
static void expect_no_conflict_with_itself(const kaburi_record *record) {
    const uint64_t conflicts =
        KABURI_EVIDENCE_COMPANY_CONFLICT | KABURI_EVIDENCE_FORM_CONFLICT |
        KABURI_EVIDENCE_BRANCH_CONFLICT | KABURI_EVIDENCE_CORPORATE_NUMBER_CONFLICT |
        KABURI_EVIDENCE_DEAL_DIFFERENT | KABURI_EVIDENCE_YEAR_CONFLICT |
        KABURI_EVIDENCE_PERIOD_CONFLICT | KABURI_EVIDENCE_PHASE_CONFLICT |
        KABURI_EVIDENCE_LOT_CONFLICT | KABURI_EVIDENCE_SALE_CONFLICT |
        KABURI_EVIDENCE_SITE_CONFLICT | KABURI_EVIDENCE_NUMBER_CONFLICT |
        KABURI_EVIDENCE_AMOUNT_CONFLICT | KABURI_EVIDENCE_CLOSE_DATE_CONFLICT;
    kaburi_match match;
    EXPECT(kaburi_compare(record, record, NULL, &match, NULL) == KABURI_OK);
    EXPECT((match.evidence & conflicts) == 0);
}

/* `text` without the character at `place`, or with it twice. */
static kaburi_text edited(char *out, kaburi_text text, size_t place, bool twice) {
    if (text.size == 0) {
        return text;
    }
    size_t begin = place % text.size;
    while (((uint8_t)text.data[begin] & 0xC0) == 0x80) {
        begin--;
    }
    size_t len = fuzz_sequence((const uint8_t *)text.data + begin, text.size - begin);
    size_t head = twice ? begin + len : begin;
    size_t tail = twice ? begin : begin + len;
    memcpy(out, text.data, head);
    memcpy(out + head, text.data + tail, text.size - tail);
    return (kaburi_text){out, head + text.size - tail};
}

/* What stands for chance: a target must do the same with the same input. */
static size_t hash_of(const uint8_t *data, size_t size) {
    size_t hash = size;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ data[i]) * 0x100000001B3U;
    }
    return hash >> 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static input plain;
    static char company[3 * FUZZ_SIZE_MAX + 4];
    static char deal[3 * FUZZ_SIZE_MAX + 4];
    if (size > FUZZ_SIZE_MAX) {
        return 0;
    }
    read_input(&plain, data, size);
    if (try_normalize(&plain.record) != KABURI_OK) {
        return 0;
    }
    size_t chance = hash_of(data, size);
    expect_keys_of_an_index(&plain.record, (int32_t)(chance >> 2 & 1));
    kaburi_record mangled = plain.record;
    mangled.company = edited(company, plain.record.company, chance >> 8, (chance >> 3 & 1) != 0);
    mangled.deal = edited(deal, plain.record.deal, chance >> 8, (chance >> 4 & 1) != 0);
    if (try_normalize(&mangled) == KABURI_OK) {
        expect_symmetric(&plain.record, &mangled);
        expect_explained(&plain.record, &mangled, chance);
    }
    expect_no_conflict_with_itself(&plain.record);
    return 0;
}
