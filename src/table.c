/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Entries of 16 bytes hold the key and, of most keys, the one slot; longer lists lie in
 * blocks of one arena, a power of two each, that double as they grow and wait by size where they
 * are free. Linear probing with backward-shift deletion, so nothing is ever left behind.
 */
#include "table.h"

#include <string.h>

#define BITS_MIN 10
#define COUNT_BITS 27
#define COUNT_MAX ((1U << COUNT_BITS) - 1)
#define CLASSES (COUNT_BITS + 1) /* blocks of 2, 4, 8 ... slots; class 0 is not used */

typedef struct entry {
    uint64_t key;
    uint32_t value; /* the slot, or where the block of a longer list begins in the arena */
    uint32_t list;  /* how many slots, and above COUNT_BITS the class of their block; 0 = free */
} entry;

static uint32_t count_of(const entry *at) {
    return at->list & COUNT_MAX;
}

/* Of a list in a block: 1 << class slots fit. 0: the slot lies in the entry. */
static uint32_t class_of(const entry *at) {
    return at->list >> COUNT_BITS;
}

struct kbr_table {
    kaburi_allocator allocator;
    entry *entries; /* 1 << bits of them */
    uint32_t bits;
    uint32_t reserved;
    uint64_t keys;
    uint64_t postings;
    uint32_t *arena;
    size_t arena_len; /* 1 at least: no block begins at 0 */
    size_t arena_capacity;
    uint32_t
        freed[CLASSES]; /* a free block of each size, whose first slot tells the next; 0 = none */
};

