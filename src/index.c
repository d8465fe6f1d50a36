/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index. A failed add leaves it as it was: new keys are filed first, the old card is taken out
 * only when nothing can fail any more, and taking keys out never allocates.
 */
#include "index.h"

#include "cards.h"
#include "table.h"

#include <pthread.h>
#include <string.h>

#define SLOTS_MAX INT32_MAX
#define NO_SLOT UINT32_MAX

/* How many candidates ahead their cards are fetched: 8 loads in flight hide most of a DRAM access.
 */
#define PREFETCH_AHEAD 8
/* A card with a name alone has 3 or 4 lines; what a deal adds is read after them, in order. */
#define PREFETCH_LINES 4

/* A name alone gets votes that say little of how alike it is: up to 2 * scored_max candidates are
 * glanced at, then scored_max / 2 scored, half of them those of most votes. Of 1,200 English names
 * recall at 10 is .840 so, .842 of three times as many, .843 of four times, and p50 over 304,000
 * names 59, 64 and 73 us. A candidate with less than a 32nd of the most votes is not glanced at.
 * With a deal's name 96 by votes find all there is. */
#define GLANCED_TIMES 2
#define SCORED_SHARE 2
#define VOTES_PART 32
/* Lines of a card that a glance reads, and how many candidates ahead they are fetched. */
#define GLANCE_AHEAD 12
#define GLANCE_LINES 3

struct kaburi_index {
    kaburi_allocator allocator;
    kbr_keys_plan plan;
    const kaburi_model *model;
    const kaburi_policy *policy;
    const kaburi_aliases *aliases;
    uint32_t postings_max;
    uint32_t scored_max;
    kbr_card **cards; /* by slot; NULL = free */
    size_t card_capacity;
    size_t slot_count;    /* slots ever used */
    uint32_t *free_slots; /* room for every slot, so that removing cannot fail */
    size_t free_capacity;
    size_t free_count;
    kbr_cards memory;        /* of the cards */
    kbr_table *ids;          /* id -> slot */
    kbr_table *keys;         /* key -> slots */
    kbr_reader reader;       /* of the writer */
    pthread_rwlock_t *lock;  /* tables and cards: shared by readers */
    pthread_mutex_t *writer; /* the writer's reader and its turn */
};

/* ---- create and free ---- */

/* Searches come without a pause; a writer that waits goes before the next of them. */
static bool init_lock(pthread_rwlock_t *lock) {
    pthread_rwlockattr_t attributes;
    if (pthread_rwlockattr_init(&attributes) != 0) {
        return false;
    }
#if defined(__GLIBC__)
    (void)pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
    bool done = pthread_rwlock_init(lock, &attributes) == 0;
    (void)pthread_rwlockattr_destroy(&attributes);
    return done;
}

/* Both locks or none: index->lock is NULL then. */
static bool create_locks(kaburi_index *index) {
    pthread_rwlock_t *lock = kbr_allocate(&index->allocator, 1, sizeof *lock);
    pthread_mutex_t *writer = kbr_allocate(&index->allocator, 1, sizeof *writer);
    if (lock == NULL || writer == NULL || !init_lock(lock)) {
        goto fail;
    }
    if (pthread_mutex_init(writer, NULL) != 0) {
        (void)pthread_rwlock_destroy(lock);
        goto fail;
    }
    index->lock = lock;
    index->writer = writer;
    return true;
fail:
    kbr_release(&index->allocator, lock);
    kbr_release(&index->allocator, writer);
    return false;
}

static bool is_unread(const kbr_keys_plan *plan) {
    return (plan->flags & KABURI_INDEX_UNREAD) == KABURI_INDEX_UNREAD;
}

kaburi_status kbr_index_create(kaburi_index **out, const kaburi_index_options *options,
                               const kbr_keys_plan *plan, kaburi_error *error) {
    kaburi_allocator allocator = kbr_allocator_of(&options->allocator);
    kaburi_index *index = kbr_allocate(&allocator, 1, sizeof *index);
    if (index == NULL) {
        return kbr_fail_memory(error);
    }
    index->allocator = allocator;
    index->plan = *plan;
    index->model = options->model != NULL ? options->model : &kbr_model_builtin;
    index->policy = options->policy != NULL ? options->policy : &kbr_policy_builtin;
    index->aliases = options->aliases;
    index->postings_max = options->postings_max;
    index->scored_max = options->scored_max;
    kbr_reader_init(&index->reader, &index->allocator);
    index->reader.unread = is_unread(plan);
    kbr_cards_init(&index->memory, &index->allocator);
    index->ids = kbr_table_create(&index->allocator);
    index->keys = kbr_table_create(&index->allocator);
    if (index->ids == NULL || index->keys == NULL || !create_locks(index)) {
        kaburi_index_free(index);
        return kbr_fail_memory(error);
    }
    *out = index;
    return KABURI_OK;
}

