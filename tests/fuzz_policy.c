/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: a policy or a model from bytes. What is taken writes a file that reads the same;
 * what is refused says where, and leaves nothing behind. An input that begins with '!' is read
 * while memory runs out.
 */
#include "fuzz.h"
#include "starved.h"

#include <string.h>

typedef kaburi_status parse_function(void **out, const char *text, size_t size,
                                     const kaburi_allocator *allocator, kaburi_error *error);
typedef kaburi_status write_function(const void *object, char *buffer, size_t capacity,
                                     size_t *size, kaburi_error *error);
typedef void free_function(void *object);

static kaburi_status parse_policy(void **out, const char *text, size_t size,
                                  const kaburi_allocator *allocator, kaburi_error *error) {
    return kaburi_policy_parse((kaburi_policy **)out, text, size, allocator, error);
}

static kaburi_status parse_model(void **out, const char *text, size_t size,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    return kaburi_model_parse((kaburi_model **)out, text, size, allocator, error);
}

static kaburi_status write_policy(const void *policy, char *buffer, size_t capacity, size_t *size,
                                  kaburi_error *error) {
    return kaburi_policy_write(policy, buffer, capacity, size, error);
}

static kaburi_status write_model(const void *model, char *buffer, size_t capacity, size_t *size,
                                 kaburi_error *error) {
    return kaburi_model_write(model, buffer, capacity, size, error);
}

static void free_policy(void *policy) {
    kaburi_policy_free(policy);
}

static void free_model(void *model) {
    kaburi_model_free(model);
}

#define TEXT_SIZE_MAX 65536

static void try_file(parse_function *parse, write_function *write, free_function *drop,
                     const char *text, size_t size, starved *memory) {
    static char once[TEXT_SIZE_MAX];
    static char twice[TEXT_SIZE_MAX];
    kaburi_allocator allocator = starved_allocator(memory);
    kaburi_error error = {.status = 1};
    bool short_of_memory = memory->left != SIZE_MAX;
    void *object = NULL;
    void *again = NULL;
    size_t sizes[2];
    kaburi_status status = parse(&object, text, size, &allocator, &error);
    memory->left = SIZE_MAX;
    if (status != KABURI_OK) {
        EXPECT(object == NULL && memory->blocks == 0);
        EXPECT(error.status == status && strlen(error.message) > 0);
        EXPECT(fuzz_is_utf8(error.message, strlen(error.message)));
        EXPECT(status == KABURI_ERROR_FORMAT || status == KABURI_ERROR_VERSION ||
               (status == KABURI_ERROR_MEMORY && short_of_memory));
        EXPECT(error.offset <= size + 1);
        return;
    }
    EXPECT(write(object, once, sizeof once, &sizes[0], &error) == KABURI_OK);
    EXPECT(parse(&again, once, sizes[0], &allocator, &error) == KABURI_OK);
    EXPECT(write(again, twice, sizeof twice, &sizes[1], &error) == KABURI_OK);
    EXPECT(sizes[0] == sizes[1] && memcmp(once, twice, sizes[0]) == 0);
    drop(object);
    drop(again);
    EXPECT(memory->blocks == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > FUZZ_SIZE_MAX) {
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        starved memory = {SIZE_MAX, 0};
        const char *text = (const char *)data;
        size_t left = size;
        if (size > 1 && data[0] == '!') {
            memory.left = data[1] % 4;
            text += 2;
            left -= 2;
        }
        if (i == 0) {
            try_file(parse_policy, write_policy, free_policy, text, left, &memory);
        } else {
            try_file(parse_model, write_model, free_model, text, left, &memory);
        }
    }
    return 0;
}