kbr_table *kbr_table_create(const kaburi_allocator *allocator) {
    kbr_table *table = kbr_allocate(allocator, 1, sizeof *table);
    if (table == NULL) {
        return NULL;
    }
    table->allocator = *allocator;
    table->bits = BITS_MIN;
    table->arena_len = 1;
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
    kbr_release(&allocator, table->entries);
    kbr_release(&allocator, table->arena);
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
    while (table->entries[place].list != 0 && table->entries[place].key != key) {
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
        if (table->entries[i].list != 0) {
            size_t place = home_of(table->entries[i].key, bits);
            while (entries[place].list != 0) {
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

/* ---- blocks ---- */

/* The block's place in the arena, 0 without memory. */
static uint32_t take_block(kbr_table *table, uint32_t class) {
    uint32_t block = table->freed[class];
    if (block != 0) {
        table->freed[class] = table->arena[block];
        return block;
    }
    size_t end = table->arena_len + ((size_t)1 << class);
    void *arena = table->arena;
    if (end > UINT32_MAX || !kbr_reserve(&table->allocator, &arena, &table->arena_capacity, end,
                                         sizeof *table->arena)) {
        return 0;
    }
    table->arena = arena;
    block = (uint32_t)table->arena_len;
    table->arena_len = end;
    return block;
}

static void free_block(kbr_table *table, uint32_t block, uint32_t class) {
    table->arena[block] = table->freed[class];
    table->freed[class] = block;
}

static uint32_t *slots_of(const kbr_table *table, entry *at) {
    return class_of(at) > 0 ? table->arena + at->value : &at->value;
}

/* Moves the list to a block of another class, which is there. */
static void move_list(kbr_table *table, entry *at, uint32_t block, uint32_t class) {
    uint32_t count = count_of(at);
    memcpy(table->arena + block, slots_of(table, at), count * sizeof *table->arena);
    if (class_of(at) > 0) {
        free_block(table, at->value, class_of(at));
    }
    at->value = block;
    at->list = class << COUNT_BITS | count;
}

/* Makes room for one slot more in a list of one or more. */
static bool extend(kbr_table *table, entry *at) {
    uint32_t class = class_of(at);
    if (count_of(at) == COUNT_MAX) {
        return false;
    }
    if (count_of(at) < 1U << class) {
        return true;
    }
    uint32_t block = class + 1 < CLASSES ? take_block(table, class + 1) : 0;
    if (block != 0) {
        move_list(table, at, block, class + 1);
    }
    return block != 0;
}

bool kbr_table_add(kbr_table *table, uint64_t key, uint32_t slot) {
    entry *at = seek(table, key);
    if (at->list == 0 && (table->keys + 1) * 5 > (uint64_t)4 << table->bits) {
        if (!grow(table)) {
            return false;
        }
        at = seek(table, key);
    }
    if (at->list != 0 && !extend(table, at)) {
        return false;
    }
    at->key = key;
    table->keys += at->list == 0;
    table->postings++;
    slots_of(table, at)[count_of(at)] = slot;
    at->list++;
    return true;
}

/* Closes the gap at `place`: whatever stands behind it only because of it moves up. */
static void close_gap(kbr_table *table, size_t place) {
    size_t mask = mask_of(table);
    size_t next = (place + 1) & mask;
    while (table->entries[next].list != 0) {
        size_t home = home_of(table->entries[next].key, table->bits);
        if (((next - home) & mask) >= ((next - place) & mask)) {
            table->entries[place] = table->entries[next];
            place = next;
        }
        next = (next + 1) & mask;
    }
    table->entries[place].list = 0;
}

/* Takes the last slot off the list. One slot goes back to its entry; a list that fills a quarter of
 * its block moves where a smaller one is free, for removing allocates nothing. */
static void shrink(kbr_table *table, entry *at) {
    uint32_t class = class_of(at);
    uint32_t count = count_of(at) - 1;
    at->list = count == 0 ? 0 : at->list - 1;
    if (count == 1 && class > 0) {
        uint32_t block = at->value;
        at->value = table->arena[block];
        at->list = 1;
        free_block(table, block, class);
    } else if (class > 1 && count <= 1U << (class - 2) && table->freed[class - 1] != 0) {
        move_list(table, at, take_block(table, class - 1), class - 1);
    }
}

bool kbr_table_remove(kbr_table *table, uint64_t key, uint32_t slot) {
    entry *at = seek(table, key);
    uint32_t *slots = slots_of(table, at);
    uint32_t count = count_of(at);
    for (uint32_t i = 0; i < count; i++) {
        if (slots[i] == slot) {
            slots[i] = slots[count - 1];
            shrink(table, at);
            table->postings--;
            if (count == 1) {
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
    KBR_PREFETCH((const void *)((uintptr_t)home + 2 * sizeof *home - 1));
}

void kbr_table_prefetch_end(const kbr_table *table, uint64_t key) {
    const entry *at = seek(table, key);
    if (class_of(at) > 0) {
        KBR_PREFETCH(&table->arena[at->value + count_of(at)]);
    }
}

const uint32_t *kbr_table_find(const kbr_table *table, uint64_t key, size_t *count) {
    const entry *at = seek(table, key);
    *count = count_of(at);
    if (at->list == 0) {
        return NULL;
    }
    return class_of(at) > 0 ? table->arena + at->value : &at->value;
}

void kbr_table_measure(const kbr_table *table, kbr_table_stats *out) {
    *out = (kbr_table_stats){
        .keys = table->keys,
        .postings = table->postings,
        .bytes = sizeof *table + ((uint64_t)sizeof(entry) << table->bits) +
                 table->arena_capacity * sizeof *table->arena,
    };
}

const char *kbr_table_check(const kbr_table *table) {
    uint64_t keys = 0;
    uint64_t postings = 0;
    uint64_t taken = 1;
    for (size_t i = 0; i <= mask_of(table); i++) {
        const entry *at = &table->entries[i];
        if (at->list == 0) {
            continue;
        }
        if (seek(table, at->key) != at) {
            return "a key is not found from its home";
        }
        keys++;
        postings += count_of(at);
        taken += class_of(at) > 0 ? UINT64_C(1) << class_of(at) : 0;
    }
    if (keys != table->keys || postings != table->postings) {
        return "keys or postings are counted wrongly";
    }
    for (uint32_t class = 1; class < CLASSES; class ++) {
        for (uint32_t block = table->freed[class]; block != 0 && taken <= table->arena_len;
             block = table->arena[block]) {
            taken += UINT64_C(1) << class;
        }
    }
    return taken == table->arena_len ? NULL : "blocks are lost or free twice";
}
