/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searching: keys are looked up, their postings vote, the candidates of most votes are scored
 * exactly. Whatever is loaded from all over the memory is asked for long before it is read.
 */
#include "index.h"

#include "index_state.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* How many candidates ahead the struct of a card is fetched, and ahead of the glance or comparison
 * what lies behind it, up to so many bytes. */
#define FETCH_AHEAD 4
#define FETCHED_MAX 1024

/* A name alone gets votes that say little of how alike it is: up to 3 * scored_max candidates are
 * glanced at, then scored_max / 2 scored, half of them those of most votes. Over 304,000 and over
 * 1,000,000 names recall at 10 of no kind of query is more than .004 less than with scored_max
 * scored, and of all of them .001 more. A candidate with less than a 32nd of the most votes is not
 * glanced at. With a deal's name 64 by votes find all there is: of 3,000 contracts entered anew as
 * many as 96, of 800 renewals two more. */
#define GLANCED_TIMES 3
#define SCORED_SHARE 2
#define VOTES_PART 32
/* How many lists ahead of the one that votes are brought into the cache. */
#define LISTS_AHEAD 4

/* ---- time ---- */

/* The clock is asked for every so many keys or candidates, each of some 100 ns; and not before as
 * many candidates are there. */
#define BETWEEN_LOOKS ((size_t)16)
#define COMPARED_MIN 16

static uint64_t now(void) {
    struct timespec at = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000U + (uint64_t)at.tv_nsec;
}

/* Whether the search has to end before step `at` of a loop. */
static bool is_late(const kaburi_matches *matches, size_t at) {
    return matches->deadline != 0 && at % BETWEEN_LOOKS == 0 && now() >= matches->deadline;
}

/* ---- votes ---- */

/* What a probe finds beside the archive and in it. */
typedef struct hit {
    kbr_list list;
    kbr_postings archived;
    bool is_archived;
    size_t count; /* of both */
} hit;

/* Each look-up waits for memory two or three times, and all waits of a kind are under way at once.
 */
static void find_postings(const kbr_holding *holding, const kbr_keys_probe *probes, size_t count,
                          hit *out) {
    bool archived = holding->archive.slot_count > 0;
    const kbr_segment *keys = &holding->archive.keys;
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch(holding->keys, probes[i].key);
        if (archived) {
            kbr_segment_prefetch(keys, probes[i].key);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (archived) {
            kbr_segment_prefetch_bucket(keys, probes[i].key);
        }
        out[i].list = kbr_table_find(holding->keys, probes[i].key);
    }
    for (size_t i = 0; i < count; i++) {
        out[i].is_archived = archived && kbr_segment_find(keys, probes[i].key, &out[i].archived);
    }
}

/*
 * Lists are read from the short ones on until enough postings have voted; but a whole name, number
 * or deal is told by its list however long, and single shingles have a limit of their own. What
 * many records share tells few of them apart: over 304,000 names a search reads a third of the
 * postings so, over 1,000,000 a sixth, and more is found among the first ten, of 5,078 names .924
 * instead of .922, over a million .885 instead of .877, and not less of any kind of query.
 */
#define POSTINGS_ENOUGH 300
#define SHORT_LIST 64 /* read in any case */
#define VOTES_TELLING 250
#define LENGTH_CLASSES 128
/* A list of as many is alone more than enough, and counting goes no further. */
#define COUNTED_MAX 384

/* Slots looked at in an archived list for those that were not removed since. */
#define LOOKED_AT_MAX 16384

/* What kbr_segment_read does, of the records that are still there; it ends when there are `enough`.
 */
static size_t read_living(const hit *found, kaburi_matches *matches, size_t enough, uint32_t *slots,
                          size_t capacity, size_t *total) {
    const kbr_segment *keys = &matches->holding->archive.keys;
    kbr_postings left = found->archived;
    size_t count = 0;
    uint32_t slot;
    *total = 0;
    kbr_segment_start(keys, &left);
    for (size_t looked = 0; *total < enough && kbr_segment_next(keys, &left, &slot); looked++) {
        if (looked == LOOKED_AT_MAX) {
            ++*total; /* that there is more is all that is known */
            break;
        }
        if (kbr_holding_is_archived(matches->holding, slot, matches->version)) {
            ++*total;
            if (count < capacity) {
                slots[count++] = slot;
            }
        }
    }
    return count;
}

