/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every verb needs: messages, memory, the clock, texts, the command line.
 */
#include "bench.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int bench_fail(int code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("kaburi-bench: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    return code;
}

void *bench_resize(void *block, size_t count, size_t size) {
    void *resized = size != 0 && count >= SIZE_MAX / size ? NULL : realloc(block, count * size + 1);
    if (resized == NULL) {
        exit(bench_fail(BENCH_IO, "out of memory"));
    }
    return resized;
}

double bench_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int bench_refuse(const kaburi_error *error) {
    return bench_fail(error->status == KABURI_ERROR_MEMORY ? BENCH_IO : BENCH_DATA, "%s",
                      error->message);
}

const char *bench_shipped(char path[BENCH_PATH_SIZE], const char *name) {
    (void)snprintf(path, BENCH_PATH_SIZE, "%s/%s", BENCH_DATA_SOURCE, name);
    if (access(path, R_OK) != 0) {
        (void)snprintf(path, BENCH_PATH_SIZE, "%s/%s", BENCH_DATA_INSTALLED, name);
    }
    return path;
}

/* ---- texts ---- */

bool bench_text_equals(kaburi_text a, kaburi_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool bench_text_is(kaburi_text text, const char *word) {
    return bench_text_equals(text, kaburi_text_of(word));
}

int bench_text_shown(kaburi_text text) {
    size_t size = text.size;
    if (size > 40) {
        size = 40;
        while (size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80) {
            size--;
        }
    }
    return (int)size;
}

/* ---- the command line ---- */

static bench_option *find(const bench_options *options, const char *name) {
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->option[i].name, name) == 0) {
            return &options->option[i];
        }
    }
    return NULL;
}

const bench_option *bench_options_find(const bench_options *options, const char *name) {
    static const bench_option not_given = {0};
    const bench_option *option = find(options, name);
    return option != NULL ? option : &not_given;
}

int bench_options_read(const bench_options *options, int argc, char **argv) {
    for (int i = 0; i < argc; i++) {
        bench_option *option = find(options, argv[i]);
        if (option == NULL) {
            return bench_fail(BENCH_USAGE, "no option \"%s\" here; kaburi-bench --help lists them",
                              argv[i]);
        }
        option->seen++;
        if (option->flag) {
            continue;
        }
        if (i + 1 == argc) {
            return bench_fail(BENCH_USAGE, "%s needs a value", argv[i]);
        }
        option->value = argv[++i];
    }
    for (size_t i = 0; i < options->count; i++) {
        if (options->option[i].required && options->option[i].seen == 0) {
            return bench_fail(BENCH_USAGE, "%s is missing", options->option[i].name);
        }
    }
    return BENCH_OK;
}

int bench_options_number(const bench_options *options, const char *name, uint64_t low,
                         uint64_t high, uint32_t *out) {
    const char *text = bench_options_find(options, name)->value;
    if (text == NULL) {
        return BENCH_OK;
    }
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0') {
        return bench_fail(BENCH_USAGE, "%s is %s, not a whole number", name, text);
    }
    if (errno != 0 || value < low || value > high) {
        return bench_fail(BENCH_USAGE, "%s is %s; allowed are %" PRIu64 "..%" PRIu64, name, text,
                          low, high);
    }
    *out = (uint32_t)value;
    return BENCH_OK;
}
