/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files, read into a block that grows: what is read may be a pipe, whose size nobody knows.
 */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FIRST_SIZE ((size_t)1 << 16)

static kaburi_status io_error(const char *path, int code, kaburi_error *error) {
    kaburi_status status = kbr_fail(error, KABURI_ERROR_IO, "%.160s: %.60s", path, strerror(code));
    if (error != NULL) {
        error->os_error = code;
    }
    return status;
}

static kaburi_status read_all(char **text, size_t *size, FILE *file, const char *path,
                              size_t size_max, const kaburi_allocator *allocator,
                              kaburi_error *error) {
    size_t capacity = 0;
    size_t got = 1;
    *size = 0;
    while (got > 0 && *size <= size_max) {
        void *block = *text;
        if (!kbr_reserve(allocator, &block, &capacity, *size < FIRST_SIZE ? FIRST_SIZE : *size + 1,
                         1)) {
            return kbr_fail_memory(error);
        }
        *text = block;
        size_t wanted = capacity - *size;
        wanted = wanted <= size_max - *size ? wanted : size_max - *size + 1;
        got = fread(*text + *size, 1, wanted, file);
        *size += got;
        if (ferror(file)) {
            return io_error(path, errno, error);
        }
    }
    return KABURI_OK;
}

kaburi_status kbr_file_read(char **text, size_t *size, const char *path, size_t size_max,
                            const kaburi_allocator *allocator, kaburi_error *error) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return io_error(path, errno, error);
    }
    char *block = NULL;
    kaburi_status status = read_all(&block, size, file, path, size_max, allocator, error);
    (void)fclose(file);
    if (status != KABURI_OK) {
        kbr_release(allocator, block);
        return status;
    }
    *text = block;
    return KABURI_OK;
}
