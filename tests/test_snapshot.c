/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots: answers are the same after saving and opening, an opened index is changed like any
 * other, and whatever is no snapshot, or none any more, is refused: every truncation, every changed
 * byte, and, with the hashes made right again, whatever random changes leave of it.
 */
#include "answers.h"
#include "snapshot.h"
#include "starved.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static kaburi_error error;
static char folder[64];
static char path[128];

static int set_up(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/kaburi-test-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    (void)snprintf(path, sizeof path, "%s/index.kaburi", folder);
    return 0;
}

/* A test leaves nothing in the folder but the file. */
static int tear_down(void **state) {
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void save(const kaburi_index *index) {
    kaburi_status status = kaburi_index_save(index, path, &error);
    if (status != KABURI_OK) {
        fail_msg("%s", error.message);
    }
}

static kaburi_index *open_with(uint32_t flags) {
    kaburi_open_options options;
    kaburi_index *index = NULL;
    kaburi_open_options_init(&options);
    options.flags = flags;
    kaburi_status status = kaburi_index_open(&index, path, &options, &error);
    if (status != KABURI_OK) {
        fail_msg("%s", error.message);
    }
    answers_expect_sound(index);
    return index;
}

static kaburi_index_stats measured(const kaburi_index *index) {
    kaburi_index_stats stats;
    kaburi_index_measure(index, &stats);
    return stats;
}

/* The file's bytes, of a block of exactly that size. */
static uint8_t *read_bytes(const char *from, size_t *size) {
    FILE *file = fopen(from, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    (void)fclose(file);
    return bytes;
}

static void write_bytes(const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void expect_refused(kaburi_status expected, const char *message) {
    kaburi_index *index = NULL;
    assert_int_equal(kaburi_index_open(&index, path, NULL, &error), expected);
    assert_int_equal(error.status, expected);
    assert_null(index);
    if (strstr(error.message, message) == NULL) {
        fail_msg("%s", error.message);
    }
}

/* ---- the same answers ---- */

static void answers_the_same_when_it_is_opened(void **state) {
    (void)state;
    for (int32_t sketch = KABURI_SKETCH_RARITY; sketch <= KABURI_SKETCH_MINHASH; sketch++) {
        kaburi_index_options options = answers_options(sketch);
        options.seed = 12345;
        kaburi_index *index = answers_create(&options);
        answers_add(index, 0, 300, 0);
        answers_remove(index, 0, 300, 5);
        answers_add(index, 100, 150, 1);
        save(index);
        for (uint32_t flags = 0; flags <= KABURI_OPEN_HEADER; flags++) {
            kaburi_index *opened = open_with(flags);
            answers_expect_same(index, opened, 300);
            assert_int_equal(measured(opened).merged_records, kaburi_index_count(index));
            assert_int_equal(measured(opened).postings, measured(index).postings);
            assert_true(measured(opened).mapped_bytes > 0);
            kaburi_index_free(opened);
        }
        kaburi_index_free(index);
    }
}

static void is_changed_like_any_other_index(void **state) {
    (void)state;
    for (uint32_t flags = 0; flags <= KABURI_OPEN_HEADER; flags++) {
        const kaburi_index_options options = answers_options(KABURI_SKETCH_RARITY);
        kaburi_index *index = answers_create(&options);
        answers_add(index, 0, 200, 0);
        save(index);
        kaburi_index *opened = open_with(flags);
        kaburi_index *const both[] = {index, opened};
        for (size_t i = 0; i < 2; i++) {
            answers_add(both[i], 200, 250, 0);
            answers_add(both[i], 50, 100, 2);
            answers_remove(both[i], 0, 250, 4);
        }
        answers_expect_sound(opened);
        answers_expect_same(index, opened, 250);
        assert_int_equal(measured(opened).postings, measured(index).postings);
        /* The file it lies in may be replaced. */
        save(opened);
        kaburi_index *again = open_with(0);
        answers_expect_same(index, again, 250);
        kaburi_index_free(again);
        assert_int_equal(kaburi_index_merge(opened, &error), KABURI_OK);
        assert_int_equal(measured(opened).mapped_bytes, 0);
        answers_expect_sound(opened);
        answers_expect_same(index, opened, 250);
        kaburi_index_free(opened);
        kaburi_index_free(index);
    }
}

/* What was merged, and what was not, make the same file. */
static void is_the_same_file_however_it_came_about(void **state) {
    (void)state;
    size_t sizes[2];
    uint8_t *bytes[2];
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 150, 0);
    answers_remove(index, 3, 150, 10);
    save(index);
    bytes[0] = read_bytes(path, &sizes[0]);
    assert_int_equal(kaburi_index_merge(index, &error), KABURI_OK);
    save(index);
    bytes[1] = read_bytes(path, &sizes[1]);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    kaburi_index_free(index);
}

static void may_be_empty(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    save(index);
    kaburi_index *opened = open_with(0);
    assert_int_equal(kaburi_index_count(opened), 0);
    answers_expect_same(index, opened, 5);
    answers_add(opened, 0, 10, 0);
    answers_add(index, 0, 10, 0);
    answers_expect_same(index, opened, 10);
    kaburi_index_free(opened);
    kaburi_index_free(index);
}

static void keeps_its_options_unless_told_otherwise(void **state) {
    (void)state;
    kaburi_index_options options = answers_options(KABURI_SKETCH_RARITY);
    options.postings_max = 16;
    kaburi_index *index = answers_create(&options);
    kaburi_matches *matches;
    kaburi_search_stats stats;
    assert_int_equal(kaburi_matches_create(&matches, NULL, &error), KABURI_OK);
    answers_add(index, 0, 400, 0);
    save(index);
    sample query;
    answers_sample(&query, 1, 0);
    for (uint32_t postings_max = 0; postings_max <= 1000; postings_max += 1000) {
        kaburi_open_options open;
        kaburi_index *opened;
        kaburi_open_options_init(&open);
        open.postings_max = postings_max;
        assert_int_equal(kaburi_index_open(&opened, path, &open, &error), KABURI_OK);
        assert_int_equal(kaburi_search(opened, &query.record, NULL, matches, &error), KABURI_OK);
        kaburi_matches_stats(matches, &stats);
        assert_int_equal(stats.truncated > 0, postings_max == 0);
        kaburi_index_free(opened);
    }
    kaburi_open_options open;
    kaburi_open_options_init(&open);
    open.scored_max = 5000;
    kaburi_index *opened = NULL;
    assert_int_equal(kaburi_index_open(&opened, path, &open, &error), KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "scored_max is 5000; allowed are 16..4096");
    open.scored_max = 0;
    open.flags = 2;
    assert_int_equal(kaburi_index_open(&opened, path, &open, &error), KABURI_ERROR_ARGUMENT);
    open.struct_size = 1;
    assert_int_equal(kaburi_index_open(&opened, path, &open, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_open(&opened, NULL, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_open(NULL, path, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_save(index, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_save(NULL, path, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_merge(NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_null(opened);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

/* ---- the file ---- */

static void is_the_owners_alone(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    struct stat about;
    write_bytes("old", 3);
    assert_int_equal(chmod(path, 0644), 0);
    save(index);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    kaburi_index_free(index);
}

static void is_as_it_was_when_it_cannot_be_written(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 100, 0);
    write_bytes("old", 3);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {.rlim_cur = 5000, .rlim_max = before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    kaburi_status status = kaburi_index_save(index, path, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, KABURI_ERROR_IO);
    assert_int_equal(error.os_error, EFBIG);
    size_t size;
    uint8_t *bytes = read_bytes(path, &size);
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "old", 3);
    free(bytes);
    assert_int_equal(kaburi_index_save(index, "/nowhere/index", &error), KABURI_ERROR_IO);
    assert_int_equal(error.os_error, ENOENT);
    kaburi_index_free(index);
}

static void refuses_what_is_no_snapshot(void **state) {
    (void)state;
    kaburi_index *index = NULL;
    expect_refused(KABURI_ERROR_IO, "No such file");
    assert_int_equal(error.os_error, ENOENT);
    assert_int_equal(kaburi_index_open(&index, folder, NULL, &error), KABURI_ERROR_IO);
    assert_int_equal(error.os_error, EINVAL);
    write_bytes("", 0);
    expect_refused(KABURI_ERROR_FORMAT, "is not a snapshot");
    write_bytes("id,company\n1,\xE5\xB1\xB1\xE7\x94\xB0\n", 20);
    expect_refused(KABURI_ERROR_FORMAT, "is not a snapshot");
}

/* Changes four bytes of the header and makes its hash right. */
static void write_with(const uint8_t *bytes, size_t size, size_t at, uint32_t value) {
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    memcpy(copy + at, &value, sizeof value);
    (void)kbr_snapshot_rehash(copy, size);
    write_bytes(copy, size);
    free(copy);
}

static void tells_what_is_wrong(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 30, 0);
    save(index);
    size_t size;
    uint8_t *bytes = read_bytes(path, &size);
    write_with(bytes, size, 8, 0x04030201);
    expect_refused(KABURI_ERROR_ENDIAN, "order of bytes");
    write_with(bytes, size, 12, 2);
    expect_refused(KABURI_ERROR_VERSION, "version 2; this library reads 1");
    static const char *const tables[] = {"fold", "words", "lexicon", "sounds", "rarity", "rules"};
    for (size_t i = 0; i < KBR_COUNT(tables); i++) {
        write_with(bytes, size, 48 + 8 * i, 1);
        expect_refused(KABURI_ERROR_TABLES, tables[i]);
    }
    write_with(bytes, size, 104, 17); /* the sketch */
    expect_refused(KABURI_ERROR_DAMAGED, "options are out of range");
    write_bytes(bytes, size - 1);
    expect_refused(KABURI_ERROR_DAMAGED, "it is cut");
    assert_int_equal(error.offset, size - 1);
    bytes[size - 1] ^= 1;
    write_bytes(bytes, size);
    expect_refused(KABURI_ERROR_DAMAGED, "hash of a section");
    free(bytes);
    kaburi_index_free(index);
}

/* ---- damage ---- */

/* Of every byte at least one bit; in a build that is quick every one. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLIP_STEP 7
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FLIP_STEP 7
#endif
#endif
#if !defined(FLIP_STEP)
#define FLIP_STEP 1
#endif

static uint8_t *small_snapshot(size_t *size) {
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 125, 0);
    save(index);
    kaburi_index_free(index);
    uint8_t *bytes = read_bytes(path, size);
    assert_in_range(*size, 40000, 100000);
    return bytes;
}

/* Opens what lies at `path`, and if that works searches it; returns whether it was refused. */
static bool is_refused(const kaburi_index *original) {
    kaburi_index *index = NULL;
    kaburi_status status = kaburi_index_open(&index, path, NULL, &error);
    if (status != KABURI_OK) {
        assert_null(index);
        assert_true(status == KABURI_ERROR_DAMAGED || status == KABURI_ERROR_FORMAT ||
                    status == KABURI_ERROR_VERSION || status == KABURI_ERROR_ENDIAN ||
                    status == KABURI_ERROR_TABLES);
        return true;
    }
    answers_expect_same(index, original, 3);
    kaburi_index_free(index);
    return false;
}

static void refuses_every_truncation(void **state) {
    (void)state;
    size_t size;
    uint8_t *bytes = small_snapshot(&size);
    for (size_t cut = size; cut-- > 0;) {
        assert_int_equal(truncate(path, (off_t)cut), 0);
        kaburi_index *index = NULL;
        kaburi_status status = kaburi_index_open(&index, path, NULL, &error);
        assert_int_equal(status, cut < 8 ? KABURI_ERROR_FORMAT : KABURI_ERROR_DAMAGED);
        assert_null(index);
    }
    free(bytes);
}

/* A flipped bit is refused, unless it is between two sections, where nobody reads it. */
static void refuses_every_flipped_bit(void **state) {
    (void)state;
    size_t size;
    uint8_t *bytes = small_snapshot(&size);
    kaburi_index *original = open_with(0);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    (void)setvbuf(file, NULL, _IONBF, 0);
    size_t harmless = 0;
    size_t bits = 8 * size;
    for (size_t bit = 0; bit < bits; bit += FLIP_STEP) {
        uint8_t flipped = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
        assert_int_equal(fseek(file, (long)(bit / 8), SEEK_SET), 0);
        assert_int_equal(fwrite(&flipped, 1, 1, file), 1);
        harmless += !is_refused(original);
        assert_int_equal(fseek(file, (long)(bit / 8), SEEK_SET), 0);
        assert_int_equal(fwrite(&bytes[bit / 8], 1, 1, file), 1);
    }
    (void)fclose(file);
    assert_true(harmless <= (size_t)KBR_SECTION_COUNT * 63 * 8);
    kaburi_index_free(original);
    free(bytes);
}

/* Somebody who makes the hashes right gets no further than wrong answers. */
static void survives_what_has_the_right_hashes(void **state) {
    (void)state;
    size_t size;
    uint8_t *bytes = small_snapshot(&size);
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    uint64_t seed = 1;
    size_t opened = 0;
    for (int round = 0; round < 1500; round++) {
        memcpy(copy, bytes, size);
        uint32_t changes = 1 + sample_draw(&seed, 6);
        for (uint32_t i = 0; i < changes; i++) {
            /* One in four in what says where all else is. */
            uint32_t at = sample_draw(&seed, 4) == 0 ? 96 + sample_draw(&seed, 416)
                                                     : sample_draw(&seed, (uint32_t)size);
            copy[at] = (uint8_t)sample_draw(&seed, 256);
        }
        (void)kbr_snapshot_rehash(copy, size);
        write_bytes(copy, size);
        kaburi_index *index = NULL;
        if (kaburi_index_open(&index, path, NULL, &error) != KABURI_OK) {
            continue;
        }
        opened++;
        kaburi_matches *matches;
        assert_int_equal(kaburi_matches_create(&matches, NULL, NULL), KABURI_OK);
        for (uint64_t id = 0; id < 20; id++) {
            sample query;
            answers_sample(&query, id, 0);
            assert_int_equal(kaburi_search(index, &query.record, NULL, matches, NULL), KABURI_OK);
        }
        kaburi_matches_free(matches);
        answers_add(index, 90, 130, 1);
        assert_int_equal(kaburi_index_merge(index, NULL), KABURI_OK);
        kaburi_index_free(index);
    }
    assert_in_range(opened, 100, 1400);
    free(copy);
    free(bytes);
}

/* ---- memory ---- */

static void is_not_written_without_memory(void **state) {
    (void)state;
    starved memory = {SIZE_MAX, 0};
    kaburi_index_options options = answers_options(KABURI_SKETCH_RARITY);
    options.allocator = starved_allocator(&memory);
    kaburi_index *index = answers_create(&options);
    answers_add(index, 0, 40, 0);
    size_t failed = 0;
    for (kaburi_status status = KABURI_ERROR_MEMORY; status != KABURI_OK; failed++) {
        size_t blocks = memory.blocks;
        memory.left = failed;
        status = kaburi_index_save(index, path, &error);
        memory.left = SIZE_MAX;
        assert_int_equal(memory.blocks, blocks);
        if (status != KABURI_OK) {
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            assert_int_equal(access(path, F_OK), -1);
        }
    }
    assert_in_range(failed, 10, 300);
    kaburi_index_free(index);
    assert_int_equal(memory.blocks, 0);
}

static void is_not_opened_without_memory(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 40, 0);
    save(index);
    size_t failed = 0;
    for (kaburi_index *opened = NULL; opened == NULL;) {
        starved memory = {failed, 0};
        kaburi_open_options options;
        kaburi_open_options_init(&options);
        options.allocator = starved_allocator(&memory);
        if (kaburi_index_open(&opened, path, &options, &error) == KABURI_OK) {
            answers_expect_same(opened, index, 10);
            kaburi_index_free(opened);
        } else {
            assert_int_equal(error.status, KABURI_ERROR_MEMORY);
            assert_null(opened);
            failed++;
        }
        assert_int_equal(memory.blocks, 0);
    }
    assert_in_range(failed, 5, 100);
    kaburi_index_free(index);
}

/* ---- a file of long ago ---- */

/* The format of version 1 stays readable. Whether names are read as then is another matter: once a
 * table or the card changed the file is refused for that, and for nothing else. */
static void opens_a_golden_file(void **state) {
    (void)state;
    kaburi_index *index = NULL;
    kaburi_status status = kaburi_index_open(&index, KABURI_GOLDEN_SNAPSHOT, NULL, &error);
    if (status == KABURI_ERROR_TABLES) {
        fail_msg("%s: write it anew as CONTRIBUTING says", error.message);
    }
    assert_int_equal(status, KABURI_OK);
    kaburi_index *same = answers_create(NULL);
    answers_add(same, 0, 40, 0);
    answers_expect_sound(index);
    answers_expect_same(index, same, 40);
    kaburi_index_free(same);
    kaburi_index_free(index);
}

int main(int argc, char **argv) {
    if (argc > 1) { /* makes the golden file */
        kaburi_index *index = answers_create(NULL);
        answers_add(index, 0, 40, 0);
        return kaburi_index_save(index, argv[1], NULL) == KABURI_OK ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_the_same_when_it_is_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_changed_like_any_other_index, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_the_same_file_however_it_came_about, set_up, tear_down),
        cmocka_unit_test_setup_teardown(may_be_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_its_options_unless_told_otherwise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_the_owners_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_as_it_was_when_it_cannot_be_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_snapshot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_what_is_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_every_truncation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_every_flipped_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(survives_what_has_the_right_hashes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_not_written_without_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_not_opened_without_memory, set_up, tear_down),
        cmocka_unit_test(opens_a_golden_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
