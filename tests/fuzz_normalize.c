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

static void expect_explained(const kaburi_record *a, const kaburi_record *b) {
    static char buffer[64 * FUZZ_SIZE_MAX];
    for (int32_t language = 0; language <= KABURI_LANGUAGE_JAPANESE; language++) {
        for (int32_t format = 0; format <= KABURI_FORMAT_JSON; format++) {
            size_t size = 0;
            EXPECT(kaburi_explain(a, b, NULL, language, format, buffer, sizeof buffer, &size,
                                  NULL) == KABURI_OK);
            EXPECT(size == strlen(buffer));
            EXPECT(fuzz_is_utf8(buffer, size));
            EXPECT(format == KABURI_FORMAT_TEXT || is_json(buffer));
        }
    }
    size_t needed = 0;
    EXPECT(kaburi_explain(a, b, NULL, 0, 0, NULL, 0, &needed, NULL) == KABURI_ERROR_BUFFER);
    EXPECT(kaburi_explain(a, b, NULL, 0, 0, buffer, needed, &needed, NULL) == KABURI_ERROR_BUFFER);
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

/* The input with one character of the company left out and one of the deal doubled, at a place its
 * bytes decide. */
static void mangle(input *out, const input *in, const uint8_t *data, size_t size) {
    size_t mark = 0;
    for (size_t i = 0; i < size; i++) {
        mark = mark * 31 + data[i];
    }
    *out = *in;
    kaburi_text *const fields[] = {&out->record.company, &out->record.deal};
    for (int i = COMPANY; i <= DEAL; i++) {
        kaburi_text from = i == COMPANY ? in->record.company : in->record.deal;
        size_t begin = from.size == 0 ? 0 : mark % from.size;
        while (begin > 0 && ((uint8_t)from.data[begin] & 0xC0) == 0x80) {
            begin--;
        }
        size_t len = begin < from.size
                         ? fuzz_sequence((const uint8_t *)from.data + begin, from.size - begin)
                         : 0;
        size_t end = i == COMPANY ? begin : begin + len;
        fields[i]->data = out->text[i];
        fields[i]->size = i == COMPANY ? from.size - len : from.size + len;
        if (from.size > 0 && fields[i]->size <= sizeof out->text[i]) {
            memcpy(out->text[i], from.data, end);
            memcpy(out->text[i] + end, from.data + begin + (i == COMPANY ? len : 0),
                   from.size - begin - (i == COMPANY ? len : 0));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static input plain;
    static input mangled;
    if (size > FUZZ_SIZE_MAX) {
        return 0;
    }
    read_input(&plain, data, size);
    if (try_normalize(&plain.record) != KABURI_OK) {
        return 0;
    }
    expect_keys_of_an_index(&plain.record, KABURI_SKETCH_RARITY);
    expect_keys_of_an_index(&plain.record, KABURI_SKETCH_MINHASH);
    expect_symmetric(&plain.record, &plain.record);
    mangle(&mangled, &plain, data, size);
    if (try_normalize(&mangled.record) == KABURI_OK) {
        expect_symmetric(&plain.record, &mangled.record);
        expect_explained(&plain.record, &mangled.record);
    }
    return 0;
}
