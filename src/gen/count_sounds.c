/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the shingles of spoken names for src/data/sounds.tsv: a maintainer's tool, not installed.
 * Reads lines `name<TAB>kana` on stdin (the kana may be empty), runs them through the library's own
 * stages, and prints how many names have each pair of moras and each term.
 */
#include "../company.h"
#include "../spoken.h"
#include "../text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct counters {
    uint32_t total;
    uint32_t *names; /* by shingle */
    uint32_t *seen;  /* the name that counted it last */
} counters;

static void count(counters *made, const uint16_t *shingles, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (made->seen[shingles[i]] != made->total) {
            made->seen[shingles[i]] = made->total;
            made->names[shingles[i]]++;
        }
    }
}

static bool read_core(kbr_company *company, kbr_folded *folded, const char *text) {
    kaburi_text field = {text, strlen(text)};
    return kbr_text_check(field, "name", NULL) == KABURI_OK &&
           kbr_fold(folded, field) == KABURI_OK &&
           kbr_company_parse(company, folded) == KABURI_OK && company->core.len > 0;
}

static void count_line(counters *made, char *line, kbr_company *company, kbr_folded *folded) {
    kbr_reading reading = {0};
    kbr_reading given = {0};
    kbr_spoken spoken;
    char *kana = strchr(line, '\t');
    if (kana == NULL) {
        return;
    }
    *kana++ = '\0';
    kana[strcspn(kana, "\n")] = '\0';
    if (kana[0] != '\0' && read_core(company, folded, kana)) {
        kbr_reading_of(&given, company->core.data, company->core.len);
    }
    if (!read_core(company, folded, line)) {
        return;
    }
    kbr_reading_of(&reading, company->core.data, company->core.len);
    kbr_spoken_of(&spoken, company->core.data, company->core.len, &reading, &given);
    made->total++;
    count(made, spoken.sound, spoken.sound_count);
    count(made, spoken.sense, spoken.sense_count);
}

static void print(const counters *made) {
    printf("kind\tshingle\tnames\ntotal\t\t%u\n", made->total);
    for (uint32_t i = 0; i < KBR_SPOKEN_TERM; i++) {
        if (made->names[i] > 0) {
            printf("pair\t%d %d\t%u\n", i / KBR_SOUND_CODES, i % KBR_SOUND_CODES, made->names[i]);
        }
    }
    for (uint32_t i = 1; i < kbr_lexicon_term_count; i++) {
        printf("term\t%s\t%u\n", kbr_lexicon_terms[i], made->names[KBR_SPOKEN_TERM + i]);
    }
}

int main(void) {
    counters made = {.names = calloc(UINT16_MAX + 1, sizeof *made.names),
                     .seen = calloc(UINT16_MAX + 1, sizeof *made.seen)};
    char *line = NULL;
    size_t capacity = 0;
    kbr_folded folded;
    kbr_company company;
    kbr_folded_init(&folded, &kbr_allocator_default);
    kbr_company_init(&company, &kbr_allocator_default);
    bool good = made.names != NULL && made.seen != NULL;
    while (good && getline(&line, &capacity, stdin) > 0) {
        count_line(&made, line, &company, &folded);
    }
    if (good) {
        print(&made);
    }
    kbr_folded_free(&folded);
    kbr_company_free(&company);
    free(line);
    free(made.names);
    free(made.seen);
    return good ? 0 : 1;
}
