/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typing. Half-width signs are those that NFKC leads to the full-width ones.
 */
#include "typing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

bool bench_edit_put(char *text, size_t begin, size_t end, const char *with) {
    size_t size = strlen(text);
    kaburi_text added = kaburi_text_of(with);
    if (size - (end - begin) + added.size + 1 > BENCH_TYPED_SIZE) {
        return false;
    }
    memmove(text + begin + added.size, text + end, size - end + 1);
    if (added.size > 0) {
        memcpy(text + begin, added.data, added.size);
    }
    return true;
}

bool bench_edit_insert(char *text, size_t at, const char *what) {
    return bench_edit_put(text, at, at, what);
}

bool bench_edit_replace(char *text, const char *from, const char *to) {
    const char *found = strstr(text, from);
    if (found == NULL) {
        return false;
    }
    size_t begin = (size_t)(found - text);
    return bench_edit_put(text, begin, begin + strlen(from), to);
}

/* ---- characters ---- */

static bool starts_character(char byte) {
    return ((unsigned char)byte & 0xC0) != 0x80;
}

static size_t next_of(const char *text, size_t at) {
    do {
        at++;
    } while (!starts_character(text[at]));
    return at;
}

static size_t count_of(const char *text, size_t begin, size_t end) {
    size_t count = 0;
    for (size_t i = begin; i < end; i++) {
        count += starts_character(text[i]);
    }
    return count;
}

static size_t place_of(const char *text, size_t begin, size_t count) {
    for (; count > 0; count--) {
        begin = next_of(text, begin);
    }
    return begin;
}

size_t bench_edit_place(const char *text, size_t begin, size_t end, uint64_t *seed) {
    size_t count = count_of(text, begin, end);
    return count < 2 ? 0 : place_of(text, begin, 1 + bench_draw_below(seed, count - 1));
}

bool bench_edit_typo(char *text, size_t begin, size_t end, uint64_t *seed) {
    size_t count = count_of(text, begin, end);
    if (count < 4) { /* one of three is another name */
        return false;
    }
    size_t at = place_of(text, begin, 1 + bench_draw_below(seed, count - 2));
    size_t next = next_of(text, at);
    size_t last = next_of(text, next);
    char one[8];
    char both[16];
    (void)snprintf(one, sizeof one, "%.*s", (int)(next - at), text + at);
    switch (bench_draw_below(seed, 3)) {
    case 0:
        return bench_edit_put(text, at, next, "");
    case 1:
        return bench_edit_insert(text, at, one);
    default:
        (void)snprintf(both, sizeof both, "%.*s%s", (int)(last - next), text + next, one);
        if (strncmp(text + at, both, last - at) == 0) {
            return false;
        }
        memcpy(text + at, both, last - at);
        return true;
    }
}

bool bench_edit_case(char *text, bool upper) {
    bool changed = false;
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x80) {
            char now = (char)(upper ? toupper(byte) : tolower(byte));
            changed |= now != *text;
            *text = now;
        }
    }
    return changed;
}

/* The half-width spelling of a character, one or two of them; 0: none. */
static size_t half_of(const UNormalizer2 *nfkc, UChar32 c, UChar *out) {
    for (UChar half = 0xFF61; half <= 0xFF9D; half++) {
        for (UChar mark = 0xFF9D; mark <= 0xFF9F; mark++) {
            UErrorCode code = U_ZERO_ERROR;
            UChar pair[2] = {half, mark};
            UChar full[8];
            int32_t size = mark == 0xFF9D ? 1 : 2;
            int32_t len = unorm2_normalize(nfkc, pair, size, full, 8, &code);
            if (U_SUCCESS(code) && len == 1 && full[0] == c) {
                memcpy(out, pair, sizeof pair);
                return (size_t)size;
            }
        }
    }
    return 0;
}

bool bench_edit_half_width(char *text) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&code);
    char out[BENCH_TYPED_SIZE];
    int32_t used = 0;
    bool changed = false;
    for (int32_t at = 0; text[at] != '\0';) {
        UChar32 c;
        UChar half[2];
        U8_NEXT((const uint8_t *)text, at, -1, c);
        if (c < 0 || used + 8 > BENCH_TYPED_SIZE) {
            return false;
        }
        bool kana = c >= 0x3001 && c <= 0x30FC && U_SUCCESS(code);
        size_t size = kana ? half_of(nfkc, c, half) : 0;
        for (size_t i = 0; i < size; i++) {
            U8_APPEND_UNSAFE((uint8_t *)out, used, half[i]);
        }
        if (size == 0) {
            U8_APPEND_UNSAFE((uint8_t *)out, used, (uint32_t)c);
        }
        changed |= size > 0;
    }
    out[used] = '\0';
    memcpy(text, out, (size_t)used + 1);
    return changed;
}

