/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Entries of 16 bytes are written value first and key last, and one that has a key keeps
 * it: an emptied one waits for its key to come back or for the table to grow. A list is changed in
 * place, slot first and count last; a slot that is taken out leaves a hole that the next one fills.
 * So a reader sees each list as it was or as it is.
 */
#include "table.h"

#include <string.h>

#define BITS_MIN 10
#define INLINE 1U /* of a value: it holds the slots; else it is the address of a block */
#define SECOND (UINT64_C(1) << 63)
#define HOLE UINT32_MAX

#define LINE 64
/* What is read of a list beyond so many bytes, the processor sees coming. */
#define AHEAD_MAX 512

/* Blocks have 32 << class bytes; those up to this class share slabs. */
#define SHARED_CLASS_MAX 7
#define CLASSES 28
#define SLAB_SIZE_MIN ((size_t)16 << 10)

typedef struct entry {
    _Atomic uint64_t key;   /* as stored_key makes it; 0 = free */
    _Atomic uint64_t value; /* 0 = an empty list */
} entry;

typedef struct entries {
    uint32_t bits;
    uint32_t reserved;
    entry at[]; /* 1 << bits */
} entries;

typedef struct block {
    _Atomic uint32_t count; /* slots and holes */
    _Atomic uint32_t live;  /* slots */
    uint32_t class;
    _Atomic uint32_t slots[];
} block;

struct kbr_table {
    kaburi_allocator allocator;
    kbr_epoch *epoch;
    _Atomic(entries *) entries;
    uint64_t used; /* entries with a key */
    uint64_t keys; /* of them those with slots */
    uint64_t postings;
    /* Memory of blocks. */
    void **slabs;
    size_t slab_count;
    size_t slab_capacity;
    char *next; /* free part of the last slab */
    size_t left;
    void *freed[SHARED_CLASS_MAX + 1]; /* blocks that nobody sees any more */
    uint64_t block_bytes;              /* slabs, and blocks by themselves */
};

/* ---- values ---- */

/* Never 0; two keys share a form once in 2^63, and are told apart by whoever reads the slots. */
static uint64_t stored_key(uint64_t key) {
    uint64_t stored = key ^ 0xA5A5A5A5A5A5A5A5U;
    return stored != 0 ? stored : 1;
}

static uint64_t value_of_one(uint32_t slot) {
    return (uint64_t)slot << 1 | INLINE;
}

static uint64_t value_of_two(uint32_t first, uint32_t second) {
    return SECOND | (uint64_t)second << 32 | (uint64_t)first << 1 | INLINE;
}

static uint32_t first_of(uint64_t value) {
    return (uint32_t)value >> 1;
}

static uint32_t second_of(uint64_t value) {
    return (uint32_t)(value >> 32) & (uint32_t)INT32_MAX;
}

static block *block_of(uint64_t value) {
    return (block *)(uintptr_t)value;
}

static bool is_block(uint64_t value) {
    return value != 0 && (value & INLINE) == 0;
}

static size_t block_size(uint32_t class) {
    return (size_t)32 << class;
}

static uint32_t capacity_of(uint32_t class) {
    return (uint32_t)((block_size(class) - offsetof(block, slots)) / sizeof(uint32_t));
}

/* ---- create and free ---- */

static size_t size_of_entries(uint32_t bits) {
    return sizeof(entries) + (sizeof(entry) << bits);
}

static entries *create_entries(kbr_table *table, uint32_t bits) {
    entries *made = kbr_allocate(&table->allocator, size_of_entries(bits), 1);
    if (made != NULL) {
        made->bits = bits;
    }
    return made;
}

kbr_table *kbr_table_create(const kaburi_allocator *allocator, kbr_epoch *epoch) {
    kbr_table *table = kbr_allocate(allocator, 1, sizeof *table);
    if (table == NULL) {
        return NULL;
    }
    table->allocator = *allocator;
    table->epoch = epoch;
    entries *made = create_entries(table, BITS_MIN);
    if (made == NULL) {
        kbr_release(allocator, table);
        return NULL;
    }
    atomic_init(&table->entries, made);
    return table;
}