/* How many postings each probe has, COUNTED_MAX at least where there are more. Removed records are
 * not counted: which lists are read must not depend on what was there once. */
static void count_postings(kaburi_matches *matches, hit *lists, size_t count) {
    const kbr_segment *keys = &matches->holding->archive.keys;
    size_t removed = atomic_load_explicit(&matches->holding->removed_count, memory_order_acquire);
    for (size_t i = 0; i < count; i++) {
        size_t archived = lists[i].is_archived ? kbr_segment_count(keys, &lists[i].archived) : 0;
        if (removed > 0 && archived > 0 && archived < removed + COUNTED_MAX) {
            (void)read_living(&lists[i], matches, COUNTED_MAX, NULL, 0, &archived);
        }
        lists[i].count = kbr_list_count(lists[i].list) + archived;
    }
}

/* The archived postings of one probe. Removed records are left out where they would take the place
 * of others; elsewhere they are, once for all lists, when all have voted. */
static size_t read_archived(const kbr_keys_probe *probe, const hit *found, kaburi_matches *matches,
                            uint32_t *slots, size_t capacity, size_t *total) {
    size_t count =
        kbr_segment_read(&matches->holding->archive.keys, &found->archived, slots, capacity, total);
    bool passed_over = probe->longest != 0 && *total > probe->longest;
    if ((count < *total || passed_over) && kbr_holding_has_dead(matches->holding)) {
        count = read_living(found, matches, SIZE_MAX, slots, capacity, total);
    }
    return count;
}

/* The postings of one probe vote, those beside the archive first: of a list that is too long, the
 * latest are the likelier. */
static bool cast(const kbr_keys_probe *probe, const hit *found, size_t postings_max,
                 kaburi_matches *matches) {
    size_t total = kbr_list_count(found->list);
    size_t archived = 0;
    if (total == 0 && !found->is_archived) {
        return true;
    }
    size_t count = kbr_list_read(found->list, matches->slots, postings_max);
    total = total < count ? count : total; /* one may just have been added */
    if (found->is_archived) {
        count += read_archived(probe, found, matches, matches->slots + count, postings_max - count,
                               &archived);
    }
    total += archived;
    if (probe->longest != 0 && total > probe->longest) {
        return true;
    }
    matches->stats.truncated += count < total;
    matches->stats.postings += count;
    return kbr_votes_cast(&matches->votes, matches->slots, count, probe->votes);
}

static bool is_there(const void *context, uint32_t slot) {
    const kaburi_matches *matches = context;
    return slot < matches->holding->archive.slot_count
               ? kbr_holding_is_archived(matches->holding, slot, matches->version)
               : kbr_holding_card(matches->holding, slot, matches->version) != NULL;
}

/* Lists by length, two classes to each power of 2, so that nothing is sorted. */
static uint32_t class_of(size_t length) {
    uint32_t log = 63U - (uint32_t)__builtin_clzll(length);
    return 2 * log + (log > 0 ? (uint32_t)(length >> (log - 1)) & 1U : 0);
}

/* The first class of lists that are too long to be read. */
static uint32_t too_long(const kbr_keys_probe *probes, const hit *lists, size_t count) {
    uint64_t sums[LENGTH_CLASSES] = {0};
    for (size_t i = 0; i < count; i++) {
        if (lists[i].count > 0 && probes[i].longest == 0) {
            sums[class_of(lists[i].count)] += lists[i].count;
        }
    }
    uint64_t sum = 0;
    uint32_t first = 0;
    while (first < LENGTH_CLASSES) {
        sum += sums[first];
        if (sum > POSTINGS_ENOUGH && first >= class_of(SHORT_LIST)) {
            break;
        }
        first++;
    }
    return first;
}

static bool is_passed_over(const kbr_keys_probe *probe, const hit *found, uint32_t from_class) {
    return found->count == 0 || (probe->longest == 0 && probe->votes < VOTES_TELLING &&
                                 class_of(found->count) >= from_class);
}

