/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy: what to do about a match. Thresholds of the probability for each verdict, stage and
 * kind of the record that is there already; read from a text file, one built in. Takes a verdict
 * and a probability, gives a decision; knows nothing of how they came about.
 */
#ifndef KBR_POLICY_H
#define KBR_POLICY_H

#include "bytes.h"

#define KBR_VERDICTS 6
#define KBR_STAGES 4
#define KBR_KINDS 4

/* From `alert` on a match is alerted, from `block` on, which is not below, blocked. */
typedef struct kbr_thresholds {
    double alert;
    double block;
} kbr_thresholds;

struct kaburi_policy {
    kaburi_allocator allocator;
    kbr_thresholds at[KBR_VERDICTS][KBR_STAGES][KBR_KINDS];
};

/* The built-in policy and its text, made from src/data/policy.txt at build time. */
extern const struct kaburi_policy kbr_policy_builtin;
extern const char kbr_policy_text[];
extern const size_t kbr_policy_text_size;

/* KABURI_DECISION_* for a probability. */
int32_t kbr_policy_decide(const kbr_thresholds *thresholds, double probability);

/* Reads a policy. FORMAT (offset = line), VERSION, MEMORY. */
kaburi_status kbr_policy_parse(kaburi_policy **out, const char *text, size_t size,
                               const kaburi_allocator *allocator, kaburi_error *error);
/* Writes a policy as a file that reads the same: one text for one policy. False: no memory, and
 * out->failed. */
bool kbr_policy_write(kbr_bytes *out, const kaburi_policy *policy);

#endif
