/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aliases: other names of a company that its spelling does not tell, read from a table. Takes pairs
 * of names, gives for the hash of a name's loose key the hashes of its other names. A pair holds
 * for itself: A = B and B = C do not make A = C.
 */
#ifndef KBR_ALIASES_H
#define KBR_ALIASES_H

#include "record.h"

/* In the order in which they are documented; of two kinds of one pair the first one holds. */
enum {
    KBR_ALIAS_ABBREVIATION = 1,
    KBR_ALIAS_FORMER,
    KBR_ALIAS_TRANSLATION,
    KBR_ALIAS_GROUP,
    KBR_ALIAS_KINDS
};

/* What a pair is; the same for both of its directions. */
typedef struct kbr_alias_tie {
    uint8_t kind;   /* KBR_ALIAS_* */
    uint8_t owners; /* companies that the alias may stand for, this one with them: 中電 2; 1..16 */
} kbr_alias_tie;

/* A multimap: both directions of every pair, sorted by key, then by other. */
struct kaburi_aliases {
    kaburi_allocator allocator; /* resize NULL: the built-in table, which nobody frees */
    const uint64_t *keys;
    const uint64_t *others;
    const kbr_alias_tie *ties;
    const uint32_t *starts; /* by the top `bits` of the key: (1 << bits) + 1 places */
    size_t count;           /* of keys */
    uint32_t bits;          /* 1..24 */
};

/* The built-in table, made from src/data/aliases.tsv at build time. */
extern const struct kaburi_aliases kbr_aliases_builtin;

/* The other names of one name, by rising hash; borrowed from the table. */
typedef struct kbr_alias_list {
    const uint64_t *others;
    const kbr_alias_tie *ties;
    size_t count;
} kbr_alias_list;

/* The list of a name, by the hash of its loose key; none where aliases is NULL or key 0. O(1) on
 * average. */
kbr_alias_list kbr_aliases_find(const kaburi_aliases *aliases, uint64_t key);
/* How the list's name and another are tied, or NULL. O(log count). */
const kbr_alias_tie *kbr_alias_list_find(const kbr_alias_list *list, uint64_t other);

/* NULL when sound, else what is wrong; for tests. O(size). */
const char *kbr_aliases_check(const kaburi_aliases *aliases);

#endif
