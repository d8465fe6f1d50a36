/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exported functions of models and policies, which come as files: arguments are checked here,
 * and nothing else is done here.
 */
#include "api.h"

#include "file.h"
#include "lines.h"
#include "model.h"

static kaburi_status check_range(const char *what, int32_t value, int32_t count,
                                 kaburi_error *error) {
    if (value >= 0 && value < count) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s is %d; allowed are 0..%d", what, value,
                    count - 1);
}

static kaburi_status check_source(const void *out, const void *source, const char *name,
                                  kaburi_error *error) {
    if (out != NULL && source != NULL) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT, "out or %s is NULL", name);
}

static kaburi_status check_target(const void *object, const char *name, const char *buffer,
                                  size_t capacity, const size_t *size, kaburi_error *error) {
    if (object == NULL || size == NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s or size is NULL", name);
    }
    if (buffer == NULL && capacity > 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "buffer is NULL");
    }
    return KABURI_OK;
}

/* out: where the handle goes; object: the handle. */
typedef kaburi_status parse_function(void *out, const char *text, size_t size,
                                     const kaburi_allocator *allocator, kaburi_error *error);
typedef bool write_function(kbr_bytes *out, const void *object);

static kaburi_status load(void *out, const char *path, parse_function *parse,
                          const kaburi_allocator *allocator, kaburi_error *error) {
    kaburi_allocator from = kbr_allocator_of(allocator);
    char *text;
    size_t size;
    kaburi_status status = check_source(out, path, "path", error);
    if (status == KABURI_OK) {
        status = kbr_file_read(&text, &size, path, KBR_LINES_SIZE_MAX, &from, error);
    }
    if (status == KABURI_OK) {
        status = parse(out, text, size, &from, error);
        kbr_release(&from, text);
    }
    return status;
}

static kaburi_status write_text(const void *object, const char *name, write_function *write,
                                char *buffer, size_t capacity, size_t *size, kaburi_error *error) {
    kaburi_status status = check_target(object, name, buffer, capacity, size, error);
    if (status != KABURI_OK) {
        return status;
    }
    kbr_bytes bytes = {.allocator = &kbr_allocator_default};
    status = write(&bytes, object) ? kbr_bytes_give(&bytes, buffer, capacity, size, error)
                                   : kbr_fail_memory(error);
    kbr_bytes_free(&bytes);
    return status;
}

/* ---- models ---- */

kaburi_status kaburi_model_parse(kaburi_model **out, const char *text, size_t size,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    kaburi_status status = check_source(out, text, "text", error);
    return status != KABURI_OK ? status : kbr_model_parse(out, text, size, allocator, error);
}

static kaburi_status parse_model(void *out, const char *text, size_t size,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    return kbr_model_parse(out, text, size, allocator, error);
}

kaburi_status kaburi_model_load(kaburi_model **out, const char *path,
                                const kaburi_allocator *allocator, kaburi_error *error) {
    return load(out, path, parse_model, allocator, error);
}

const char *kaburi_model_default_text(size_t *size) {
    if (size != NULL) {
        *size = kbr_model_text_size;
    }
    return kbr_model_text;
}

static bool write_model(kbr_bytes *out, const void *object) {
    return kbr_model_write(out, object);
}

kaburi_status kaburi_model_write(const kaburi_model *model, char *buffer, size_t capacity,
                                 size_t *size, kaburi_error *error) {
    return write_text(model, "model", write_model, buffer, capacity, size, error);
}

/* ---- policies ---- */

kaburi_status kaburi_policy_parse(kaburi_policy **out, const char *text, size_t size,
                                  const kaburi_allocator *allocator, kaburi_error *error) {
    kaburi_status status = check_source(out, text, "text", error);
    return status != KABURI_OK ? status : kbr_policy_parse(out, text, size, allocator, error);
}

static kaburi_status parse_policy(void *out, const char *text, size_t size,
                                  const kaburi_allocator *allocator, kaburi_error *error) {
    return kbr_policy_parse(out, text, size, allocator, error);
}

kaburi_status kaburi_policy_load(kaburi_policy **out, const char *path,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    return load(out, path, parse_policy, allocator, error);
}

const kaburi_policy *kaburi_policy_default(void) {
    return &kbr_policy_builtin;
}

const char *kaburi_policy_default_text(size_t *size) {
    if (size != NULL) {
        *size = kbr_policy_text_size;
    }
    return kbr_policy_text;
}

static bool write_policy(kbr_bytes *out, const void *object) {
    return kbr_policy_write(out, object);
}

kaburi_status kaburi_policy_write(const kaburi_policy *policy, char *buffer, size_t capacity,
                                  size_t *size, kaburi_error *error) {
    return write_text(policy, "policy", write_policy, buffer, capacity, size, error);
}

kaburi_status kaburi_policy_thresholds(const kaburi_policy *policy, int32_t verdict, int32_t stage,
                                       int32_t kind, double *alert, double *block,
                                       kaburi_error *error) {
    if (policy == NULL || alert == NULL || block == NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "policy, alert or block is NULL");
    }
    kaburi_status status = check_range("verdict", verdict, KBR_VERDICTS, error);
    if (status == KABURI_OK) {
        status = check_range("stage", stage, KBR_STAGES, error);
    }
    if (status == KABURI_OK) {
        status = check_range("kind", kind, KBR_KINDS, error);
    }
    if (status == KABURI_OK) {
        *alert = policy->at[verdict][stage][kind].alert;
        *block = policy->at[verdict][stage][kind].block;
    }
    return status;
}