/* As only the writer may read it. */
static entries *own_entries(const kbr_table *table) {
    return atomic_load_explicit(&table->entries, memory_order_relaxed);
}

static uint64_t own_value(const entry *at) {
    return atomic_load_explicit(&at->value, memory_order_relaxed);
}

void kbr_table_free(kbr_table *table) {
    if (table == NULL) {
        return;
    }
    kaburi_allocator allocator = table->allocator;
    entries *all = own_entries(table);
    for (size_t i = 0; i < (size_t)1 << all->bits; i++) {
        uint64_t value = own_value(&all->at[i]);
        if (is_block(value) && block_of(value)->class > SHARED_CLASS_MAX) {
            kbr_release(&allocator, block_of(value));
        }
    }
    for (size_t i = 0; i < table->slab_count; i++) {
        kbr_release(&allocator, table->slabs[i]);
    }
    kbr_release(&allocator, table->slabs);
    kbr_release(&allocator, all);
    kbr_release(&allocator, table);
}

/* ---- places ---- */

static size_t home_of(uint64_t key, uint32_t bits) {
    return (size_t)(key * 0x9E3779B97F4A7C15U >> (64 - bits));
}

/* The entry of a stored key, or the free one where it would go. */
static entry *seek(entries *all, uint64_t stored) {
    size_t mask = ((size_t)1 << all->bits) - 1;
    for (size_t place = home_of(stored, all->bits);; place = (place + 1) & mask) {
        uint64_t found = atomic_load_explicit(&all->at[place].key, memory_order_acquire);
        if (found == stored || found == 0) {
            return &all->at[place];
        }
    }
}

static void free_entries(void *context, void *what, uint64_t number) {
    kbr_table *table = context;
    (void)number;
    kbr_release(&table->allocator, what);
}

/* Leaves the emptied entries out, and doubles the table where it is full of others. */
static bool grow(kbr_table *table) {
    entries *before = own_entries(table);
    uint32_t bits = before->bits;
    while ((table->keys + 1) * 8 > (uint64_t)5 << bits) {
        bits++;
    }
    entries *after = create_entries(table, bits);
    if (after == NULL) {
        return false;
    }
    table->used = 0;
    for (size_t i = 0; i < (size_t)1 << before->bits; i++) {
        uint64_t value = own_value(&before->at[i]);
        if (value != 0) {
            uint64_t key = atomic_load_explicit(&before->at[i].key, memory_order_relaxed);
            entry *at = seek(after, key);
            atomic_store_explicit(&at->value, value, memory_order_relaxed);
            atomic_store_explicit(&at->key, key, memory_order_relaxed);
            table->used++;
        }
    }
    atomic_store_explicit(&table->entries, after, memory_order_release);
    kbr_epoch_retire(table->epoch, free_entries, table, before, 0);
    return true;
}

/* ---- blocks ---- */

/* A slab, a quarter of what there is; a smaller one where memory is short. */
static bool add_slab(kbr_table *table) {
    void *slabs = table->slabs;
    bool done = kbr_reserve(&table->allocator, &slabs, &table->slab_capacity, table->slab_count + 1,
                            sizeof *table->slabs);
    table->slabs = slabs;
    size_t size = SLAB_SIZE_MIN;
    while (size < table->block_bytes / 4 && size < (size_t)16 << 20) {
        size *= 2;
    }
    char *slab = NULL;
    for (; done && size >= SLAB_SIZE_MIN; size /= 2) {
        slab = table->allocator.resize(table->allocator.context, NULL, size);
        if (slab != NULL) {
            break;
        }
    }
    if (slab == NULL) {
        return false;
    }
    size_t skipped = -(uintptr_t)slab % block_size(0);
    table->slabs[table->slab_count++] = slab;
    table->next = slab + skipped;
    table->left = size - skipped;
    table->block_bytes += size;
    return true;
}

