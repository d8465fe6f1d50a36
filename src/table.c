/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Entries of 24 bytes hold the key and up to two slots; a third moves the list to a
 * block of its own that doubles as it grows. Linear probing with backward-shift deletion, so
 * nothing is ever left behind.
 */
#include "table.h"

#include <string.h>

#define INLINE_SLOTS 2
#define BITS_MIN 10

typedef struct entry {
    uint64_t key;
    union {
        uint32_t slot[INLINE_SLOTS];
        uint32_t *block; /* capacity: the least power of two that holds count, 4 at least */
    } list;
    uint32_t count; /* 0 = free */
    uint32_t reserved;
} entry;

struct kbr_table {
    kaburi_allocator allocator;
    entry *entries; /* 1 << bits of them */
    uint32_t bits;
    uint32_t reserved;
    uint64_t keys;
    uint64_t postings;
    uint64_t block_bytes;
};

kbr_table *kbr_table_create(const kaburi_allocator *allocator) {
    kbr_table *table = kbr_allocate(allocator, 1, sizeof *table);
    if (table == NULL) {
        return NULL;
    }
    table->allocator = *allocator;
    table->bits = BITS_MIN;
    table->entries = kbr_allocate(allocator, (size_t)1 << BITS_MIN, sizeof *table->entries);
    if (table->entries == NULL) {
        kbr_release(allocator, table);
        return NULL;
    }
    return table;
}

void kbr_table_free(kbr_table *table) {
    if (table == NULL) {
        return;
    }
    kaburi_allocator allocator = table->allocator;
    for (size_t i = 0; i < (size_t)1 << table->bits; i++) {
        if (table->entries[i].count > INLINE_SLOTS) {
            kbr_release(&allocator, table->entries[i].list.block);
        }
    }
    kbr_release(&allocator, table->entries);
    kbr_release(&allocator, table);
}

static size_t home_of(uint64_t key, uint32_t bits) {
    return (size_t)(key * 0x9E3779B97F4A7C15U >> (64 - bits));
}

static size_t mask_of(const kbr_table *table) {
    return ((size_t)1 << table->bits) - 1;
}

/* The key's entry, or the free one where it would go. */
static entry *seek(const kbr_table *table, uint64_t key) {
    size_t place = home_of(key, table->bits);
    while (table->entries[place].count != 0 && table->entries[place].key != key) {
        place = (place + 1) & mask_of(table);
    }
    return &table->entries[place];
}

static bool grow(kbr_table *table) {
    uint32_t bits = table->bits + 1;
    entry *entries = kbr_allocate(&table->allocator, (size_t)1 << bits, sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t i = 0; i <= mask_of(table); i++) {
        if (table->entries[i].count != 0) {
            size_t place = home_of(table->entries[i].key, bits);
            while (entries[place].count != 0) {
                place = (place + 1) & mask;
            }
            entries[place] = table->entries[i];
        }
    }
    kbr_release(&table->allocator, table->entries);
    table->entries = entries;
    table->bits = bits;
    return true;
}

/* Capacity of the block of a list of count > INLINE_SLOTS slots. */
static size_t block_capacity(uint32_t count) {
    size_t capacity = 4;
    while (capacity < count) {
        capacity *= 2;
    }
    return capacity;
}

/* Makes room for one slot more in the list. */
static bool extend(kbr_table *table, entry *at) {
    bool full = at->count >= 4 && (at->count & (at->count - 1)) == 0;
    if (at->count != INLINE_SLOTS && !full) {
        return true; /* seen without counting out the capacity, which most additions need not know
                      */
    }
    size_t before = at->count == INLINE_SLOTS ? 0 : block_capacity(at->count);
    size_t after = block_capacity(at->count + 1);
    uint32_t *block = table->allocator.resize(
        table->allocator.context, before == 0 ? NULL : at->list.block, after * sizeof *block);
    if (block == NULL) {
        return false;
    }
    if (before == 0) {
        memcpy(block, at->list.slot, sizeof at->list.slot);
    }
    at->list.block = block;
    table->block_bytes += (after - before) * sizeof *block;
    return true;
}

