/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: a snapshot with bytes changed. The input is changes of three bytes each, a place and
 * what to put there; the first byte says whether the hashes are made right again, how many bytes
 * are cut off, and whether the header alone is checked (which promises nothing of a damaged file:
 * it is refused or opened, and not searched). What opens is searched, changed and merged.
 */
#include "fuzz.h"
#include "samples.h"
#include "snapshot.h"
#include "starved.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RECORDS 24

#define REHASH 1U
#define HEADER 2U

/* A file that has no name but this. */
static int file;
static char path[64];
static uint8_t *original;
static size_t original_size;

static kaburi_record record_of(sample *entry, uint64_t id) {
    uint64_t seed = id;
    sample_make(entry, &seed);
    entry->record.id = id;
    return entry->record;
}

/* Saves an index once and keeps its bytes. */
static void prepare(void) {
    kaburi_index *index;
    char name[] = "/tmp/kaburi-fuzz-XXXXXX";
    int named = mkstemp(name);
    EXPECT(named >= 0);
    EXPECT(kaburi_index_create(&index, NULL, NULL) == KABURI_OK);
    for (uint64_t id = 0; id < RECORDS; id++) {
        sample entry;
        const kaburi_record record = record_of(&entry, id);
        EXPECT(kaburi_index_add(index, &record, NULL) == KABURI_OK);
    }
    EXPECT(kaburi_index_save(index, name, NULL) == KABURI_OK);
    kaburi_index_free(index);
    (void)close(named);
    FILE *saved = fopen(name, "rb");
    EXPECT(saved != NULL && fseek(saved, 0, SEEK_END) == 0);
    original_size = (size_t)ftell(saved);
    original = malloc(original_size);
    rewind(saved);
    EXPECT(original != NULL && fread(original, 1, original_size, saved) == original_size);
    (void)fclose(saved);
    (void)unlink(name);
    file = memfd_create("snapshot", MFD_CLOEXEC);
    EXPECT(file >= 0);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
}

static void write_file(const uint8_t *bytes, size_t size) {
    EXPECT(ftruncate(file, 0) == 0);
    EXPECT(pwrite(file, bytes, size, 0) == (ssize_t)size);
}

static void use(kaburi_index *index) {
    kaburi_matches *matches;
    EXPECT(kaburi_matches_create(&matches, NULL, NULL) == KABURI_OK);
    for (uint64_t id = 0; id < RECORDS; id++) {
        sample entry;
        const kaburi_record record = record_of(&entry, id);
        EXPECT(kaburi_search(index, &record, NULL, matches, NULL) == KABURI_OK);
        if (id % 2 == 0) {
            EXPECT(kaburi_index_add(index, &record, NULL) == KABURI_OK);
        }
    }
    EXPECT(kaburi_index_merge(index, NULL) == KABURI_OK);
    kaburi_matches_free(matches);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2 || size > FUZZ_SIZE_MAX) {
        return 0;
    }
    if (original == NULL) {
        prepare();
    }
    size_t left = original_size - ((data[0] & 4U) != 0 ? (size_t)data[1] * original_size / 256 : 0);
    uint8_t *bytes = malloc(original_size);
    EXPECT(bytes != NULL);
    memcpy(bytes, original, original_size);
    for (size_t at = 2; at + 3 <= size; at += 3) {
        bytes[(data[at] | (size_t)data[at + 1] << 8) % original_size] = data[at + 2];
    }
    if ((data[0] & REHASH) != 0) {
        (void)kbr_snapshot_rehash(bytes, left);
    }
    write_file(bytes, left);
    free(bytes);
    starved memory = {SIZE_MAX, 0};
    kaburi_open_options options;
    kaburi_index *index = NULL;
    kaburi_open_options_init(&options);
    options.flags = (data[0] & HEADER) != 0 ? KABURI_OPEN_HEADER : 0;
    options.allocator = starved_allocator(&memory);
    kaburi_status status = kaburi_index_open(&index, path, &options, NULL);
    EXPECT((status == KABURI_OK) == (index != NULL));
    if (status == KABURI_OK && options.flags == 0) {
        use(index);
    }
    kaburi_index_free(index);
    EXPECT(memory.blocks == 0);
    return 0;
}
