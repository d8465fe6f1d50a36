/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the shingles of names and deals for src/data/rarity.tsv: a maintainer's tool, not
 * installed. Reads lines `company<TAB>name` and `deal<TAB>text` on stdin, runs them through the
 * library's own stages, and prints hash, names and deals of every shingle that enough of them have.
 */
#include "../company.h"
#include "../deal.h"
#include "../shingle.h"
#include "../text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BITS 24
#define NAMES_MIN 8
#define DEALS_MIN 8

typedef struct counter {
    uint32_t hash;
    uint32_t count[2];
    uint32_t seen; /* line that counted it last */
} counter;

static counter *counters;
static uint32_t total[2];

static void count(const kbr_units *key, int field, uint32_t line) {
    static kbr_shingle shingles[KABURI_TEXT_SIZE_MAX + 1];
    size_t found = kbr_shingle_split(shingles, key->data, key->len, field);
    for (size_t i = 0; i < found; i++) {
        size_t place = shingles[i].hash >> (32 - BITS);
        while (counters[place].seen != 0 && counters[place].hash != shingles[i].hash) {
            place = (place + 1) & ((1U << BITS) - 1);
        }
        counters[place].hash = shingles[i].hash;
        if (counters[place].seen != line) {
            counters[place].seen = line;
            counters[place].count[field]++;
        }
    }
    total[field]++;
}

static int by_hash(const void *a, const void *b) {
    uint32_t x = ((const counter *)a)->hash;
    uint32_t y = ((const counter *)b)->hash;
    return (x > y) - (x < y);
}

int main(void) {
    counters = calloc((size_t)1 << BITS, sizeof *counters);
    char *line = NULL;
    size_t capacity = 0;
    kbr_folded folded;
    kbr_company company;
    kbr_deal deal;
    kbr_folded_init(&folded, &kbr_allocator_default);
    kbr_company_init(&company, &kbr_allocator_default);
    kbr_deal_init(&deal, &kbr_allocator_default);
    uint32_t number = 0;
    for (ssize_t size; counters != NULL && (size = getline(&line, &capacity, stdin)) > 0;) {
        char *text = strchr(line, '\t');
        if (text == NULL) {
            continue;
        }
        text++;
        size_t text_size = (size_t)(line + size - text);
        text_size -= text_size > 0 && text[text_size - 1] == '\n';
        kaburi_text field = {text, text_size};
        if (kbr_text_check(field, "text", NULL) != KABURI_OK ||
            kbr_fold(&folded, field) != KABURI_OK || folded.len == 0) {
            continue;
        }
        number++;
        if (line[0] == 'c' && kbr_company_parse(&company, &folded) == KABURI_OK) {
            count(&company.key, KBR_FIELD_OF_COMPANY, number);
        } else if (line[0] == 'd') {
            company.core.len = 0;
            company.key.len = 0;
            if (kbr_deal_parse(&deal, &folded, &company) == KABURI_OK) {
                count(&deal.key, KBR_FIELD_OF_DEAL, number);
            }
        }
    }
    if (counters != NULL) {
        qsort(counters, (size_t)1 << BITS, sizeof *counters, by_hash);
        printf("hash\tnames\tdeals\ntotal\t%u\t%u\n", total[0], total[1]);
        for (size_t i = 0; i < (size_t)1 << BITS; i++) {
            if (counters[i].count[0] >= NAMES_MIN || counters[i].count[1] >= DEALS_MIN) {
                printf("%08x\t%u\t%u\n", counters[i].hash, counters[i].count[0],
                       counters[i].count[1]);
            }
        }
    }
    kbr_folded_free(&folded);
    kbr_company_free(&company);
    kbr_deal_free(&deal);
    free(line);
    free(counters);
    return 0;
}