void kaburi_index_free(kaburi_index *index) {
    if (index == NULL) {
        return;
    }
    kaburi_allocator allocator = index->allocator;
    for (size_t i = 0; i < index->slot_count; i++) {
        kbr_cards_free(&index->memory, index->cards[i]);
    }
    kbr_cards_close(&index->memory);
    kbr_release(&allocator, index->cards);
    kbr_release(&allocator, index->free_slots);
    kbr_table_free(index->ids);
    kbr_table_free(index->keys);
    kbr_reader_free(&index->reader);
    if (index->lock != NULL) {
        (void)pthread_rwlock_destroy(index->lock);
        (void)pthread_mutex_destroy(index->writer);
    }
    kbr_release(&allocator, index->lock);
    kbr_release(&allocator, index->writer);
    kbr_release(&allocator, index);
}

/* ---- ids ---- */

static uint32_t slot_of(const kaburi_index *index, uint64_t id) {
    size_t count;
    const uint32_t *slots = kbr_table_find(index->ids, id, &count);
    return slots == NULL ? NO_SLOT : slots[0];
}

bool kbr_index_contains(const kaburi_index *index, uint64_t id) {
    (void)pthread_rwlock_rdlock(index->lock);
    bool found = slot_of(index, id) != NO_SLOT;
    (void)pthread_rwlock_unlock(index->lock);
    return found;
}

size_t kaburi_index_count(const kaburi_index *index) {
    if (index == NULL) {
        return 0;
    }
    (void)pthread_rwlock_rdlock(index->lock);
    size_t count = index->slot_count - index->free_count;
    (void)pthread_rwlock_unlock(index->lock);
    return count;
}

/* ---- add and remove ---- */

/* A free slot, made when there is none; it is not taken before a card is put there. */
static bool find_free_slot(kaburi_index *index, uint32_t *slot) {
    if (index->free_count > 0) {
        *slot = index->free_slots[index->free_count - 1];
        return true;
    }
    void *cards = index->cards;
    bool done = kbr_reserve(&index->allocator, &cards, &index->card_capacity, index->slot_count + 1,
                            sizeof(kbr_card *));
    index->cards = cards;
    void *slots = index->free_slots;
    done = done && kbr_reserve(&index->allocator, &slots, &index->free_capacity,
                               index->card_capacity, sizeof *index->free_slots);
    index->free_slots = slots;
    *slot = (uint32_t)index->slot_count;
    return done;
}

static void take_slot(kaburi_index *index, uint32_t slot, kbr_card *card) {
    if (index->free_count > 0 && index->free_slots[index->free_count - 1] == slot) {
        index->free_count--;
    } else {
        index->slot_count++;
    }
    index->cards[slot] = card;
}

static void unfile(kaburi_index *index, const uint64_t *keys, size_t count, uint32_t slot) {
    for (size_t i = 0; i < count; i++) {
        (void)kbr_table_remove(index->keys, keys[i], slot);
    }
}

static bool file(kaburi_index *index, const uint64_t *keys, size_t count, uint32_t slot) {
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch_end(index->keys, keys[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!kbr_table_add(index->keys, keys[i], slot)) {
            unfile(index, keys, i, slot);
            return false;
        }
    }
    return true;
}

static void remove_slot(kaburi_index *index, uint32_t slot) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    kbr_card *card = index->cards[slot];
    unfile(index, keys, kbr_keys_of_record(keys, &index->plan, card), slot);
    (void)kbr_table_remove(index->ids, card->id, slot);
    index->cards[slot] = NULL;
    index->free_slots[index->free_count++] = slot;
    kbr_cards_free(&index->memory, card);
}

/* Files `card` and, where its id is taken, takes the older one out: in this order, so that running
 * out of memory leaves the older one as it was. */