bool kbr_table_add(kbr_table *table, uint64_t key, uint32_t slot) {
    entry *at = seek(table, key);
    if (at->count == 0 && (table->keys + 1) * 5 > (uint64_t)4 << table->bits) {
        if (!grow(table)) {
            return false;
        }
        at = seek(table, key);
    }
    if (!extend(table, at)) {
        return false;
    }
    at->key = key;
    (at->count < INLINE_SLOTS ? at->list.slot : at->list.block)[at->count] = slot;
    table->keys += at->count == 0;
    at->count++;
    table->postings++;
    return true;
}

/* Closes the gap at `place`: whatever stands behind it only because of it moves up. */
static void close_gap(kbr_table *table, size_t place) {
    size_t mask = mask_of(table);
    size_t next = (place + 1) & mask;
    while (table->entries[next].count != 0) {
        size_t home = home_of(table->entries[next].key, table->bits);
        if (((next - home) & mask) >= ((next - place) & mask)) {
            table->entries[place] = table->entries[next];
            place = next;
        }
        next = (next + 1) & mask;
    }
    table->entries[place].count = 0;
}

/* Takes the last slot off the list, whose block shrinks to fit where it may. */
static void shrink(kbr_table *table, entry *at) {
    at->count--;
    if (at->count == INLINE_SLOTS) {
        uint32_t *block = at->list.block;
        table->block_bytes -= block_capacity(INLINE_SLOTS + 1) * sizeof *block;
        memcpy(at->list.slot, block, sizeof at->list.slot);
        kbr_release(&table->allocator, block);
        return;
    }
    if (at->count < INLINE_SLOTS) {
        return;
    }
    size_t before = block_capacity(at->count + 1);
    size_t after = block_capacity(at->count);
    if (after < before) {
        /* A block that cannot be made smaller stays: that is no error. */
        uint32_t *block = table->allocator.resize(table->allocator.context, at->list.block,
                                                  after * sizeof *block);
        if (block != NULL) {
            at->list.block = block;
        }
        table->block_bytes -= (before - after) * sizeof *block;
    }
}

bool kbr_table_remove(kbr_table *table, uint64_t key, uint32_t slot) {
    entry *at = seek(table, key);
    uint32_t *slots = at->count > INLINE_SLOTS ? at->list.block : at->list.slot;
    for (uint32_t i = 0; i < at->count; i++) {
        if (slots[i] == slot) {
            slots[i] = slots[at->count - 1];
            shrink(table, at);
            table->postings--;
            if (at->count == 0) {
                table->keys--;
                close_gap(table, (size_t)(at - table->entries));
            }
            return true;
        }
    }
    return false;
}

/* The place and the one behind it, which every second key is looked for in as well: they may begin
 * a line later. */
void kbr_table_prefetch(const kbr_table *table, uint64_t key) {
    const entry *home = &table->entries[home_of(key, table->bits)];
    KBR_PREFETCH(home);
    KBR_PREFETCH((const char *)(home + 2) - 1);
}

void kbr_table_prefetch_end(const kbr_table *table, uint64_t key) {
    const entry *at = seek(table, key);
    if (at->count > INLINE_SLOTS) {
        KBR_PREFETCH(&at->list.block[at->count]);
    }
}

const uint32_t *kbr_table_find(const kbr_table *table, uint64_t key, size_t *count) {
    const entry *at = seek(table, key);
    *count = at->count;
    if (at->count == 0) {
        return NULL;
    }
    return at->count > INLINE_SLOTS ? at->list.block : at->list.slot;
}

void kbr_table_measure(const kbr_table *table, kbr_table_stats *out) {
    *out = (kbr_table_stats){
        .keys = table->keys,
        .postings = table->postings,
        .bytes = sizeof *table + ((uint64_t)sizeof(entry) << table->bits) + table->block_bytes,
    };
}

const char *kbr_table_check(const kbr_table *table) {
    uint64_t keys = 0;
    uint64_t postings = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i <= mask_of(table); i++) {
        const entry *at = &table->entries[i];
        if (at->count == 0) {
            continue;
        }
        if (seek(table, at->key) != at) {
            return "a key is not found from its home";
        }
        keys++;
        postings += at->count;
        bytes += at->count > INLINE_SLOTS ? block_capacity(at->count) * sizeof(uint32_t) : 0;
    }
    if (keys != table->keys || postings != table->postings) {
        return "keys or postings are counted wrongly";
    }
    return bytes == table->block_bytes ? NULL : "blocks are counted wrongly";
}
