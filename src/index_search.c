/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searching: keys are looked up, their postings vote, the candidates of most votes are scored
 * exactly. Whatever is loaded from all over the memory is asked for long before it is read.
 */
#include "index.h"

#include "index_state.h"

#include <string.h>

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

/* ---- votes ---- */

/* What a probe finds beside the archive and in it. */
typedef struct hit {
    kbr_list list;
    kbr_postings archived;
    bool is_archived;
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

/* Slots looked at in an archived list for those that were not removed since. */
#define LOOKED_AT_MAX 16384

/* What kbr_segment_read does, of the records that are still there. */
static size_t read_living(const hit *found, kaburi_matches *matches, uint32_t *slots,
                          size_t capacity, size_t *total) {
    const kbr_segment *keys = &matches->holding->archive.keys;
    kbr_postings left = found->archived;
    size_t count = 0;
    uint32_t slot;
    *total = 0;
    kbr_segment_start(keys, &left);
    for (size_t looked = 0; kbr_segment_next(keys, &left, &slot); looked++) {
        if (looked == LOOKED_AT_MAX) {
            ++*total; /* that there is more is all that is known */
            break;
        }
        if (kbr_holding_card(matches->holding, slot, matches->version) != NULL) {
            ++*total;
            if (count < capacity) {
                slots[count++] = slot;
            }
        }
    }
    return count;
}

/* The archived postings of one probe. Removed records are left out where they would take the place
 * of others; elsewhere they are, once for all lists, when all have voted. */
static size_t read_archived(const kbr_keys_probe *probe, const hit *found, kaburi_matches *matches,
                            uint32_t *slots, size_t capacity, size_t *total) {
    size_t count =
        kbr_segment_read(&matches->holding->archive.keys, &found->archived, slots, capacity, total);
    bool passed_over = probe->longest != 0 && *total > probe->longest;
    if ((count < *total || passed_over) && kbr_holding_has_dead(matches->holding)) {
        count = read_living(found, matches, slots, capacity, total);
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
    return kbr_holding_card(matches->holding, slot, matches->version) != NULL;
}

/* Lets the postings of every probe vote. */
static bool gather(const kaburi_index *index, const kbr_keys_probe *probes, size_t count,
                   kaburi_matches *matches) {
    hit lists[KBR_KEYS_QUERY_MAX];
    kbr_votes_clear(&matches->votes);
    find_postings(matches->holding, probes, count, lists);
    for (size_t i = 0; i < count; i++) {
        if (!cast(&probes[i], &lists[i], index->options.postings_max, matches)) {
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

static void fetch_lines(const kbr_card *card, size_t lines) {
    for (size_t line = 0; line < lines; line++) {
        KBR_PREFETCH((const void *)((uintptr_t)card + KBR_CARDS_LINE * line));
    }
}

/* Values the candidates [first, end) by a glance instead of their votes. */
static void glance(size_t first, size_t end, kaburi_matches *matches) {
    kbr_votes *votes = &matches->votes;
    for (size_t i = first; i < end + GLANCE_AHEAD; i++) {
        if (i < end) {
            fetch_lines(card_at(matches, i), GLANCE_LINES);
        }
        if (i >= first + GLANCE_AHEAD) {
            size_t at = i - GLANCE_AHEAD;
            const kbr_card *card = card_at(matches, at);
            uint32_t value = card != NULL ? kbr_compare_glance(&matches->subject, card) : 0;
            kbr_votes_revalue(votes, at, (uint16_t)value);
        }
    }
}

/* Moves the `wanted` to be scored to the front: half of them by votes, the others by a glance at
 * all there are, where those that come near in votes are more than wanted. */
static void sift(size_t wanted, size_t count, kaburi_matches *matches) {
    kbr_votes *votes = &matches->votes;
    size_t lead = wanted / 2;
    kbr_votes_lead(votes, 0, count, lead);
    if (count <= wanted) {
        return;
    }
    size_t near = kbr_votes_cut(votes, lead, count, VOTES_PART);
    if (near > wanted) {
        glance(lead, near, matches);
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
    for (size_t i = 0; i < count + PREFETCH_AHEAD; i++) {
        if (i < count) {
            fetch_lines(card_at(matches, i), PREFETCH_LINES);
        }
        if (i < PREFETCH_AHEAD) {
            continue;
        }
        const kbr_card *card = card_at(matches, i - PREFETCH_AHEAD);
        if (card != NULL &&
            ((options->flags & KABURI_SEARCH_EXCEPT_SELF) == 0 || card->id != query->id)) {
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
    size_t scored = index->options.scored_max;
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
    fetch_entries(matches, count);
    sift(wide.scored, count, matches);
    score(index, options, count < wide.scored ? count : wide.scored, matches);
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
    kbr_keys_set_reader(&matches->reader, &index->plan);
    kaburi_status status = kbr_reader_read(&matches->reader, query, error);
    if (status != KABURI_OK) {
        return status;
    }
    if (!reserve_matches(matches, options->top, index->options.postings_max)) {
        return kbr_fail_memory(error);
    }
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    size_t probe_count = kbr_keys_of_query(probes, &index->plan, matches->reader.card);
    kbr_subject_prepare(&matches->subject, matches->reader.card, index->aliases);
    probe_count += alias_probes(probes + probe_count, index, matches);

    matches->version = kbr_epoch_enter(index->epoch, &matches->place);
    matches->holding = kbr_index_holding(index);
    bool done = gather(index, probes, probe_count, matches) && choose(index, options, matches);
    kbr_epoch_leave(index->epoch, matches->place);
    return done ? KABURI_OK : kbr_fail_memory(error);
}
