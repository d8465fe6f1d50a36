/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clusters: rows joined two by two, with a guard against chains. Two clusters become one only when
 * every row of the one is called alike to every row of the other; what was refused once is
 * remembered. Knows rows by number and asks a function about them.
 */
#ifndef KBR_CLUSTERS_H
#define KBR_CLUSTERS_H

#include "base.h"

enum {
    KBR_CLUSTERS_JOINED,
    KBR_CLUSTERS_TOGETHER, /* were one already */
    KBR_CLUSTERS_APART,    /* two of their rows are not alike */
    KBR_CLUSTERS_FULL,     /* would have more than members_max */
    KBR_CLUSTERS_NO_MEMORY
};

/* 1: the two rows may be in one cluster; 0: not; negative: no memory. */
typedef int kbr_clusters_alike(void *context, uint32_t a, uint32_t b);

/* A cluster that this one was not joined with, told by a row of it. */
typedef struct kbr_refusal {
    uint32_t row;
    uint32_t next; /* + 1; 0 = none */
} kbr_refusal;

typedef struct kbr_clusters {
    const kaburi_allocator *allocator; /* borrowed */
    size_t row_count;
    uint32_t members_max;
    uint32_t *root;          /* of each row: the row its cluster is told by */
    uint32_t *next;          /* of each row: the next of its cluster, in a ring */
    uint32_t *size;          /* of a root */
    uint32_t *refused;       /* of a root: first refusal + 1; 0 = none */
    uint32_t *refused_count; /* of a root */
    kbr_refusal *refusals;
    size_t refusal_count;
    size_t refusal_capacity;
    kbr_clusters_alike *alike;
    void *context;
} kbr_clusters;

/* Every row alone. False without memory; nothing is held then. */
bool kbr_clusters_init(kbr_clusters *clusters, size_t row_count, uint32_t members_max,
                       kbr_clusters_alike *alike, void *context, const kaburi_allocator *allocator);
void kbr_clusters_free(kbr_clusters *clusters);

/* Of two rows that are alike. Asks about each other pair across the two clusters. */
int kbr_clusters_join(kbr_clusters *clusters, uint32_t a, uint32_t b);

#endif
