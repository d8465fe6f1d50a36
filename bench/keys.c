/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench keys: the keys that records are filed under, for a join elsewhere.
 */
#include "each.h"

#include <inttypes.h>
#include <stdlib.h>

static kaburi_status write_keys(FILE *out, const kaburi_text *id, const kaburi_record *record,
                                const kaburi_index_options *options, kaburi_error *error) {
    size_t count = 0;
    kaburi_status status = kaburi_keys(record, options, NULL, 0, &count, error);
    if (status != KABURI_ERROR_BUFFER) {
        return status; /* an error, or a record without keys */
    }
    uint64_t *keys = bench_resize(NULL, count, sizeof *keys);
    status = kaburi_keys(record, options, keys, count, &count, error);
    for (size_t i = 0; i < count && status == KABURI_OK; i++) {
        if (id != NULL) {
            (void)fprintf(out, "%.*s\t", (int)id->size, id->data);
        }
        (void)fprintf(out, "%016" PRIx64 "\n", keys[i]);
    }
    free(keys);
    return status;
}

int bench_keys(int argc, char **argv) {
    return bench_each(argc, argv, "id\tkey", write_keys);
}