/* Lets the postings of every probe vote. */
static bool gather(const kbr_keys_probe *probes, size_t count, kaburi_matches *matches) {
    hit lists[KBR_KEYS_QUERY_MAX];
    kbr_votes_clear(&matches->votes);
    find_postings(matches->holding, probes, count, lists);
    count_postings(matches, lists, count);
    uint32_t from_class = too_long(probes, lists, count);
    for (size_t i = 0; i < count; i++) {
        if (matches->votes.count >= COMPARED_MIN && is_late(matches, i)) {
            matches->stats.truncated += count - i;
            break;
        }
        if (i + LISTS_AHEAD < count) {
            kbr_list_prefetch(lists[i + LISTS_AHEAD].list);
        }
        if (!is_passed_over(&probes[i], &lists[i], from_class) &&
            !cast(&probes[i], &lists[i], matches->postings_max, matches)) {
            return false;
        }
    }
    if (kbr_holding_has_dead(matches->holding)) {
        kbr_votes_filter(&matches->votes, is_there, matches);
    }
    matches->stats.keys = count;
    matches->stats.candidates = matches->votes.count;
    return true;
}

/* ---- scores ---- */

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

/* Brings cards into the cache, what leads to them first. */
static void fetch_entries(const kaburi_matches *matches, size_t count) {
    for (size_t i = 0; i < count; i++) {
        KBR_PREFETCH(kbr_holding_entry(matches->holding, kbr_votes_slot(&matches->votes, i)));
    }
}

/* The card of a candidate; NULL where it died or was not yet born when the search began. */
static const kbr_card *card_at(const kaburi_matches *matches, size_t position) {
    return kbr_holding_card(matches->holding, kbr_votes_slot(&matches->votes, position),
                            matches->version);
}

/* A card comes in two steps: its struct says how far what lies behind it reaches. */
static void fetch_struct(const kbr_card *card) {
    if (card != NULL) {
        KBR_PREFETCH(card);
        KBR_PREFETCH((const void *)((uintptr_t)card + KBR_CARDS_LINE));
    }
}

static void fetch_behind(const kbr_card *card) {
    for (size_t at = 2 * KBR_CARDS_LINE; card != NULL && at < card->size && at < FETCHED_MAX;
         at += KBR_CARDS_LINE) {
        KBR_PREFETCH((const void *)((uintptr_t)card + at));
    }
}

/* The cards of candidates on their way into the cache, the latest of them. */
typedef struct stream {
    const kbr_card *cards[2 * FETCH_AHEAD];
    size_t next;
} stream;

/* Takes in the card of a candidate, NULL for none, and gives that of the one 2 * FETCH_AHEAD before
 * it. */
static const kbr_card *pass(stream *cards, const kbr_card *card) {
    size_t place = cards->next++ % KBR_COUNT(cards->cards);
    const kbr_card *struct_there = cards->cards[(place + FETCH_AHEAD) % KBR_COUNT(cards->cards)];
    const kbr_card *all_there = cards->cards[place];
    fetch_struct(card);
    fetch_behind(struct_there);
    cards->cards[place] = card;
    return all_there;
}

/* Values the candidates [first, end) by a glance instead of their votes. */
static void glance(size_t first, size_t end, kaburi_matches *matches) {
    kbr_votes *votes = &matches->votes;
    stream cards = {.next = 0};
    for (size_t i = first; i < end + 2 * FETCH_AHEAD; i++) {
        const kbr_card *card = pass(&cards, i < end ? card_at(matches, i) : NULL);
        if (i >= first + 2 * FETCH_AHEAD) {
            uint32_t value = card != NULL ? kbr_compare_glance(&matches->subject, card) : 0;
            kbr_votes_revalue(votes, i - 2 * FETCH_AHEAD, (uint16_t)value);
        }
    }
}

/* How many candidates to take by votes, and how many of those to score. */
typedef struct widths {
    size_t taken;
    size_t scored;
} widths;

/* Moves those to be scored to the front, and returns how many: of a name alone half of them by
 * votes, the others by a glance at what comes near in votes, where that is more. */
static size_t sift(const widths *wide, size_t count, kaburi_matches *matches) {
    kbr_votes *votes = &matches->votes;
    size_t scored = wide->scored;
    size_t near = kbr_votes_cut(votes, count, VOTES_PART);
    count = near > scored ? near : count;
    size_t taken = near > scored ? wide->taken : scored;
    kbr_votes_lead(votes, 0, count, taken);
    count = count < taken ? count : taken;
    fetch_entries(matches, count);
    if (count > scored && is_late(matches, 0)) {
        kbr_votes_lead(votes, 0, count, scored);
    } else if (count > scored) {
        size_t lead = scored / 2;
        kbr_votes_lead(votes, 0, count, lead);
        glance(lead, count, matches);
        kbr_votes_lead(votes, lead, count, scored - lead);
    }
    if (matches->deadline != 0) { /* those are compared first, however late it is */
        kbr_votes_lead(votes, 0, count < scored / 2 ? count : scored / 2, BETWEEN_LOOKS);
    }
    return count < scored ? count : scored;
}