static kaburi_status add_card(kaburi_index *index, kbr_card *card, const uint64_t *keys,
                              size_t count, kaburi_error *error) {
    uint32_t older = slot_of(index, card->id);
    uint32_t slot;
    if (older == NO_SLOT && index->slot_count - index->free_count >= SLOTS_MAX) {
        return kbr_fail(error, KABURI_ERROR_FULL, "the index holds %d records", SLOTS_MAX);
    }
    if (!find_free_slot(index, &slot) || !file(index, keys, count, slot)) {
        return kbr_fail_memory(error);
    }
    if (!kbr_table_add(index->ids, card->id, slot)) {
        unfile(index, keys, count, slot);
        return kbr_fail_memory(error);
    }
    take_slot(index, slot, card);
    if (older != NO_SLOT) {
        remove_slot(index, older);
    }
    return KABURI_OK;
}

/* The keys of a card, their places on the way into the cache. */
static size_t make_keys(const kaburi_index *index, const kbr_card *card, uint64_t *keys) {
    size_t count = kbr_keys_of_record(keys, &index->plan, card);
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch(index->keys, keys[i]);
    }
    kbr_table_prefetch(index->ids, card->id);
    return count;
}

kaburi_status kbr_index_add(kaburi_index *index, const kaburi_record *record, kaburi_error *error) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    (void)pthread_mutex_lock(index->writer);
    kaburi_status status = kbr_reader_read(&index->reader, record, error);
    if (status == KABURI_OK) {
        /* Only writers change the tables, and this is the writer: no lock yet. */
        size_t count = make_keys(index, index->reader.card, keys);
        kbr_card *card = kbr_cards_copy(&index->memory, index->reader.card);
        if (card == NULL) {
            status = kbr_fail_memory(error);
        } else {
            (void)pthread_rwlock_wrlock(index->lock);
            status = add_card(index, card, keys, count, error);
            (void)pthread_rwlock_unlock(index->lock);
        }
        if (status != KABURI_OK) {
            kbr_cards_free(&index->memory, card);
        }
    }
    (void)pthread_mutex_unlock(index->writer);
    return status;
}

kaburi_status kbr_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    (void)pthread_rwlock_wrlock(index->lock);
    uint32_t slot = slot_of(index, id);
    if (slot != NO_SLOT) {
        remove_slot(index, slot);
    }
    (void)pthread_rwlock_unlock(index->lock);
    (void)pthread_mutex_unlock(index->writer);
    if (slot == NO_SLOT) {
        return kbr_fail(error, KABURI_ERROR_NOT_FOUND, "no record has the id %llu",
                        (unsigned long long)id);
    }
    return KABURI_OK;
}

void kaburi_index_measure(const kaburi_index *index, kaburi_index_stats *out) {
    if (index == NULL || out == NULL) {
        return;
    }
    /* The memory of cards is the writer's, who makes a card before it takes the lock. */
    (void)pthread_mutex_lock(index->writer);
    (void)pthread_rwlock_rdlock(index->lock);
    kbr_table_stats ids;
    kbr_table_stats keys;
    kbr_table_measure(index->ids, &ids);
    kbr_table_measure(index->keys, &keys);
    *out = (kaburi_index_stats){
        .records = index->slot_count - index->free_count,
        .record_bytes = index->memory.bytes + index->card_capacity * sizeof(kbr_card *),
        .id_bytes = ids.bytes + index->free_capacity * sizeof *index->free_slots,
        .key_bytes = keys.bytes,
        .keys = keys.keys,
        .postings = keys.postings,
    };
    (void)pthread_rwlock_unlock(index->lock);
    (void)pthread_mutex_unlock(index->writer);
}

/* ---- search ---- */

typedef struct list {
    const uint32_t *slots;
    size_t count;
} list;

/* The postings of every probe: each look-up loads two places, of the key and of its list, and all
 * loads of a kind are under way at once. */
static void find_postings(const kaburi_index *index, const kbr_keys_probe *probes, size_t count,
                          list *found) {
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch(index->keys, probes[i].key);
    }
    for (size_t i = 0; i < count; i++) {
        found[i].slots = kbr_table_find(index->keys, probes[i].key, &found[i].count);
        if (found[i].slots != NULL) {
            KBR_PREFETCH(found[i].slots);
        }
    }
}