static block *take_shared(kbr_table *table, uint32_t class) {
    void *taken = table->freed[class];
    if (taken != NULL) {
        memcpy(&table->freed[class], taken, sizeof(void *));
        return taken;
    }
    size_t size = block_size(class);
    if (table->left < size && !add_slab(table)) {
        return NULL;
    }
    taken = table->next;
    table->next += size;
    table->left -= size;
    return taken;
}

/* An empty block, or NULL without memory. */
static block *take_block(kbr_table *table, uint32_t class) {
    block *taken;
    if (class <= SHARED_CLASS_MAX) {
        taken = take_shared(table, class);
    } else {
        taken = table->allocator.resize(table->allocator.context, NULL, block_size(class));
        table->block_bytes += taken != NULL ? block_size(class) : 0;
    }
    if (taken != NULL) {
        atomic_init(&taken->count, 0);
        atomic_init(&taken->live, 0);
        taken->class = class;
    }
    return taken;
}

static void free_block(void *context, void *what, uint64_t class) {
    kbr_table *table = context;
    if (class > SHARED_CLASS_MAX) {
        table->block_bytes -= block_size((uint32_t) class);
        kbr_release(&table->allocator, what);
        return;
    }
    memcpy(what, &table->freed[class], sizeof(void *));
    table->freed[class] = what;
}

static void retire_block(kbr_table *table, block *old) {
    kbr_epoch_retire(table->epoch, free_block, table, old, old->class);
}

static uint32_t slot_at(const block *list, uint32_t place) {
    return atomic_load_explicit(&list->slots[place], memory_order_relaxed);
}

static void put_slot(block *list, uint32_t place, uint32_t slot) {
    atomic_store_explicit(&list->slots[place], slot, memory_order_relaxed);
}

static uint32_t own(const _Atomic uint32_t *number) {
    return atomic_load_explicit(number, memory_order_relaxed);
}

static void set_count(block *list, uint32_t count, uint32_t live) {
    atomic_store_explicit(&list->live, live, memory_order_relaxed);
    atomic_store_explicit(&list->count, count, memory_order_release);
}

static void set_value(entry *at, uint64_t value) {
    atomic_store_explicit(&at->value, value, memory_order_release);
}

/* ---- add ---- */

static void append(block *list, uint32_t slot) {
    uint32_t count = own(&list->count);
    put_slot(list, count, slot);
    set_count(list, count + 1, own(&list->live) + 1);
}

static void fill_hole(block *list, uint32_t slot) {
    uint32_t place = 0;
    while (slot_at(list, place) != HOLE) {
        place++;
    }
    /* Released like a count: who reads the slot reads what was written before it. */
    atomic_store_explicit(&list->slots[place], slot, memory_order_release);
    atomic_store_explicit(&list->live, own(&list->live) + 1, memory_order_relaxed);
}

/* Moves the slots of a block to one of another class, which is there for them. */
static void move_list(kbr_table *table, entry *at, block *to) {
    block *from = block_of(own_value(at));
    uint32_t count = own(&from->count);
    for (uint32_t i = 0; i < count; i++) {
        if (slot_at(from, i) != HOLE) {
            append(to, slot_at(from, i));
        }
    }
    set_value(at, (uint64_t)(uintptr_t)to);
    retire_block(table, from);
}

static bool add_to_block(kbr_table *table, entry *at, uint32_t slot) {
    block *list = block_of(own_value(at));
    uint32_t capacity = capacity_of(list->class);
    if (own(&list->count) == capacity) {
        /* Looking for a hole is worth it where an eighth are some. */
        if (own(&list->live) < capacity - capacity / 8) {
            fill_hole(list, slot);
            return true;
        }
        block *larger = list->class + 1 < CLASSES ? take_block(table, list->class + 1) : NULL;
        if (larger == NULL) {
            return false;
        }
        move_list(table, at, larger);
        list = larger;
    }
    append(list, slot);
    return true;
}

static bool add_third(kbr_table *table, entry *at, uint32_t slot) {
    uint64_t value = own_value(at);
    block *list = take_block(table, 0);
    if (list == NULL) {
        return false;
    }
    append(list, first_of(value));
    append(list, second_of(value));
    append(list, slot);
    set_value(at, (uint64_t)(uintptr_t)list);
    return true;
}

