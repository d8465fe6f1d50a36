/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Epochs: how one writer changes what any number of readers read, and none of these waits. Every
 * change the writer publishes is a version; a reader says from which version on it reads; what the
 * writer takes out is kept until nobody can still see it. One writer at a time, which is the
 * caller's to see to; the writer may wait for a reader.
 */
#ifndef KBR_EPOCH_H
#define KBR_EPOCH_H

#include "base.h"

#include <stdatomic.h>

/* Readers at a time; one more waits until another has left. */
#define KBR_EPOCH_READERS 256
/* Most that may be retired between begin and publish: an older and a newer record with all their
 * keys, and a table that grows. */
#define KBR_EPOCH_CHANGES 1400
#define KBR_EPOCH_RETIRED 2048

/* Frees what was retired; `what` and `number` as they were given. Retires nothing itself. */
typedef void kbr_epoch_free(void *context, void *what, uint64_t number);

typedef struct kbr_epoch kbr_epoch;

kbr_epoch *kbr_epoch_create(const kaburi_allocator *allocator);
/* Frees what is retired, which no reader may still see, and the rest. NULL is allowed. */
void kbr_epoch_destroy(kbr_epoch *epoch, const kaburi_allocator *allocator);

/* ---- readers ---- */

/* Returns the version that is read. *place is where the reader was the time before (any number at
 * first) and is kept for the way out. */
uint64_t kbr_epoch_enter(kbr_epoch *epoch, uint32_t *place);
void kbr_epoch_leave(kbr_epoch *epoch, uint32_t place);

/* ---- the writer ---- */

/* The version of the change that is begun; waits until there is room to retire KBR_EPOCH_CHANGES.
 */
uint64_t kbr_epoch_begin(kbr_epoch *epoch);
/* Retires what readers of older versions may see. Without an epoch it is freed at once. */
void kbr_epoch_retire(kbr_epoch *epoch, kbr_epoch_free *release, void *context, void *what,
                      uint64_t number);
/* Readers see the change from now on. Frees what nobody can see any more, without waiting. */
void kbr_epoch_publish(kbr_epoch *epoch);
/* Every reader reads this version or a newer one. */
uint64_t kbr_epoch_oldest(kbr_epoch *epoch);
/* How many more may be retired without waiting. */
size_t kbr_epoch_room(const kbr_epoch *epoch);
/* Publishes and waits until all that was retired is freed. */
void kbr_epoch_settle(kbr_epoch *epoch);

#endif
