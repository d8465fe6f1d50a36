/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: a table of aliases from bytes. What is taken is sound, does not depend on the order
 * of its rows, and ties the names of a comparison the same in both directions; what is refused
 * leaves nothing behind. An input that begins with '!' is read while memory runs out.
 */
#include "aliases.h"
#include "fuzz.h"
#include "starved.h"

#include <string.h>

#define LINES_MAX 512

static kaburi_aliases *read_table(const uint8_t *data, size_t size, starved *memory) {
    kaburi_allocator allocator = starved_allocator(memory);
    kaburi_aliases *aliases = NULL;
    kaburi_error error = {.status = 1};
    bool short_of_memory = memory->left != SIZE_MAX;
    kaburi_status status =
        kaburi_aliases_parse(&aliases, (const char *)data, size, &allocator, &error);
    memory->left = SIZE_MAX;
    if (status == KABURI_OK) {
        EXPECT(kbr_aliases_check(aliases) == NULL);
        return aliases;
    }
    EXPECT(aliases == NULL && memory->blocks == 0);
    EXPECT(error.status == status && strlen(error.message) > 0);
    EXPECT(fuzz_is_utf8(error.message, strlen(error.message)));
    EXPECT(status == KABURI_ERROR_FORMAT || status == KABURI_ERROR_TEXT ||
           (status == KABURI_ERROR_MEMORY && short_of_memory));
    EXPECT(error.offset <= size + 1);
    return NULL;
}

/* The same lines, the first that says anything in front and the others turned round. */
static size_t turned(uint8_t *out, const uint8_t *data, size_t size) {
    const uint8_t *line[LINES_MAX];
    size_t len[LINES_MAX];
    size_t count = 0;
    size_t head = 0;
    size_t written = 0;
    for (size_t at = 0; at < size && count < LINES_MAX; count++) {
        line[count] = data + at;
        len[count] = fuzz_until(data + at, size - at, '\n');
        at += len[count] + 1;
        if (at < size && count + 1 == LINES_MAX) {
            return 0;
        }
    }
    while (head < count &&
           (len[head] == 0 || line[head][0] == '#' || (len[head] == 1 && line[head][0] == '\r'))) {
        head++;
    }
    for (size_t i = 0; i < count; i++) {
        size_t from = i <= head ? i : count - (i - head);
        memcpy(out + written, line[from], len[from]);
        written += len[from];
        out[written++] = '\n';
    }
    return written;
}

static void expect_same(const kaburi_aliases *a, const kaburi_aliases *b) {
    EXPECT(a->count == b->count && a->bits == b->bits);
    EXPECT(a->count == 0 || memcmp(a->keys, b->keys, a->count * sizeof *a->keys) == 0);
    EXPECT(a->count == 0 || memcmp(a->others, b->others, a->count * sizeof *a->others) == 0);
    EXPECT(a->count == 0 || memcmp(a->ties, b->ties, a->count * sizeof *a->ties) == 0);
}

/* Judges the two names of every row, which the table ties unless they are one or placeholders. */
static void compare_rows(const kaburi_aliases *aliases, const uint8_t *data, size_t size) {
    kaburi_compare_options options;
    kaburi_compare_options_init(&options);
    options.aliases = aliases;
    for (size_t at = 0; at < size;) {
        size_t len = fuzz_until(data + at, size - at, '\n');
        size_t tab = fuzz_until(data + at, len, '\t');
        size_t rest = tab < len ? len - tab - 1 : 0;
        size_t alias = fuzz_until(data + at + len - rest, rest, '\t');
        kaburi_record a;
        kaburi_record b;
        kaburi_match there;
        kaburi_match back;
        kaburi_record_init(&a);
        kaburi_record_init(&b);
        a.company = (kaburi_text){(const char *)data + at, tab};
        b.company = (kaburi_text){(const char *)data + at + len - rest, alias};
        if (kaburi_compare(&a, &b, &options, &there, NULL) == KABURI_OK) {
            EXPECT(kaburi_compare(&b, &a, &options, &back, NULL) == KABURI_OK);
            EXPECT(memcmp(&there, &back, sizeof there) == 0);
        }
        at += len + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t other[FUZZ_SIZE_MAX + 1];
    if (size > FUZZ_SIZE_MAX) {
        return 0;
    }
    starved memory = {SIZE_MAX, 0};
    if (size > 1 && data[0] == '!') {
        memory.left = data[1] % 32;
        data += 2;
        size -= 2;
    }
    kaburi_aliases *aliases = read_table(data, size, &memory);
    if (aliases == NULL) {
        return 0;
    }
    size_t other_size = turned(other, data, size);
    bool marked = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0;
    if (other_size > 0 && !marked) {
        starved others = {SIZE_MAX, 0};
        kaburi_aliases *again = read_table(other, other_size, &others);
        EXPECT(again != NULL);
        expect_same(aliases, again);
        kaburi_aliases_free(again);
        EXPECT(others.blocks == 0);
    }
    compare_rows(aliases, data, size);
    kaburi_aliases_free(aliases);
    EXPECT(memory.blocks == 0);
    return 0;
}