bool kbr_table_add(kbr_table *table, uint64_t key, uint32_t slot) {
    uint64_t stored = stored_key(key);
    entries *all = own_entries(table);
    entry *at = seek(all, stored);
    bool fresh = own_value(at) == 0 && atomic_load_explicit(&at->key, memory_order_relaxed) == 0;
    if (fresh && (table->used + 1) * 5 > (uint64_t)4 << all->bits) {
        if (!grow(table)) {
            return false;
        }
        at = seek(own_entries(table), stored);
    }
    uint64_t value = own_value(at);
    bool done = true;
    if (value == 0) {
        set_value(at, value_of_one(slot));
        table->keys++;
    } else if (is_block(value)) {
        done = add_to_block(table, at, slot);
    } else if ((value & SECOND) != 0) {
        done = add_third(table, at, slot);
    } else {
        set_value(at, value_of_two(first_of(value), slot));
    }
    if (fresh) {
        atomic_store_explicit(&at->key, stored, memory_order_release);
        table->used++;
    }
    table->postings += done;
    return done;
}

/* ---- remove ---- */

/* Makes the list of a block as small as it is worth: two slots lie in the entry; of many holes a
 * quarter of the block is enough, where there is memory for it. */
static void shrink(kbr_table *table, entry *at) {
    block *list = block_of(own_value(at));
    uint32_t live = own(&list->live);
    if (live == 2) {
        uint32_t left[2] = {0, 0};
        (void)kbr_list_read((kbr_list){own_value(at)}, left, 2);
        set_value(at, value_of_two(left[0], left[1]));
        retire_block(table, list);
        return;
    }
    if (list->class >= 3 && live <= capacity_of(list->class - 2)) {
        block *smaller = take_block(table, list->class - 1);
        if (smaller != NULL) {
            move_list(table, at, smaller);
        }
    }
}

static bool remove_from_block(kbr_table *table, entry *at, uint32_t slot) {
    block *list = block_of(own_value(at));
    uint32_t count = own(&list->count);
    uint32_t place = count; /* from the end, where the latest are */
    while (place > 0 && slot_at(list, place - 1) != slot) {
        place--;
    }
    if (place == 0) {
        return false;
    }
    put_slot(list, place - 1, HOLE);
    while (count > 0 && slot_at(list, count - 1) == HOLE) {
        count--;
    }
    set_count(list, count, own(&list->live) - 1);
    shrink(table, at);
    return true;
}

/* Whether a value that is no block has the slot. */
static bool has_slot(uint64_t value, uint32_t slot) {
    return value != 0 &&
           (first_of(value) == slot || ((value & SECOND) != 0 && second_of(value) == slot));
}

bool kbr_table_remove(kbr_table *table, uint64_t key, uint32_t slot) {
    entry *at = seek(own_entries(table), stored_key(key));
    uint64_t value = own_value(at);
    if (is_block(value)) {
        if (!remove_from_block(table, at, slot)) {
            return false;
        }
    } else if (!has_slot(value, slot)) {
        return false;
    } else if ((value & SECOND) == 0) {
        set_value(at, 0);
        table->keys--;
    } else {
        set_value(at, value_of_one(first_of(value) == slot ? second_of(value) : first_of(value)));
    }
    table->postings--;
    return true;
}

/* ---- read ---- */

static entries *seen_entries(const kbr_table *table) {
    return atomic_load_explicit(&table->entries, memory_order_acquire);
}

/* The place and the one behind it, which every second key is looked for in as well: they may begin
 * a line later. */
void kbr_table_prefetch(const kbr_table *table, uint64_t key) {
    entries *all = seen_entries(table);
    const entry *home = &all->at[home_of(stored_key(key), all->bits)];
    KBR_PREFETCH(home);
    KBR_PREFETCH((const void *)((uintptr_t)home + 2 * sizeof *home - 1));
}

