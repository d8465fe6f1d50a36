/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Line by line. Whatever is not understood is an error with its line and column, so that a mistyped
 * number is never silently the default.
 */
#include "lines.h"

#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ---- */

/* What a written file shows of a number (kbr_bytes_number): two that differ only behind it would be
 * one when read again. */
#define DIGITS_KEPT 9
/* Of the first digit, so that its power of ten and those of eight more are no infinity. */
#define EXPONENT_MAX 300

/* Behind the e; false when there is none. */
static bool read_exponent(const char *at, int *out) {
    bool below = *at == '-';
    const char *digits = at + (below || *at == '+');
    int value = 0;
    for (at = digits; *at >= '0' && *at <= '9'; at++) {
        value = value < 100000 ? value * 10 + (*at - '0') : value;
    }
    *out = below ? -value : value;
    return at > digits && *at == '\0';
}

bool kbr_lines_number(const char *word, double *out) {
    const char *at = word + (*word == '-');
    int64_t value = 0;
    int kept = 0; /* digits from the first that is not 0 on */
    int scale = 0;
    bool digits = false;
    bool behind = false; /* the point */
    for (; (*at >= '0' && *at <= '9') || (*at == '.' && !behind); at++) {
        if (*at == '.') {
            behind = true;
            continue;
        }
        digits = true;
        kept += kept > 0 || *at != '0';
        if (kept <= DIGITS_KEPT) {
            value = value * 10 + (*at - '0');
            scale -= behind;
        } else {
            value += kept == DIGITS_KEPT + 1 && *at >= '5';
            scale += !behind;
        }
    }
    int exponent = 0;
    if (!digits ||
        (*at != '\0' && ((*at != 'e' && *at != 'E') || !read_exponent(at + 1, &exponent)))) {
        return false;
    }
    scale += exponent;
    for (; value != 0 && value % 10 == 0; value /= 10) {
        scale++; /* 0.50 is 0.5 to the last bit, whatever the scale */
    }
    int first = scale - 1;
    for (int64_t left = value; left != 0; left /= 10) {
        first++;
    }
    if (value != 0 && (first < -EXPONENT_MAX || first > EXPONENT_MAX)) {
        return false;
    }
    /* 114 / 100 is 1.14 to the last bit; 114 * 0.01, which is not a hundredth, is not. */
    double size = value == 0  ? 0
                  : scale < 0 ? (double)value / pow(10, -scale)
                              : (double)value * pow(10, scale);
    *out = *word == '-' ? -size : size;
    return true;
}

/* ---- a line ---- */

/* Characters, not bytes: what an editor shows. */
static size_t column_of(const char *start, const char *at) {
    size_t column = 1;
    for (; start < at; start++) {
        column += ((unsigned char)*start & 0xC0) != 0x80;
    }
    return column;
}

/* Cuts off the next line. */
static char *take_line(kbr_lines *lines) {
    char *start = lines->next;
    char *end = strchr(start, '\n');
    lines->next = end != NULL ? end + 1 : NULL;
    if (end != NULL) {
        *end = '\0';
    }
    lines->number++;
    return start;
}

/* Takes the line up to its comment apart. */
static kaburi_status split(kbr_line *line, kbr_lines *lines, char *start, kaburi_error *error) {
    size_t sound = kbr_text_sound(start, strlen(start));
    if (start[sound] != '\0') {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, lines->number,
                           "%s line %zu, column %zu: malformed UTF-8", lines->kind, lines->number,
                           column_of(start, start + sound));
    }
    char *comment = strchr(start, '#');
    if (comment != NULL) {
        *comment = '\0';
    }
    size_t column = 1;
    char *rest = start;
    for (char *word = strtok_r(start, " \t\r", &rest); word != NULL;
         word = strtok_r(NULL, " \t\r", &rest)) {
        column += column_of(start, word) - 1;
        start = word;
        if (line->count == KBR_LINE_WORDS_MAX) {
            return kbr_fail_at(error, KABURI_ERROR_FORMAT, lines->number,
                               "%s line %zu, column %zu: too many words", lines->kind,
                               lines->number, column);
        }
        line->word[line->count] = word;
        line->column[line->count++] = column;
    }
    return KABURI_OK;
}

kaburi_status kbr_lines_next(kbr_lines *lines, kbr_line *line, bool *more, kaburi_error *error) {
    kaburi_status status = KABURI_OK;
    *line = (kbr_line){.of = lines};
    while (status == KABURI_OK && lines->next != NULL && line->count == 0) {
        status = split(line, lines, take_line(lines), error);
    }
    *more = line->count > 0;
    return status;
}

