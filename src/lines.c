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

bool kbr_lines_number(const char *word, double *out) {
    const char *at = word + (*word == '-');
    double value = 0;
    int scale = 0;
    bool digits = false;
    for (; *at >= '0' && *at <= '9'; at++, digits = true) {
        value = value * 10 + (*at - '0');
    }
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, digits = true, scale--) {
            value = value * 10 + (*at - '0');
        }
    }
    if (digits && (*at == 'e' || *at == 'E')) {
        char *end;
        long exponent = strtol(at + 1, &end, 10);
        if (end == at + 1 || exponent < -300 || exponent > 300) {
            return false;
        }
        scale += (int)exponent;
        at = end;
    }
    if (!digits || *at != '\0') {
        return false;
    }
    /* 114 / 100 is 1.14 to the last bit; 114 * 0.01, which is not a hundredth, is not. */
    value = scale < 0 && scale >= -300 ? value / pow(10, -scale) : value * pow(10, scale);
    *out = *word == '-' ? -value : value;
    return isfinite(*out);
}

/* ---- the file ---- */

static kaburi_status read_header(kbr_lines *lines, char *line, int expected, kaburi_error *error) {
    static const char start[] = "kaburi-";
    double version;
    size_t kind_len = strlen(lines->kind);
    size_t len = sizeof start - 1 + kind_len + 1;
    if (strncmp(line, start, sizeof start - 1) != 0 ||
        strncmp(line + sizeof start - 1, lines->kind, kind_len) != 0 || line[len - 1] != ' ') {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1,
                           "not a %s file: line 1 is not \"kaburi-%s %d\"", lines->kind,
                           lines->kind, expected);
    }
    size_t end = strlen(line);
    if (line[end - 1] == '\r') {
        line[end - 1] = '\0';
    }
    if (!kbr_lines_number(line + len, &version)) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1, "%s line 1: no version", lines->kind);
    }
    if (version != expected) {
        return kbr_fail_at(error, KABURI_ERROR_VERSION, 1,
                           "%s file of version %.0f; this library reads %d", lines->kind, version,
                           expected);
    }
    return KABURI_OK;
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

kaburi_status kbr_lines_open(kbr_lines *lines, const char *kind, int version, const char *text,
                             size_t size, const kaburi_allocator *allocator, kaburi_error *error) {
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
    lines->next = lines->text;
    kaburi_status status = read_header(lines, take_line(lines), version, error);
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

/* ---- a line ---- */

/* Characters, not bytes: what an editor shows. */
static size_t column_of(const char *start, const char *at) {
    size_t column = 1;
    for (; start < at; start++) {
        column += ((unsigned char)*start & 0xC0) != 0x80;
    }
    return column;
}

kaburi_status kbr_lines_next(kbr_lines *lines, kbr_line *line, bool *more, kaburi_error *error) {
    *line = (kbr_line){.of = lines};
    while (lines->next != NULL && line->count == 0) {
        char *start = take_line(lines);
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
    }
    *more = line->count > 0;
    return KABURI_OK;
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
