/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Epochs. A reader writes the version down before it looks which one it is, and the writer looks
 * for readers after it has published: in the one order that all these have, either the writer sees
 * the reader or the reader sees the change. That is why they are sequentially consistent.
 */
#include "epoch.h"

#include <sched.h>

#define LINE 64

typedef struct reader {
    _Atomic uint64_t since; /* 0 = nobody */
    char apart[LINE - sizeof(uint64_t)];
} reader;

typedef struct retired {
    uint64_t version; /* from which on it cannot be seen */
    kbr_epoch_free *release;
    void *context;
    void *what;
    uint64_t number;
} retired;

struct kbr_epoch {
    _Atomic uint64_t now;
    _Atomic uint32_t used; /* no reader is beyond */
    uint32_t reserved;
    uint64_t head; /* of those retired; the writer's */
    uint64_t tail;
    reader readers[KBR_EPOCH_READERS];
    retired ring[KBR_EPOCH_RETIRED];
};

kbr_epoch *kbr_epoch_create(const kaburi_allocator *allocator) {
    kbr_epoch *epoch = kbr_allocate(allocator, 1, sizeof *epoch);
    if (epoch != NULL) {
        atomic_init(&epoch->now, 1);
    }
    return epoch;
}

/* ---- readers ---- */

static void raise_used(kbr_epoch *epoch, uint32_t end) {
    uint32_t used = atomic_load(&epoch->used);
    while (used < end && !atomic_compare_exchange_weak(&epoch->used, &used, end)) {
    }
}

uint64_t kbr_epoch_enter(kbr_epoch *epoch, uint32_t *place) {
    for (uint32_t tries = 0;; tries++) {
        uint32_t at = (*place + tries) % KBR_EPOCH_READERS;
        uint64_t nobody = 0;
        raise_used(epoch, at + 1);
        if (atomic_compare_exchange_strong(&epoch->readers[at].since, &nobody,
                                           atomic_load(&epoch->now))) {
            *place = at;
            return atomic_load(&epoch->now);
        }
        if (tries % KBR_EPOCH_READERS == KBR_EPOCH_READERS - 1) {
            (void)sched_yield();
        }
    }
}

void kbr_epoch_leave(kbr_epoch *epoch, uint32_t place) {
    atomic_store_explicit(&epoch->readers[place].since, 0, memory_order_release);
}

/* ---- the writer ---- */

uint64_t kbr_epoch_oldest(kbr_epoch *epoch) {
    uint64_t oldest = atomic_load(&epoch->now);
    uint32_t used = atomic_load(&epoch->used);
    for (uint32_t i = 0; i < used; i++) {
        uint64_t since = atomic_load(&epoch->readers[i].since);
        oldest = since != 0 && since < oldest ? since : oldest;
    }
    return oldest;
}

static void free_unseen(kbr_epoch *epoch) {
    uint64_t oldest = epoch->head != epoch->tail ? kbr_epoch_oldest(epoch) : 0;
    while (epoch->head != epoch->tail) {
        retired *next = &epoch->ring[epoch->head % KBR_EPOCH_RETIRED];
        if (next->version > oldest) {
            return;
        }
        epoch->head++;
        next->release(next->context, next->what, next->number);
    }
}

uint64_t kbr_epoch_begin(kbr_epoch *epoch) {
    while (epoch->tail - epoch->head > KBR_EPOCH_RETIRED - KBR_EPOCH_CHANGES) {
        free_unseen(epoch);
        if (epoch->tail - epoch->head > KBR_EPOCH_RETIRED - KBR_EPOCH_CHANGES) {
            (void)sched_yield();
        }
    }
    return atomic_load(&epoch->now) + 1;
}

void kbr_epoch_retire(kbr_epoch *epoch, kbr_epoch_free *release, void *context, void *what,
                      uint64_t number) {
    if (epoch == NULL) {
        release(context, what, number);
        return;
    }
    epoch->ring[epoch->tail++ % KBR_EPOCH_RETIRED] =
        (retired){.version = atomic_load(&epoch->now) + 1,
                  .release = release,
                  .context = context,
                  .what = what,
                  .number = number};
}

void kbr_epoch_publish(kbr_epoch *epoch) {
    (void)atomic_fetch_add(&epoch->now, 1);
    free_unseen(epoch);
}

size_t kbr_epoch_room(const kbr_epoch *epoch) {
    return KBR_EPOCH_RETIRED - (size_t)(epoch->tail - epoch->head);
}

void kbr_epoch_settle(kbr_epoch *epoch) {
    kbr_epoch_publish(epoch);
    while (epoch->head != epoch->tail) {
        (void)sched_yield();
        free_unseen(epoch);
    }
}

void kbr_epoch_destroy(kbr_epoch *epoch, const kaburi_allocator *allocator) {
    if (epoch != NULL) {
        kbr_epoch_settle(epoch);
        kbr_release(allocator, epoch);
    }
}