/* ---- the file ---- */

/* kaburi-KIND VERSION, from the first byte on. */
static kaburi_status read_header(kbr_lines *lines, int expected, kaburi_error *error) {
    static const char prefix[] = "kaburi-";
    char *text = take_line(lines);
    kbr_line line = {.of = lines};
    size_t size = strlen(lines->kind);
    const char *kind = text + sizeof prefix - 1;
    if (strncmp(text, prefix, sizeof prefix - 1) != 0 || strncmp(kind, lines->kind, size) != 0 ||
        (kind[size] != ' ' && kind[size] != '\t')) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1,
                           "not a %s file: line 1 is not \"kaburi-%s %d\"", lines->kind,
                           lines->kind, expected);
    }
    kaburi_status status = split(&line, lines, text, error);
    if (status != KABURI_OK) {
        return status;
    }
    size_t digits = line.count == 2 ? strspn(line.word[1], "0123456789") : 0;
    if (digits == 0 || digits > 9 || line.word[1][digits] != '\0') {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1, "%s line 1: no version", lines->kind);
    }
    if (strtol(line.word[1], NULL, 10) != expected) {
        return kbr_fail_at(error, KABURI_ERROR_VERSION, 1,
                           "%s file of version %s; this library reads %d", lines->kind,
                           line.word[1], expected);
    }
    return KABURI_OK;
}

kaburi_status kbr_lines_open(kbr_lines *lines, const char *kind, int version, const char *text,
                             size_t size, const kaburi_allocator *allocator, kaburi_error *error) {
    static const char mark[3] = "\xEF\xBB\xBF"; /* what editors on Windows write before UTF-8 */
    *lines = (kbr_lines){.kind = kind, .allocator = allocator};
    if (size > KBR_LINES_SIZE_MAX) {
        return kbr_fail(error, KABURI_ERROR_FORMAT, "a %s of more than %d bytes", kind,
                        KBR_LINES_SIZE_MAX);
    }
    const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;
    if (nul != NULL) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1, "not a %s file: NUL at byte %td", kind,
                           nul - text);
    }
    lines->text = kbr_allocate(allocator, size + 1, 1);
    if (lines->text == NULL) {
        return kbr_fail_memory(error);
    }
    memcpy(lines->text, text, size);
    bool marked = size >= sizeof mark && memcmp(text, mark, sizeof mark) == 0;
    lines->next = lines->text + (marked ? sizeof mark : 0);
    kaburi_status status = read_header(lines, version, error);
    if (status != KABURI_OK) {
        kbr_lines_close(lines);
    }
    return status;
}

void kbr_lines_close(kbr_lines *lines) {
    if (lines->text != NULL) {
        kbr_release(lines->allocator, lines->text);
    }
    lines->text = NULL;
    lines->next = NULL;
}

kaburi_status kbr_line_refuse(const kbr_line *line, size_t word, const char *what,
                              kaburi_error *error) {
    char shown[61];
    (void)kbr_text_shown(shown, sizeof shown, line->word[word], strlen(line->word[word]));
    return kbr_fail_at(error, KABURI_ERROR_FORMAT, line->of->number,
                       "%s line %zu, column %zu: %s: %s", line->of->kind, line->of->number,
                       line->column[word], what, shown);
}

kaburi_status kbr_line_refuse_whole(const kbr_line *line, const char *what, kaburi_error *error) {
    return kbr_fail_at(error, KABURI_ERROR_FORMAT, line->of->number, "%s line %zu, column %zu: %s",
                       line->of->kind, line->of->number, line->column[0], what);
}

kaburi_status kbr_line_number(double *out, const kbr_line *line, size_t word, double low,
                              double high, kaburi_error *error) {
    if (line->count <= word) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, line->of->number,
                           "%s line %zu, column %zu: a number from %g to %g is missing",
                           line->of->kind, line->of->number, line->column[0], low, high);
    }
    if (!kbr_lines_number(line->word[word], out) || *out < low || *out > high) {
        char shown[61];
        (void)kbr_text_shown(shown, sizeof shown, line->word[word], strlen(line->word[word]));
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, line->of->number,
                           "%s line %zu, column %zu: not a number from %g to %g: %s",
                           line->of->kind, line->of->number, line->column[word], low, high, shown);
    }
    return KABURI_OK;
}