/* Lets the postings of every probe vote. */
static bool gather(const kaburi_index *index, const kbr_keys_probe *probes, size_t count,
                   kaburi_matches *matches) {
    list found[KBR_KEYS_QUERY_MAX];
    kbr_votes_clear(&matches->votes);
    find_postings(index, probes, count, found);
    for (size_t i = 0; i < count; i++) {
        size_t length = found[i].count;
        if (length == 0 || (probes[i].longest != 0 && length > probes[i].longest)) {
            continue;
        }
        if (length > index->postings_max) {
            length = index->postings_max;
            matches->stats.truncated++;
        }
        matches->stats.postings += length;
        if (!kbr_votes_cast(&matches->votes, found[i].slots, length, probes[i].votes)) {
            return false;
        }
    }
    matches->stats.keys = count;
    matches->stats.candidates = matches->votes.count;
    return true;
}

/* Keeps the `top` best so far in order: with 10 wanted, an insertion seldom moves anything. */
static void keep(kaburi_matches *matches, const kaburi_match *match, size_t top) {
    if (matches->count == top) {
        if (!kbr_model_precedes(match, &matches->match[top - 1])) {
            return;
        }
        matches->count--;
    }
    size_t place = matches->count++;
    for (; place > 0 && kbr_model_precedes(match, &matches->match[place - 1]); place--) {
        matches->match[place] = matches->match[place - 1];
    }
    matches->match[place] = *match;
}

/* Brings cards into the cache, the pointers to them first. */
static void fetch_pointers(const kaburi_index *index, const kbr_votes *votes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        KBR_PREFETCH(&index->cards[kbr_votes_slot(votes, i)]);
    }
}

static void fetch_lines(const kbr_card *card, size_t lines) {
    for (size_t line = 0; line < lines; line++) {
        KBR_PREFETCH((const void *)((uintptr_t)card + KBR_CARDS_LINE * line));
    }
}

/* Values the candidates [first, end) by a glance instead of their votes. */
static void glance(const kaburi_index *index, size_t first, size_t end, kaburi_matches *matches) {
    kbr_votes *votes = &matches->votes;
    for (size_t i = first; i < end + GLANCE_AHEAD; i++) {
        if (i < end) {
            fetch_lines(index->cards[kbr_votes_slot(votes, i)], GLANCE_LINES);
        }
        if (i >= first + GLANCE_AHEAD) {
            size_t at = i - GLANCE_AHEAD;
            const kbr_card *card = index->cards[kbr_votes_slot(votes, at)];
            kbr_votes_revalue(votes, at, (uint16_t)kbr_compare_glance(&matches->subject, card));
        }
    }
}

/* Moves the `wanted` to be scored to the front: half of them by votes, the others by a glance at
 * all there are, where those that come near in votes are more than wanted. */
static void sift(const kaburi_index *index, size_t wanted, size_t count, kaburi_matches *matches) {
    kbr_votes *votes = &matches->votes;
    size_t lead = wanted / 2;
    kbr_votes_lead(votes, 0, count, lead);
    if (count <= wanted) {
        return;
    }
    size_t near = kbr_votes_cut(votes, lead, count, VOTES_PART);
    if (near > wanted) {
        glance(index, lead, near, matches);
        count = near;
    }
    kbr_votes_lead(votes, lead, count, wanted - lead);
}

/* Compares, unless the customer alone rules it out, and keeps what is good enough. */
static void score_one(const kaburi_index *index, const kaburi_search_options *options,
                      const kbr_card *card, kaburi_matches *matches) {
    kbr_evidence evidence;
    kaburi_match match;
    matches->stats.scored++;
    kbr_compare_customer(&evidence, &matches->subject, card);
    double limit = kbr_model_limit(index->model, &evidence);
    if (limit < options->probability_min ||
        (matches->count == options->top && limit < matches->match[options->top - 1].probability)) {
        return;
    }
    kbr_compare_rest(&evidence, &matches->subject, card);
    kbr_model_judge(&match, index->model, options->policy != NULL ? options->policy : index->policy,
                    &evidence, card);
    if (match.probability >= options->probability_min) {
        keep(matches, &match, options->top);
    }
}

static void score(const kaburi_index *index, const kaburi_search_options *options, size_t count,
                  kaburi_matches *matches) {
    const kbr_card *query = matches->reader.card;
    const kbr_votes *votes = &matches->votes;
    for (size_t i = 0; i < count + PREFETCH_AHEAD; i++) {
        if (i < count) {
            fetch_lines(index->cards[kbr_votes_slot(votes, i)], PREFETCH_LINES);
        }
        if (i < PREFETCH_AHEAD) {
            continue;
        }
        const kbr_card *card = index->cards[kbr_votes_slot(votes, i - PREFETCH_AHEAD)];
        if ((options->flags & KABURI_SEARCH_EXCEPT_SELF) == 0 || card->id != query->id) {
            score_one(index, options, card, matches);
        }
    }
}

