/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: the whole of one into memory, for the stages that read tables and models; one mapped; one
 * written so that it appears whole or not at all. Knows nothing of what they hold.
 */
#ifndef KBR_FILE_H
#define KBR_FILE_H

#include "base.h"

/*
 * Reads the file, but no more than size_max + 1 bytes, by which the caller sees that it is too
 * long; *text is the caller's to release, also when *size is 0, and not terminated. IO (os_error =
 * errno) or MEMORY: nothing is left to release.
 */
kaburi_status kbr_file_read(char **text, size_t *size, const char *path, size_t size_max,
                            const kaburi_allocator *allocator, kaburi_error *error);

/* A file in the address space, read-only. */
typedef struct kbr_mapping {
    const void *data; /* NULL when the file is empty */
    size_t size;
} kbr_mapping;

/* IO (os_error = errno; EINVAL: not a regular file). */
kaburi_status kbr_mapping_open(kbr_mapping *out, const char *path, kaburi_error *error);
/* All of it is about to be read: the system may bring it in at once, not page by page. */
void kbr_mapping_fetch(const kbr_mapping *mapping);
void kbr_mapping_close(kbr_mapping *mapping);

/*
 * A file that is being written beside the place where it will be, under a temporary name, readable
 * by its owner alone. A write that fails is remembered and told when the file is closed.
 */
typedef struct kbr_output kbr_output;

/* IO, MEMORY. */
kaburi_status kbr_output_create(kbr_output **out, const char *path,
                                const kaburi_allocator *allocator, kaburi_error *error);
/* Behind what is there. False when this or a write before it failed. */
bool kbr_output_write(kbr_output *output, const void *data, size_t size);
/* Over the first bytes of the file; the last thing that is written. */
bool kbr_output_write_first(kbr_output *output, const void *data, size_t size);
/* Brings the file to the disk and then to its name, in place of what has it. IO: the name is what
 * it was, unless it is the folder that could not be brought to the disk. Frees the output in both
 * cases. */
kaburi_status kbr_output_close(kbr_output *output, kaburi_error *error);

#endif
