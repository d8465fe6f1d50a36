/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clusters. The smaller is joined to the larger, so that a row moves log n times at the most; a
 * refusal is looked for in the shorter of the two lists.
 */
#include "clusters.h"

bool kbr_clusters_init(kbr_clusters *clusters, size_t row_count, uint32_t members_max,
                       kbr_clusters_alike *alike, void *context,
                       const kaburi_allocator *allocator) {
    *clusters =
        (kbr_clusters){.allocator = allocator,
                       .row_count = row_count,
                       .members_max = members_max,
                       .root = kbr_allocate(allocator, row_count + 1, sizeof(uint32_t)),
                       .next = kbr_allocate(allocator, row_count + 1, sizeof(uint32_t)),
                       .size = kbr_allocate(allocator, row_count + 1, sizeof(uint32_t)),
                       .refused = kbr_allocate(allocator, row_count + 1, sizeof(uint32_t)),
                       .refused_count = kbr_allocate(allocator, row_count + 1, sizeof(uint32_t)),
                       .alike = alike,
                       .context = context};
    if (clusters->root == NULL || clusters->next == NULL || clusters->size == NULL ||
        clusters->refused == NULL || clusters->refused_count == NULL) {
        kbr_clusters_free(clusters);
        return false;
    }
    for (size_t row = 0; row < row_count; row++) {
        clusters->root[row] = (uint32_t)row;
        clusters->next[row] = (uint32_t)row;
        clusters->size[row] = 1;
    }
    return true;
}

void kbr_clusters_free(kbr_clusters *clusters) {
    if (clusters->allocator != NULL) {
        kbr_release(clusters->allocator, clusters->root);
        kbr_release(clusters->allocator, clusters->next);
        kbr_release(clusters->allocator, clusters->size);
        kbr_release(clusters->allocator, clusters->refused);
        kbr_release(clusters->allocator, clusters->refused_count);
        kbr_release(clusters->allocator, clusters->refusals);
    }
    *clusters = (kbr_clusters){0};
}

static void swap(uint32_t *a, uint32_t *b) {
    uint32_t held = *a;
    *a = *b;
    *b = held;
}

static bool was_refused(const kbr_clusters *clusters, uint32_t a, uint32_t b) {
    if (clusters->refused_count[a] > clusters->refused_count[b]) {
        swap(&a, &b);
    }
    for (uint32_t at = clusters->refused[a]; at != 0; at = clusters->refusals[at - 1].next) {
        if (clusters->root[clusters->refusals[at - 1].row] == b) {
            return true;
        }
    }
    return false;
}

static void note_refusal(kbr_clusters *clusters, uint32_t root, uint32_t other) {
    clusters->refusals[clusters->refusal_count++] = (kbr_refusal){other, clusters->refused[root]};
    clusters->refused[root] = (uint32_t)clusters->refusal_count;
    clusters->refused_count[root]++;
}

static int refuse(kbr_clusters *clusters, uint32_t a, uint32_t b) {
    void *items = clusters->refusals;
    bool done = clusters->refusal_count < UINT32_MAX - 2 &&
                kbr_reserve(clusters->allocator, &items, &clusters->refusal_capacity,
                            clusters->refusal_count + 2, sizeof *clusters->refusals);
    clusters->refusals = items;
    if (!done) {
        return KBR_CLUSTERS_NO_MEMORY;
    }
    note_refusal(clusters, a, b);
    note_refusal(clusters, b, a);
    return KBR_CLUSTERS_APART;
}

/* Asks about each pair of rows of the two clusters but the one that is joined: 1, 0 or negative. */
static int all_alike(const kbr_clusters *clusters, uint32_t a, uint32_t b) {
    uint32_t x = a;
    do {
        uint32_t y = b;
        do {
            int answer = x == a && y == b ? 1 : clusters->alike(clusters->context, x, y);
            if (answer != 1) {
                return answer;
            }
            y = clusters->next[y];
        } while (y != b);
        x = clusters->next[x];
    } while (x != a);
    return 1;
}

static void merge(kbr_clusters *clusters, uint32_t into, uint32_t from) {
    for (uint32_t row = clusters->next[from];; row = clusters->next[row]) {
        clusters->root[row] = into;
        if (row == from) {
            break;
        }
    }
    swap(&clusters->next[into], &clusters->next[from]); /* two rings become one */
    clusters->size[into] += clusters->size[from];
    uint32_t *last = &clusters->refused[from];
    while (*last != 0) {
        last = &clusters->refusals[*last - 1].next;
    }
    *last = clusters->refused[into];
    clusters->refused[into] = clusters->refused[from];
    clusters->refused_count[into] += clusters->refused_count[from];
}

int kbr_clusters_join(kbr_clusters *clusters, uint32_t a, uint32_t b) {
    uint32_t root_a = clusters->root[a];
    uint32_t root_b = clusters->root[b];
    if (root_a == root_b) {
        return KBR_CLUSTERS_TOGETHER;
    }
    if (clusters->size[root_a] + clusters->size[root_b] > clusters->members_max) {
        return KBR_CLUSTERS_FULL;
    }
    if (was_refused(clusters, root_a, root_b)) {
        return KBR_CLUSTERS_APART;
    }
    int answer = all_alike(clusters, a, b);
    if (answer < 0) {
        return KBR_CLUSTERS_NO_MEMORY;
    }
    if (answer == 0) {
        return refuse(clusters, root_a, root_b);
    }
    if (clusters->size[root_a] < clusters->size[root_b]) {
        swap(&root_a, &root_b);
    }
    merge(clusters, root_a, root_b);
    return KBR_CLUSTERS_JOINED;
}
