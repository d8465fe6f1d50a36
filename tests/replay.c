/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs every file of the folders named through a fuzz target, in the order of their names: the
 * corpus as a test, with any compiler.
 */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

static int is_file(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static bool replay_file(const char *folder, const char *name) {
    char path[4096];
    uint8_t *data = malloc(FUZZ_SIZE_MAX + 1);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    bool done = data != NULL && file != NULL;
    if (done) {
        size_t size = fread(data, 1, FUZZ_SIZE_MAX + 1, file);
        done = ferror(file) == 0;
        /* A block of the exact size, so that the address sanitizer sees a read beyond it. */
        uint8_t *exact = done && size > 0 ? realloc(data, size) : NULL;
        data = exact != NULL ? exact : data;
        if (done) {
            (void)fprintf(stderr, "%s\n", name);
            (void)LLVMFuzzerTestOneInput(data, size);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    free(data);
    return done;
}

int main(int argc, char **argv) {
    int replayed = 0;
    bool failed = argc < 2;
    for (int i = 1; i < argc; i++) {
        struct dirent **entries;
        int count = scandir(argv[i], &entries, is_file, alphasort);
        failed = failed || count <= 0;
        for (int entry = 0; entry < count; entry++) {
            failed = !replay_file(argv[i], entries[entry]->d_name) || failed;
            free(entries[entry]);
            replayed++;
        }
        if (count >= 0) {
            free(entries);
        }
    }
    if (failed) {
        (void)fprintf(stderr, "replay: a folder is empty or a file cannot be read\n");
    }
    return failed || replayed == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
