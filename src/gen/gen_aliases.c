/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build-time generator: gen_aliases IN.tsv OUT.c turns the default table of aliases into
 * `kbr_aliases_builtin`. The library's own reader reads it, so that every name has the key that a
 * record's company has.
 */
#include "../aliases.h"

#include <inttypes.h>
#include <stdio.h>

static void write_table(FILE *out, const kaburi_aliases *aliases) {
    size_t buckets = (size_t)1 << aliases->bits;
    const struct {
        const char *name;
        const uint64_t *values;
    } columns[] = {{"keys", aliases->keys}, {"others", aliases->others}};
    (void)fprintf(out, "/* Made by gen_aliases from aliases.tsv; not to be edited. */\n"
                       "#include \"aliases.h\"\n");
    for (size_t column = 0; column < KBR_COUNT(columns); column++) {
        (void)fprintf(out, "\nstatic const uint64_t %s[] = {", columns[column].name);
        for (size_t i = 0; i < aliases->count; i++) {
            (void)fprintf(out, "%s0x%" PRIX64 ",", i % 4 == 0 ? "\n    " : " ",
                          columns[column].values[i]);
        }
        (void)fprintf(out, "\n};\n");
    }
    (void)fprintf(out, "\nstatic const kbr_alias_tie ties[] = {");
    for (size_t i = 0; i < aliases->count; i++) {
        (void)fprintf(out, "%s{%u, %u},", i % 12 == 0 ? "\n    " : " ",
                      (unsigned)aliases->ties[i].kind, (unsigned)aliases->ties[i].owners);
    }
    (void)fprintf(out, "\n};\n\nstatic const uint32_t starts[] = {");
    for (size_t i = 0; i <= buckets; i++) {
        (void)fprintf(out, "%s%" PRIu32 ",", i % 12 == 0 ? "\n    " : " ", aliases->starts[i]);
    }
    (void)fprintf(out,
                  "\n};\n\nconst struct kaburi_aliases kbr_aliases_builtin = {\n"
                  "    .keys = keys, .others = others, .ties = ties, .starts = starts, .count = "
                  "%zu, .bits = %" PRIu32 "};\n",
                  aliases->count, aliases->bits);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        (void)fprintf(stderr, "usage: gen_aliases IN.tsv OUT.c\n");
        return 2;
    }
    kaburi_aliases *aliases = NULL;
    kaburi_error error;
    if (kaburi_aliases_load(&aliases, argv[1], NULL, &error) != KABURI_OK) {
        (void)fprintf(stderr, "%s:%" PRIu64 ": %s\n", argv[1], error.offset, error.message);
        return 1;
    }
    if (aliases->count == 0) {
        (void)fprintf(stderr, "%s: no alias in the table\n", argv[1]);
        kaburi_aliases_free(aliases);
        return 1;
    }
    FILE *out = fopen(argv[2], "w");
    bool good = out != NULL;
    if (good) {
        write_table(out, aliases);
        good = ferror(out) == 0;
        good = fclose(out) == 0 && good;
    }
    if (!good) {
        perror(argv[2]);
    }
    kaburi_aliases_free(aliases);
    return good ? 0 : 1;
}
