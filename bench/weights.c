/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of a model. The program sets no locale, so that printf and strtod have a point.
 */
#include "weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const prior_names[] = {"company", "company_deal", "deal"};

/* What the library cannot refuse, for it wrote it, or for the numbers are in their range. */
static void must(kaburi_status status, const kaburi_error *error) {
    if (status != KABURI_OK) {
        exit(bench_fail(BENCH_IO, "a model cannot be made: %s", error->message));
    }
}

static char *text_of(const kaburi_model *model) {
    kaburi_error error;
    kaburi_model *own = NULL;
    size_t size;
    if (model == NULL) {
        const char *text = kaburi_model_default_text(&size);
        must(kaburi_model_parse(&own, text, size, NULL, &error), &error);
        model = own;
    }
    (void)kaburi_model_write(model, NULL, 0, &size, NULL);
    char *text = bench_resize(NULL, size + 1, 1);
    must(kaburi_model_write(model, text, size + 1, &size, &error), &error);
    kaburi_model_free(own);
    return text;
}

int bench_weights_level(int field, const char *name) {
    for (int i = 1; i < BENCH_LEVELS_MAX; i++) {
        const char *known = kaburi_level_name(field, i);
        if (known != NULL && strcmp(known, name) == 0) {
            return i;
        }
    }
    return 0;
}

static int field_of(const char *name) {
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        if (strcmp(kaburi_field_name(i), name) == 0) {
            return i;
        }
    }
    return 0;
}

static void read_line(bench_weights *out, char *line) {
    char *word[5] = {line, "", "", "", ""};
    size_t count = 0;
    char copy[256];
    char *rest = copy;
    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *at = strtok_r(copy, " ", &rest); at != NULL && count < 5;
         at = strtok_r(NULL, " ", &rest)) {
        word[count++] = at;
    }
    double first = strtod(word[1], NULL);
    double second = strtod(word[2], NULL);
    if (strcmp(word[0], "weight") == 0) {
        int field = field_of(word[1]);
        int level = bench_weights_level(field, word[2]);
        out->m[field][level] = strtod(word[3], NULL);
        out->u[field][level] = strtod(word[4], NULL);
    } else if (strcmp(word[0], "prior") == 0) {
        for (size_t i = 0; i < BENCH_PRIORS; i++) {
            if (strcmp(word[1], prior_names[i]) == 0) {
                out->prior[i] = second;
            }
        }
    } else if (strcmp(word[0], "calibration") == 0) {
        out->slope = first;
        out->shift = second;
    } else if (strcmp(word[0], "isotonic") == 0) {
        if (count == 3 && out->knot_count < BENCH_KNOTS_MAX) {
            out->knots[out->knot_count++] = (bench_knot){first, second};
        }
    } else if (strncmp(word[0], "kaburi-", 7) != 0) {
        size_t used = strlen(out->rest);
        (void)snprintf(out->rest + used, sizeof out->rest - used, "%s\n", line);
    }
}

void bench_weights_read(bench_weights *out, const kaburi_model *model) {
    *out = (bench_weights){.slope = 1};
    char *text = text_of(model);
    char *rest = text;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        read_line(out, line);
    }
    free(text);
}

char *bench_weights_text(const bench_weights *weights) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        exit(bench_fail(BENCH_IO, "out of memory"));
    }
    (void)fputs("kaburi-model 2\n", out);
    for (size_t i = 0; i < BENCH_PRIORS; i++) {
        (void)fprintf(out, "prior %s %.4f\n", prior_names[i], weights->prior[i]);
    }
    (void)fprintf(out, "calibration %.9g %.9g\n", weights->slope, weights->shift);
    for (size_t i = 0; i < weights->knot_count; i++) {
        (void)fprintf(out, "isotonic %.6f %.9g\n", weights->knots[i].bits,
                      weights->knots[i].probability);
    }
    (void)fputs(weights->knot_count == 0 ? "isotonic none\n" : "", out);
    (void)fputs(weights->rest, out);
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; level < BENCH_LEVELS_MAX; level++) {
            if (weights->m[field][level] > 0) {
                (void)fprintf(out, "weight %s %s %.6g %.6g\n", kaburi_field_name(field),
                              kaburi_level_name(field, level), weights->m[field][level],
                              weights->u[field][level]);
            }
        }
    }
    if (fclose(out) != 0) {
        exit(bench_fail(BENCH_IO, "out of memory"));
    }
    return text;
}

kaburi_model *bench_weights_model(const bench_weights *weights) {
    kaburi_error error;
    kaburi_model *model = NULL;
    char *text = bench_weights_text(weights);
    must(kaburi_model_parse(&model, text, strlen(text), NULL, &error), &error);
    free(text);
    return model;
}

double bench_weights_bits(const bench_weights *weights, int field, int level) {
    return weights->m[field][level] > 0 ? log2(weights->m[field][level] / weights->u[field][level])
                                        : 0;
}