/* ---- deals ---- */

/* Writes what is in [begin, end) first, then what is before `stop`. */
static bool turn(char *text, size_t begin, size_t end, size_t stop) {
    char turned[BENCH_TYPED_SIZE * 2 + 2];
    if (end == begin || stop == 0) {
        return false;
    }
    (void)snprintf(turned, sizeof turned, "%.*s %.*s", (int)(end - begin), text + begin, (int)stop,
                   text);
    return bench_edit_put(text, 0, strlen(text), turned);
}

bool bench_edit_order(char *text) {
    size_t size = strlen(text);
    static const char of[] = "の";
    const char *open = strchr(text, '(');
    if (open != NULL && size > 0 && text[size - 1] == ')') {
        return turn(text, (size_t)(open - text) + 1, size - 1, (size_t)(open - text));
    }
    const char *space = strchr(text, ' ');
    if (space != NULL) {
        return turn(text, (size_t)(space - text) + 1, size, (size_t)(space - text));
    }
    const char *particle = strstr(text, of);
    return particle != NULL &&
           turn(text, (size_t)(particle - text) + sizeof of - 1, size, (size_t)(particle - text));
}

bool bench_edit_cut(char *text) {
    static const char *const ends[] = {"、", "（", "(", "。", "及び"};
    size_t count = count_of(text, 0, strlen(text));
    size_t shortest = place_of(text, 0, count < 6 ? count : 6);
    for (size_t i = 0; i < BENCH_COUNT(ends); i++) {
        char *found = strstr(text + shortest, ends[i]);
        if (found != NULL) {
            *found = '\0';
            return true;
        }
    }
    if (count < 15) {
        return false;
    }
    text[place_of(text, 0, count * 2 / 3)] = '\0';
    return true;
}

/* ---- numbers ---- */

/* "{yy}" of a notation: its place and size, the digits it has and what is added to read them. */
typedef struct field {
    size_t begin, size;
    size_t low, high; /* digits */
    unsigned add;
    unsigned first, last; /* values as read */
} field;

static field field_of(const char *notation) {
    static const struct {
        const char *name;
        field as;
    } names[] = {{"{yy}", {0, 4, 2, 2, 2000, 15, 39}},
                 {"{y}", {0, 3, 4, 4, 0, 2000, 2099}},
                 {"{r}", {0, 3, 1, 2, 2018, 1, 20}},
                 {"{n}", {0, 3, 1, 2, 0, 1, 98}}};
    for (size_t i = 0; i < BENCH_COUNT(names); i++) {
        const char *found = strstr(notation, names[i].name);
        if (found != NULL) {
            field of = names[i].as;
            of.begin = (size_t)(found - notation);
            return of;
        }
    }
    return (field){0};
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

bool bench_count_find(const char *text, const char *notation, bench_count *found) {
    field of = field_of(notation);
    const char *tail = notation + of.begin + of.size;
    for (size_t at = 0; text[at] != '\0'; at++) {
        if (strncmp(text + at, notation, of.begin) != 0 ||
            (of.begin == 0 && at > 0 && is_digit(text[at - 1]))) {
            continue;
        }
        size_t digit = at + of.begin;
        unsigned value = 0;
        size_t count = 0;
        for (; count < of.high && is_digit(text[digit]); count++) {
            value = value * 10 + (unsigned)(text[digit++] - '0');
        }
        if (count >= of.low && !is_digit(text[digit]) && value >= of.first && value <= of.last &&
            strncmp(text + digit, tail, strlen(tail)) == 0) {
            *found = (bench_count){at, digit + strlen(tail), 0, value + of.add};
            return true;
        }
    }
    return false;
}

void bench_count_write(char *out, size_t size, const char *notation, unsigned value) {
    field of = field_of(notation);
    (void)snprintf(out, size, "%.*s%0*u%s", (int)of.begin, notation, (int)of.low, value - of.add,
                   notation + of.begin + of.size);
}
