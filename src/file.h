/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: the whole of one into memory, for the stages that read tables and models. Knows nothing of
 * what it holds.
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

#endif