/* Whether the customer alone rules a candidate out. The probability wanted only rises while a query
 * is scored, so that what was too little once is so ever after, and needs no exponential. */
static bool is_ruled_out(const kaburi_index *index, const kaburi_search_options *options,
                         const kbr_evidence *evidence, kaburi_matches *matches) {
    double customer = kbr_model_customer(index->model, evidence);
    if (customer <= matches->ruled_out) {
        return true;
    }
    double limit = kbr_model_limit(index->model, customer);
    bool out =
        limit < options->probability_min ||
        (matches->count == options->top && limit < matches->match[options->top - 1].probability);
    matches->ruled_out = out ? customer : matches->ruled_out;
    return out;
}

/* Compares, and keeps what is good enough. */
static void score_one(const kaburi_index *index, const kaburi_search_options *options,
                      const kbr_card *card, kaburi_matches *matches) {
    kbr_evidence evidence;
    kaburi_match match;
    matches->stats.scored++;
    kbr_compare_customer(&evidence, &matches->subject, card);
    if (is_ruled_out(index, options, &evidence, matches)) {
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
    stream cards = {.next = 0};
    matches->ruled_out = -INFINITY;
    for (size_t i = 0; i < count + 2 * FETCH_AHEAD; i++) {
        if (i > 2 * FETCH_AHEAD && is_late(matches, i - 2 * FETCH_AHEAD)) {
            matches->stats.truncated += count + 2 * FETCH_AHEAD - i;
            break;
        }
        const kbr_card *card = pass(&cards, i < count ? card_at(matches, i) : NULL);
        if (card != NULL &&
            ((options->flags & KABURI_SEARCH_EXCEPT_SELF) == 0 || card->id != query->id)) {
            score_one(index, options, card, matches);
        }
    }
}

static widths widths_of(const kaburi_index *index, const kaburi_search_options *options,
                        const kbr_card *query) {
    size_t top = options->top;
    size_t scored = options->scored_max != 0 ? options->scored_max : index->options.scored_max;
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
    widths wide = widths_of(index, options, matches->reader.card);
    size_t count;
    if (!kbr_votes_list(&matches->votes, &count)) {
        return false;
    }
    score(index, options, sift(&wide, count, matches), matches);
    return true;
}

static bool reserve_matches(kaburi_matches *matches, size_t top, size_t postings) {
    void *items = matches->match;
    bool done =
        kbr_reserve(&matches->allocator, &items, &matches->capacity, top, sizeof *matches->match);
    matches->match = items;
    void *slots = matches->slots;
    done = done && kbr_reserve(&matches->allocator, &slots, &matches->slot_capacity, postings,
                               sizeof *matches->slots);
    matches->slots = slots;
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
    matches->deadline =
        options->microseconds_max == 0 ? 0 : now() + UINT64_C(1000) * options->microseconds_max;
    matches->postings_max =
        options->postings_max != 0 ? options->postings_max : index->options.postings_max;
    kbr_keys_set_reader(&matches->reader, &index->plan);
    kaburi_status status = kbr_reader_read(&matches->reader, query, error);
    if (status != KABURI_OK) {
        return status;
    }
    if (!reserve_matches(matches, options->top, matches->postings_max)) {
        return kbr_fail_memory(error);
    }
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    size_t probe_count = kbr_keys_of_query(probes, &index->plan, matches->reader.card);
    kbr_subject_prepare(&matches->subject, matches->reader.card, index->aliases);
    probe_count += alias_probes(probes + probe_count, index, matches);

    matches->version = kbr_epoch_enter(index->epoch, &matches->place);
    matches->holding = kbr_index_holding(index);
    bool done = gather(probes, probe_count, matches) && choose(index, options, matches);
    kbr_epoch_leave(index->epoch, matches->place);
    return done ? KABURI_OK : kbr_fail_memory(error);
}