/* How many candidates to take by votes, and how many of those to score. */
typedef struct widths {
    size_t taken;
    size_t scored;
} widths;

static widths widths_of(const kaburi_index *index, const kbr_card *query, size_t top) {
    size_t scored = index->scored_max;
    size_t taken = scored;
    if (kbr_card_word(query, KBR_CARD_DEAL) == 0) {
        taken *= GLANCED_TIMES;
        scored /= SCORED_SHARE;
    }
    scored = scored > top ? scored : top;
    return (widths){.taken = taken > scored ? taken : scored, .scored = scored};
}

/* Takes the candidates of most votes and keeps the best matches among them. */
static bool choose(const kaburi_index *index, const kaburi_search_options *options,
                   kaburi_matches *matches) {
    widths wide = widths_of(index, matches->reader.card, options->top);
    size_t count;
    if (!kbr_votes_best(&matches->votes, wide.taken, &count)) {
        return false;
    }
    fetch_pointers(index, &matches->votes, count);
    sift(index, wide.scored, count, matches);
    score(index, options, count < wide.scored ? count : wide.scored, matches);
    return true;
}

static bool reserve_matches(kaburi_matches *matches, size_t top) {
    void *items = matches->match;
    bool done =
        kbr_reserve(&matches->allocator, &items, &matches->capacity, top, sizeof *matches->match);
    matches->match = items;
    return done;
}

/* The probes of the other names of the query. */
static size_t alias_probes(kbr_keys_probe *probes, const kaburi_index *index,
                           kaburi_matches *matches) {
    const kbr_subject *subject = &matches->subject;
    size_t count = 0;
    if ((subject->card->company_flags & KBR_COMPANY_PLACEHOLDER) != 0) {
        return 0;
    }
    for (size_t i = 0; i < KBR_COUNT(subject->aliases); i++) {
        size_t names = subject->aliases[i].count;
        size_t taken = names < KBR_KEYS_ALIASES_MAX ? names : KBR_KEYS_ALIASES_MAX;
        matches->stats.truncated += names - taken;
        count += kbr_keys_of_aliases(probes + count, &index->plan, subject->card,
                                     subject->aliases[i].others, taken);
    }
    return count;
}

kaburi_status kbr_index_search(const kaburi_index *index, const kaburi_record *query,
                               const kaburi_search_options *options, kaburi_matches *matches,
                               kaburi_error *error) {
    matches->count = 0;
    memset(&matches->stats, 0, sizeof matches->stats);
    matches->reader.unread = is_unread(&index->plan);
    kaburi_status status = kbr_reader_read(&matches->reader, query, error);
    if (status != KABURI_OK) {
        return status;
    }
    if (!reserve_matches(matches, options->top)) {
        return kbr_fail_memory(error);
    }
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    size_t probe_count = kbr_keys_of_query(probes, &index->plan, matches->reader.card);
    kbr_subject_prepare(&matches->subject, matches->reader.card, index->aliases);
    probe_count += alias_probes(probes + probe_count, index, matches);

    (void)pthread_rwlock_rdlock(index->lock);
    bool done = gather(index, probes, probe_count, matches) && choose(index, options, matches);
    (void)pthread_rwlock_unlock(index->lock);
    return done ? KABURI_OK : kbr_fail_memory(error);
}

/* ---- check ---- */

const char *kbr_index_check(const kaburi_index *index) {
    const char *wrong = kbr_table_check(index->ids);
    if (wrong == NULL) {
        wrong = kbr_table_check(index->keys);
    }
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint64_t postings = 0;
    for (size_t i = 0; wrong == NULL && i < index->slot_count; i++) {
        if (index->cards[i] == NULL) {
            continue;
        }
        if (slot_of(index, index->cards[i]->id) != i) {
            wrong = "an id does not lead to its slot";
        }
        postings += kbr_keys_of_record(keys, &index->plan, index->cards[i]);
    }
    kbr_table_stats stats;
    kbr_table_measure(index->keys, &stats);
    if (wrong == NULL && stats.postings != postings) {
        wrong = "postings are left over or missing";
    }
    return wrong;
}
