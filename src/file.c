/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files, read into a block that grows: what is read may be a pipe, whose size nobody knows.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE ((size_t)1 << 16)

/* In English, whatever locale the host has set: a log is searched for it. */
static const char *reason(int code) {
#if defined(__GLIBC__)
    const char *known = strerrordesc_np(code);
    return known != NULL ? known : "unknown error";
#else
    return strerror(code);
#endif
}

static kaburi_status io_error(const char *path, int code, kaburi_error *error) {
    kaburi_status status = kbr_fail(error, KABURI_ERROR_IO, "%.160s: %.60s", path, reason(code));
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

/* ---- mapped ---- */

kaburi_status kbr_mapping_open(kbr_mapping *out, const char *path, kaburi_error *error) {
    *out = (kbr_mapping){NULL, 0};
    struct stat about;
    void *data = NULL;
    /* Not to wait for somebody to write into a pipe. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return io_error(path, errno, error);
    }
    int code = fstat(file, &about) != 0 ? errno : 0;
    if (code == 0 && !S_ISREG(about.st_mode)) {
        code = EINVAL;
    }
    if (code == 0 && about.st_size > 0) {
        data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        code = data == MAP_FAILED ? errno : 0;
    }
    (void)close(file);
    if (code != 0) {
        return io_error(path, code, error);
    }
    *out = (kbr_mapping){data, (size_t)about.st_size};
    return KABURI_OK;
}

void kbr_mapping_fetch(const kbr_mapping *mapping) {
#if defined(MADV_POPULATE_READ)
    const int advice = MADV_POPULATE_READ;
#else
    const int advice = MADV_WILLNEED;
#endif
    if (mapping->data != NULL) {
        int before = errno;
        (void)madvise((void *)(uintptr_t)mapping->data, mapping->size, advice);
        errno = before;
    }
}

void kbr_mapping_close(kbr_mapping *mapping) {
    if (mapping->data != NULL) {
        (void)munmap((void *)(uintptr_t)mapping->data, mapping->size);
    }
    *mapping = (kbr_mapping){NULL, 0};
}

/* ---- written ---- */

#define BUFFER_SIZE ((size_t)1 << 18)
#define TEMPORARY ".XXXXXX"

struct kbr_output {
    kaburi_allocator allocator;
    int file;
    int code;        /* errno of what failed first; 0 = nothing did */
    char *path;      /* terminated */
    char *temporary; /* likewise */
    size_t used;     /* of the buffer */
    char buffer[BUFFER_SIZE];
};

static void release_output(kbr_output *output) {
    kaburi_allocator allocator = output->allocator;
    kbr_release(&allocator, output->path);
    kbr_release(&allocator, output->temporary);
    kbr_release(&allocator, output);
}

kaburi_status kbr_output_create(kbr_output **out, const char *path,
                                const kaburi_allocator *allocator, kaburi_error *error) {
    size_t size = strlen(path);
    kbr_output *output = kbr_allocate(allocator, 1, sizeof *output);
    if (output == NULL) {
        return kbr_fail_memory(error);
    }
    output->allocator = *allocator;
    output->path = kbr_allocate(allocator, size + 1, 1);
    output->temporary = kbr_allocate(allocator, size + sizeof TEMPORARY, 1);
    if (output->path == NULL || output->temporary == NULL) {
        release_output(output);
        return kbr_fail_memory(error);
    }
    memcpy(output->path, path, size);
    memcpy(output->temporary, path, size);
    memcpy(output->temporary + size, TEMPORARY, sizeof TEMPORARY);
    output->file = mkostemp(output->temporary, O_CLOEXEC);
    if (output->file < 0) {
        kaburi_status status = io_error(path, errno, error);
        release_output(output);
        return status;
    }
    *out = output;
    return KABURI_OK;
}

static void write_all(kbr_output *output, const char *data, size_t size) {
    while (size > 0 && output->code == 0) {
        ssize_t written = write(output->file, data, size);
        if (written < 0) {
            output->code = errno != EINTR ? errno : 0;
            continue;
        }
        data += written;
        size -= (size_t)written;
    }
}

static void flush(kbr_output *output) {
    write_all(output, output->buffer, output->used);
    output->used = 0;
}

bool kbr_output_write(kbr_output *output, const void *data, size_t size) {
    if (size > BUFFER_SIZE - output->used) {
        flush(output);
    }
    if (size >= BUFFER_SIZE) {
        write_all(output, data, size);
    } else if (size > 0) {
        memcpy(output->buffer + output->used, data, size);
        output->used += size;
    }
    return output->code == 0;
}

bool kbr_output_write_first(kbr_output *output, const void *data, size_t size) {
    flush(output);
    if (output->code == 0 && lseek(output->file, 0, SEEK_SET) != 0) {
        output->code = errno;
    }
    write_all(output, data, size);
    return output->code == 0;
}

/* The entry of the file in its folder is on the disk only when the folder is. */
static int sync_folder(kbr_output *output) {
    char *slash = strrchr(output->path, '/');
    const char *folder = slash == NULL ? "." : slash == output->path ? "/" : output->path;
    if (slash != NULL) {
        *slash = '\0';
    }
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = file < 0 ? errno : 0;
    /* Some file systems sync no folders, and say so. */
    if (file >= 0 && fsync(file) != 0 && errno != EINVAL) {
        code = errno;
    }
    if (file >= 0) {
        (void)close(file);
    }
    if (slash != NULL) {
        *slash = '/';
    }
    return code;
}

kaburi_status kbr_output_close(kbr_output *output, kaburi_error *error) {
    flush(output);
    if (output->code == 0 && fsync(output->file) != 0) {
        output->code = errno;
    }
    if (close(output->file) != 0 && output->code == 0) {
        output->code = errno;
    }
    if (output->code == 0 && rename(output->temporary, output->path) != 0) {
        output->code = errno;
    }
    int code = output->code;
    if (code != 0) {
        (void)unlink(output->temporary);
    } else {
        code = sync_folder(output);
    }
    kaburi_status status = code != 0 ? io_error(output->path, code, error) : KABURI_OK;
    release_output(output);
    return status;
}