void kbr_table_prefetch_end(const kbr_table *table, uint64_t key) {
    uint64_t value = own_value(seek(own_entries(table), stored_key(key)));
    if (is_block(value)) {
        KBR_PREFETCH(&block_of(value)->slots[own(&block_of(value)->count)]);
    }
}

kbr_list kbr_table_find(const kbr_table *table, uint64_t key) {
    entry *at = seek(seen_entries(table), stored_key(key));
    kbr_list list = {atomic_load_explicit(&at->value, memory_order_acquire)};
    if (is_block(list.value)) {
        KBR_PREFETCH(block_of(list.value));
    }
    return list;
}

void kbr_list_prefetch(kbr_list list) {
    if (is_block(list.value)) {
        const block *from = block_of(list.value);
        size_t size = offsetof(block, slots) + own(&from->count) * sizeof(uint32_t);
        for (size_t at = LINE; at < size && at <= AHEAD_MAX; at += LINE) {
            KBR_PREFETCH((const void *)((uintptr_t)from + at));
        }
    }
}

size_t kbr_list_count(kbr_list list) {
    if (is_block(list.value)) {
        return atomic_load_explicit(&block_of(list.value)->live, memory_order_relaxed);
    }
    return (list.value & SECOND) != 0 ? 2 : list.value != 0;
}

bool kbr_list_next(kbr_list list, size_t *position, uint32_t *slot) {
    if (!is_block(list.value)) {
        if (*position >= kbr_list_count(list)) {
            return false;
        }
        *slot = (*position)++ == 0 ? first_of(list.value) : second_of(list.value);
        return true;
    }
    const block *from = block_of(list.value);
    uint32_t count = atomic_load_explicit(&from->count, memory_order_acquire);
    while (*position < count) {
        *slot = atomic_load_explicit(&from->slots[(*position)++], memory_order_acquire);
        if (*slot != HOLE) {
            return true;
        }
    }
    return false;
}

size_t kbr_list_read(kbr_list list, uint32_t *slots, size_t capacity) {
    size_t count = 0;
    size_t position = 0;
    while (count < capacity && kbr_list_next(list, &position, &slots[count])) {
        count++;
    }
    return count;
}

/* ---- measure and check ---- */

void kbr_table_measure(const kbr_table *table, kbr_table_stats *out) {
    *out = (kbr_table_stats){
        .keys = table->keys,
        .postings = table->postings,
        .bytes = sizeof *table + size_of_entries(own_entries(table)->bits) + table->block_bytes,
    };
}

static const char *check_block(const block *list, uint64_t *postings) {
    uint32_t count = own(&list->count);
    uint32_t live = 0;
    if (list->class >= CLASSES || count > capacity_of(list->class)) {
        return "a list is longer than its block";
    }
    for (uint32_t i = 0; i < count; i++) {
        live += slot_at(list, i) != HOLE;
    }
    if (live != own(&list->live) || live < 3 || slot_at(list, count - 1) == HOLE) {
        return "slots of a list are counted wrongly";
    }
    *postings += live;
    return NULL;
}

const char *kbr_table_check(const kbr_table *table) {
    entries *all = own_entries(table);
    uint64_t used = 0;
    uint64_t keys = 0;
    uint64_t postings = 0;
    const char *wrong = NULL;
    for (size_t i = 0; wrong == NULL && i < (size_t)1 << all->bits; i++) {
        entry *at = &all->at[i];
        uint64_t key = atomic_load_explicit(&at->key, memory_order_relaxed);
        uint64_t value = own_value(at);
        if (key == 0) {
            wrong = value != 0 ? "an entry has slots and no key" : NULL;
            continue;
        }
        if (seek(all, key) != at) {
            wrong = "a key is not found from its home";
        }
        used++;
        keys += value != 0;
        if (is_block(value)) {
            wrong = wrong != NULL ? wrong : check_block(block_of(value), &postings);
        } else {
            postings += kbr_list_count((kbr_list){value});
        }
    }
    if (wrong == NULL &&
        (used != table->used || keys != table->keys || postings != table->postings)) {
        wrong = "keys or postings are counted wrongly";
    }
    return wrong;
}
