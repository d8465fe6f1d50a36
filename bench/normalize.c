/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench normalize: the parts that kaburi reads in names.
 */
#include "each.h"

static kaburi_status write_parts(FILE *out, const kaburi_text *id, const kaburi_record *record,
                                 const kaburi_index_options *options, kaburi_error *error) {
    (void)options;
    kaburi_parts *parts;
    kaburi_status status = kaburi_normalize(&parts, record, NULL, error);
    if (status != KABURI_OK) {
        return status;
    }
    for (size_t i = 0; i < kaburi_parts_count(parts); i++) {
        if (id != NULL) {
            (void)fprintf(out, "%.*s\t", (int)id->size, id->data);
        }
        (void)fprintf(out, "%s\t%s\n", kaburi_parts_name(parts, i), kaburi_parts_value(parts, i));
    }
    kaburi_parts_free(parts);
    return KABURI_OK;
}

int bench_normalize(int argc, char **argv) {
    return bench_each(argc, argv, "id\tpart\tvalue", write_parts);
}
