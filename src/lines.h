/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Line by line: the form that model and policy files share. The first line is a name and a version;
 * every other line is words, and '#' begins a comment. Takes a text, gives words with their place;
 * knows no word's meaning.
 */
#ifndef KBR_LINES_H
#define KBR_LINES_H

#include "base.h"

#define KBR_LINE_WORDS_MAX 5
#define KBR_LINES_SIZE_MAX (1 << 20)

typedef struct kbr_lines {
    const char *kind; /* "model": names the file in messages, and after "kaburi-" in the file */
    const kaburi_allocator *allocator;
    char *text;    /* a copy, cut up */
    char *next;    /* NULL: no more */
    size_t number; /* of the line read last, from 1 */
} kbr_lines;

typedef struct kbr_line {
    const kbr_lines *of;
    char *word[KBR_LINE_WORDS_MAX]; /* terminated */
    size_t column[KBR_LINE_WORDS_MAX];
    size_t count; /* at least 1 */
} kbr_line;

/* Copies the text and reads its first line: "kaburi-<kind> <version>", maybe behind a byte order
 * mark. FORMAT, VERSION, MEMORY. */
kaburi_status kbr_lines_open(kbr_lines *lines, const char *kind, int version, const char *text,
                             size_t size, const kaburi_allocator *allocator, kaburi_error *error);
void kbr_lines_close(kbr_lines *lines);

/* The next line that has words; *more is false when there is none. FORMAT: malformed UTF-8, in a
 * comment too, or too many words. */
kaburi_status kbr_lines_next(kbr_lines *lines, kbr_line *line, bool *more, kaburi_error *error);

/* A decimal number, in any locale: [-]digits[.digits][e[+|-]digits], 0 or of a size of 1e-300 to
 * 1e301, rounded to nine significant digits: as kbr_bytes_number writes it, it is read again. */
bool kbr_lines_number(const char *word, double *out);

/* FORMAT: what is wrong with a word of the line, whose place and text the message shows. */
kaburi_status kbr_line_refuse(const kbr_line *line, size_t word, const char *what,
                              kaburi_error *error);
/* FORMAT: what is wrong with the line as a whole. */
kaburi_status kbr_line_refuse_whole(const kbr_line *line, const char *what, kaburi_error *error);
/* Reads a word as a number in low..high; FORMAT. */
kaburi_status kbr_line_number(double *out, const kbr_line *line, size_t word, double low,
                              double high, kaburi_error *error);

#endif
