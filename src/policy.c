/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy files. A line holds for all that it names, and of two lines that both hold the later one
 * does, so that a file begins with the rule and goes on with its exceptions.
 */
#include "policy.h"

#include "lines.h"

#include <string.h>

#define POLICY_VERSION 1

static const char *const stage_names[KBR_STAGES] = {"unknown", "open", "won", "lost"};
static const char *const kind_names[KBR_KINDS] = {"unknown", "opportunity", "mql", "lead"};

int32_t kbr_policy_decide(const kbr_thresholds *thresholds, double probability) {
    if (probability >= thresholds->block) {
        return KABURI_DECISION_BLOCK;
    }
    return probability >= thresholds->alert ? KABURI_DECISION_ALERT : KABURI_DECISION_ALLOW;
}

/* ---- reading ---- */

/* The numbers that a word stands for: first..last. False for no such word. */
static bool read_name(const char *word, const char *const *names, int count, int *first,
                      int *last) {
    *first = 0;
    *last = count - 1;
    if (strcmp(word, "any") == 0) {
        return true;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(word, names[i]) == 0) {
            *first = *last = i;
            return true;
        }
    }
    return false;
}

static bool read_verdict(const char *word, int *first, int *last) {
    const char *names[KBR_VERDICTS];
    for (int i = 0; i < KBR_VERDICTS; i++) {
        names[i] = kaburi_verdict_name(i);
    }
    return read_name(word, names, KBR_VERDICTS, first, last);
}

static kaburi_status read_threshold(double *out, const kbr_line *line, size_t word,
                                    kaburi_error *error) {
    if (strcmp(line->word[word], "never") == 0) {
        *out = KABURI_POLICY_NEVER;
        return KABURI_OK;
    }
    if (!kbr_lines_number(line->word[word], out) || *out < 0 || *out > 1) {
        return kbr_line_refuse(line, word, "not a probability from 0 to 1, nor never", error);
    }
    return KABURI_OK;
}

/* VERDICT STAGE KIND ALERT BLOCK */
static kaburi_status read_line(kaburi_policy *policy, const kbr_line *line, kaburi_error *error) {
    int verdict[2];
    int stage[2];
    int kind[2];
    kbr_thresholds at;
    if (line->count != 5) {
        return kbr_line_refuse_whole(line, "a line has verdict, stage, kind, alert and block",
                                     error);
    }
    if (!read_verdict(line->word[0], &verdict[0], &verdict[1])) {
        return kbr_line_refuse(line, 0, "no such verdict", error);
    }
    if (!read_name(line->word[1], stage_names, KBR_STAGES, &stage[0], &stage[1])) {
        return kbr_line_refuse(line, 1, "no such stage", error);
    }
    if (!read_name(line->word[2], kind_names, KBR_KINDS, &kind[0], &kind[1])) {
        return kbr_line_refuse(line, 2, "no such kind", error);
    }
    kaburi_status status = read_threshold(&at.alert, line, 3, error);
    if (status == KABURI_OK) {
        status = read_threshold(&at.block, line, 4, error);
    }
    if (status == KABURI_OK && at.block < at.alert) {
        status = kbr_line_refuse(line, 4, "block is below alert", error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    for (int v = verdict[0]; v <= verdict[1]; v++) {
        for (int s = stage[0]; s <= stage[1]; s++) {
            for (int k = kind[0]; k <= kind[1]; k++) {
                policy->at[v][s][k] = at;
            }
        }
    }
    return KABURI_OK;
}

/* What no line names is never alerted. */
static void silence(kaburi_policy *policy) {
    for (int v = 0; v < KBR_VERDICTS; v++) {
        for (int s = 0; s < KBR_STAGES; s++) {
            for (int k = 0; k < KBR_KINDS; k++) {
                policy->at[v][s][k] = (kbr_thresholds){KABURI_POLICY_NEVER, KABURI_POLICY_NEVER};
            }
        }
    }
}

kaburi_status kbr_policy_parse(kaburi_policy **out, const char *text, size_t size,
                               const kaburi_allocator *allocator, kaburi_error *error) {
    kaburi_allocator from = kbr_allocator_of(allocator);
    kbr_lines lines;
    kaburi_status status =
        kbr_lines_open(&lines, "policy", POLICY_VERSION, text, size, &from, error);
    if (status != KABURI_OK) {
        return status;
    }
    kaburi_policy *policy = kbr_allocate(&from, 1, sizeof *policy);
    if (policy == NULL) {
        kbr_lines_close(&lines);
        return kbr_fail_memory(error);
    }
    policy->allocator = from;
    silence(policy);
    bool more = true;
    while (status == KABURI_OK && more) {
        kbr_line line;
        status = kbr_lines_next(&lines, &line, &more, error);
        if (status == KABURI_OK && more) {
            status = read_line(policy, &line, error);
        }
    }
    kbr_lines_close(&lines);
    if (status != KABURI_OK) {
        kbr_release(&from, policy);
        return status;
    }
    *out = policy;
    return KABURI_OK;
}

void kaburi_policy_free(kaburi_policy *policy) {
    if (policy != NULL && policy->allocator.resize != NULL) { /* not the built-in one */
        kaburi_allocator allocator = policy->allocator;
        kbr_release(&allocator, policy);
    }
}

/* ---- writing ---- */

static bool same(const kbr_thresholds *a, const kbr_thresholds *b) {
    return a->alert == b->alert && a->block == b->block;
}

static void write_line(kbr_bytes *out, int verdict, const char *stage, const char *kind,
                       const kbr_thresholds *at) {
    const double both[] = {at->alert, at->block};
    kbr_bytes_format(out, "%s %s %s", kaburi_verdict_name(verdict), stage, kind);
    for (size_t i = 0; i < KBR_COUNT(both); i++) {
        kbr_bytes_string(out, " ");
        if (both[i] > 1) {
            kbr_bytes_string(out, "never");
        } else {
            kbr_bytes_number(out, both[i]);
        }
    }
    kbr_bytes_string(out, "\n");
}

/* One verdict: its first cell for all, then each stage that differs from it, then each kind. */
static void write_verdict(kbr_bytes *out, const kaburi_policy *policy, int verdict) {
    const kbr_thresholds(*at)[KBR_KINDS] = policy->at[verdict];
    write_line(out, verdict, "any", "any", &at[0][0]);
    for (int stage = 0; stage < KBR_STAGES; stage++) {
        if (!same(&at[stage][0], &at[0][0])) {
            write_line(out, verdict, stage_names[stage], "any", &at[stage][0]);
        }
        for (int kind = 1; kind < KBR_KINDS; kind++) {
            if (!same(&at[stage][kind], &at[stage][0])) {
                write_line(out, verdict, stage_names[stage], kind_names[kind], &at[stage][kind]);
            }
        }
    }
}

bool kbr_policy_write(kbr_bytes *out, const kaburi_policy *policy) {
    kbr_bytes_format(out, "kaburi-policy %d\n", POLICY_VERSION);
    for (int verdict = KBR_VERDICTS - 1; verdict >= 0; verdict--) {
        write_verdict(out, policy, verdict);
    }
    return !out->failed;
}
