/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots. The cards go into the file one by one, so that saving needs no second copy of them;
 * their hash is known only then, and the header is written last.
 */
#include "snapshot.h"

#include "fingerprint.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#define MAGIC "\x89KABURI\n"
#define ENDIAN 0x01020304U
#define ENDIAN_SWAPPED 0x04030201U
#define ALIGNMENT 64
#define HEADER_SIZE_MAX 65536 /* of any version */

typedef struct segment_plan {
    uint64_t key_count;
    uint64_t posting_count;
    uint32_t bucket_count;
    uint32_t shift;
} segment_plan;

typedef struct section {
    uint32_t kind;
    uint32_t reserved;
    uint64_t offset;
    uint64_t size;
    uint64_t hash;
} section;

typedef struct header {
    char magic[8];
    uint32_t endian;
    uint32_t version;
    uint64_t file_size;
    uint32_t header_size;
    uint32_t section_count;
    uint64_t reserved;
    uint64_t hash;
    /* of this version */
    uint64_t fingerprints[KBR_FINGERPRINT_COUNT];
    uint64_t seed;
    int32_t sketch;
    uint32_t flags;
    uint32_t bands;
    uint32_t rows;
    uint32_t record_rarest;
    uint32_t query_rarest;
    uint32_t deletion_max;
    uint32_t postings_max;
    uint32_t scored_max;
    uint32_t slot_count;
    uint32_t card_shift;
    uint32_t reserved_plan;
    segment_plan keys;
    segment_plan ids;
    uint64_t reserved_end[7];
    section sections[KBR_SECTION_COUNT];
} header;

_Static_assert(offsetof(header, hash) == 40 && offsetof(header, fingerprints) == 48 &&
                   offsetof(header, seed) == 96 && offsetof(header, sections) == 256 &&
                   sizeof(header) % ALIGNMENT == 0,
               "as snapshot.h draws it");

static uint64_t hash_of_header(const void *data, size_t size) {
    static const uint64_t none = 0;
    const char *bytes = data;
    const size_t at = offsetof(header, hash);
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    (void)XXH3_64bits_reset(&state);
    (void)XXH3_64bits_update(&state, bytes, at);
    (void)XXH3_64bits_update(&state, &none, sizeof none);
    (void)XXH3_64bits_update(&state, bytes + at + sizeof none, size - at - sizeof none);
    return XXH3_64bits_digest(&state);
}

/* ---- write ---- */

static segment_plan plan_of_segment(const kbr_segment *segment) {
    return (segment_plan){.key_count = segment->key_count,
                          .posting_count = segment->posting_count,
                          .bucket_count = segment->bucket_count,
                          .shift = segment->shift};
}

static void fill_header(header *out, const kbr_archive *archive,
                        const kaburi_index_options *options) {
    memcpy(out->magic, MAGIC, sizeof out->magic);
    out->endian = ENDIAN;
    out->version = KBR_SNAPSHOT_VERSION;
    out->header_size = sizeof *out;
    out->section_count = KBR_SECTION_COUNT;
    out->seed = options->seed;
    out->sketch = options->sketch;
    out->flags = options->flags;
    out->bands = options->bands;
    out->rows = options->rows;
    out->record_rarest = options->record_rarest;
    out->query_rarest = options->query_rarest;
    out->deletion_max = options->deletion_max;
    out->postings_max = options->postings_max;
    out->scored_max = options->scored_max;
    out->slot_count = archive->slot_count;
    out->card_shift = archive->card_shift;
    out->keys = plan_of_segment(&archive->keys);
    out->ids = plan_of_segment(&archive->ids);
}

typedef struct writer {
    kbr_output *output;
    header *head;
    uint64_t at; /* bytes written */
    XXH3_state_t *state;
} writer;

static const char zeros[ALIGNMENT * 4];

static void begin_section(writer *with, uint32_t kind) {
    size_t gap = (size_t)(-with->at % ALIGNMENT);
    (void)kbr_output_write(with->output, zeros, gap);
    with->at += gap;
    with->head->sections[kind] = (section){.kind = kind, .offset = with->at};
    (void)XXH3_64bits_reset(with->state);
}

static void put(writer *with, const void *data, uint64_t size) {
    if (size > 0) {
        (void)kbr_output_write(with->output, data, (size_t)size);
        (void)XXH3_64bits_update(with->state, data, (size_t)size);
        with->at += size;
    }
}

static void end_section(writer *with, uint32_t kind) {
    section *written = &with->head->sections[kind];
    written->size = with->at - written->offset;
    written->hash = XXH3_64bits_digest(with->state);
}

static void put_section(writer *with, uint32_t kind, const void *data, uint64_t size) {
    begin_section(with, kind);
    put(with, data, size);
    end_section(with, kind);
}

static void put_cards(writer *with, const kbr_archive *archive, const kbr_archive_source *source) {
    begin_section(with, KBR_SECTION_CARDS);
    for (uint32_t slot = 0; slot < source->slot_count; slot++) {
        const kbr_card *card = source->card_of(source->context, slot);
        put(with, card, card->size);
        put(with, zeros, kbr_archive_place_size(archive, card) - card->size);
    }
    end_section(with, KBR_SECTION_CARDS);
}

static void put_segment(writer *with, uint32_t directory, const kbr_segment *segment) {
    put_section(with, directory, segment->directory,
                ((uint64_t)segment->bucket_count + 1) * sizeof(uint32_t));
    put_section(with, directory + 1, segment->lists, segment->lists_size);
    put_section(with, directory + 2, segment->longs, segment->longs_size);
}

static void put_all(writer *with, const kbr_archive *archive, const kbr_archive_source *source) {
    header *head = with->head;
    (void)kbr_output_write(with->output, head, sizeof *head);
    with->at = sizeof *head;
    put_section(with, KBR_SECTION_OFFSETS, archive->offsets,
                ((uint64_t)archive->slot_count + 1) * sizeof(uint32_t));
    put_cards(with, archive, source);
    put_segment(with, KBR_SECTION_KEY_DIRECTORY, &archive->keys);
    put_segment(with, KBR_SECTION_ID_DIRECTORY, &archive->ids);
    head->file_size = with->at;
    head->hash = hash_of_header(head, sizeof *head);
    (void)kbr_output_write_first(with->output, head, sizeof *head);
}

kaburi_status kbr_snapshot_write(const char *path, const kbr_archive *archive,
                                 const kbr_archive_source *source,
                                 const kaburi_index_options *options, const kbr_keys_plan *plan,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    header head;
    XXH3_state_t state;
    memset(&head, 0, sizeof head);
    XXH3_INITSTATE(&state);
    writer with = {.head = &head, .state = &state};
    fill_header(&head, archive, options);
    if (!kbr_fingerprint_take(head.fingerprints, plan, allocator)) {
        return kbr_fail_memory(error);
    }
    kaburi_status status = kbr_output_create(&with.output, path, allocator, error);
    if (status == KABURI_OK) {
        put_all(&with, archive, source);
        status = kbr_output_close(with.output, error);
    }
    return status;
}

/* ---- open ---- */

static kaburi_status damaged(uint64_t offset, const char *path, const char *what,
                             kaburi_error *error) {
    return kbr_fail_at(error, KABURI_ERROR_DAMAGED, offset, "%.120s is damaged: %s", path, what);
}

/* What means the same in every version. */
static kaburi_status check_start(const kbr_mapping *mapping, const char *path,
                                 kaburi_error *error) {
    const header *head = mapping->data;
    if (mapping->size < sizeof head->magic || memcmp(head->magic, MAGIC, sizeof head->magic) != 0) {
        return kbr_fail(error, KABURI_ERROR_FORMAT, "%.160s is not a snapshot of kaburi", path);
    }
    if (mapping->size < offsetof(header, fingerprints)) {
        return damaged(mapping->size, path, "its header is cut", error);
    }
    if (head->endian == ENDIAN_SWAPPED) {
        return kbr_fail(error, KABURI_ERROR_ENDIAN,
                        "%.120s was written by a machine of another order of bytes", path);
    }
    size_t size = head->header_size;
    if (head->endian != ENDIAN || size < offsetof(header, fingerprints) || size > HEADER_SIZE_MAX) {
        return damaged(offsetof(header, endian), path, "its header is none", error);
    }
    if (mapping->size < size) {
        return damaged(mapping->size, path, "its header is cut", error);
    }
    if (hash_of_header(head, size) != head->hash) {
        return damaged(offsetof(header, hash), path, "the hash of its header is wrong", error);
    }
    if (head->version != KBR_SNAPSHOT_VERSION) {
        return kbr_fail(error, KABURI_ERROR_VERSION,
                        "%.120s is a snapshot of version %u; this library reads %d", path,
                        head->version, KBR_SNAPSHOT_VERSION);
    }
    if (mapping->size != head->file_size) {
        return damaged(mapping->size, path,
                       mapping->size < head->file_size ? "it is cut" : "it is too long", error);
    }
    return KABURI_OK;
}

static kaburi_status check_fingerprints(const header *head, const kbr_keys_plan *plan,
                                        const char *path, const kaburi_allocator *allocator,
                                        kaburi_error *error) {
    uint64_t own[KBR_FINGERPRINT_COUNT];
    if (!kbr_fingerprint_take(own, plan, allocator)) {
        return kbr_fail_memory(error);
    }
    for (int i = 0; i < KBR_FINGERPRINT_COUNT; i++) {
        if (own[i] != head->fingerprints[i]) {
            return kbr_fail(error, KABURI_ERROR_TABLES,
                            "%.120s was made with other tables (%s): its records must be read anew",
                            path, kbr_fingerprint_name(i));
        }
    }
    return KABURI_OK;
}

/* The options of the header, checked as a caller's are. */
static kaburi_status read_options(kbr_snapshot *out, const header *head, const char *path,
                                  kaburi_error *error) {
    out->options = (kaburi_index_options){
        .struct_size = sizeof out->options,
        .flags = head->flags,
        .sketch = head->sketch,
        .bands = head->bands,
        .rows = head->rows,
        .record_rarest = head->record_rarest,
        .query_rarest = head->query_rarest,
        .deletion_max = head->deletion_max,
        .postings_max = head->postings_max,
        .scored_max = head->scored_max,
        .seed = head->seed,
    };
    if (kbr_keys_plan_init(&out->plan, &out->options, NULL) != KABURI_OK) {
        return damaged(offsetof(header, seed), path, "its options are out of range", error);
    }
    return KABURI_OK;
}

/* ---- sections ---- */

/* Whether a section lies within the file, where it may be read as 64-bit numbers. */
static bool lies_within(const header *head, uint32_t kind) {
    const section *at = &head->sections[kind];
    return at->kind == kind && at->offset % ALIGNMENT == 0 && at->offset >= head->header_size &&
           at->offset <= head->file_size && at->size <= head->file_size - at->offset;
}

static const void *data_of(const kbr_snapshot *with, const header *head, uint32_t kind) {
    return (const char *)with->mapping.data + head->sections[kind].offset;
}

static bool read_segment(kbr_segment *out, const kbr_snapshot *with, const header *head,
                         const segment_plan *plan, uint32_t directory) {
    *out = (kbr_segment){
        .directory = data_of(with, head, directory),
        .lists = data_of(with, head, directory + 1),
        .longs = data_of(with, head, directory + 2),
        .lists_size = head->sections[directory + 1].size,
        .longs_size = head->sections[directory + 2].size,
        .key_count = plan->key_count,
        .posting_count = plan->posting_count,
        .bucket_count = plan->bucket_count,
        .shift = plan->shift,
        .slot_count = head->slot_count,
        .slot_width = kbr_segment_width(head->slot_count),
    };
    return plan->bucket_count >= 1 && plan->shift < 32 &&
           head->sections[directory].size ==
               ((uint64_t)plan->bucket_count + 1) * sizeof(uint32_t) &&
           out->lists_size >= KBR_SEGMENT_SLACK && out->longs_size >= KBR_SEGMENT_SLACK &&
           /* A posting takes a byte at least, but for those that are coded once for two keys. */
           plan->key_count <= out->lists_size &&
           plan->posting_count <= 2 * (out->lists_size + out->longs_size);
}

static bool read_archive(kbr_snapshot *out, const header *head) {
    if (head->section_count != KBR_SECTION_COUNT || head->header_size != sizeof *head) {
        return false;
    }
    for (uint32_t kind = 0; kind < KBR_SECTION_COUNT; kind++) {
        if (!lies_within(head, kind)) {
            return false;
        }
    }
    kbr_archive *archive = &out->archive;
    archive->slot_count = head->slot_count;
    archive->card_shift = head->card_shift;
    archive->offsets = data_of(out, head, KBR_SECTION_OFFSETS);
    archive->cards = data_of(out, head, KBR_SECTION_CARDS);
    archive->cards_size = head->sections[KBR_SECTION_CARDS].size;
    return head->slot_count <= INT32_MAX && head->card_shift >= 3 && head->card_shift < 8 &&
           head->sections[KBR_SECTION_OFFSETS].size ==
               ((uint64_t)head->slot_count + 1) * sizeof(uint32_t) &&
           read_segment(&archive->keys, out, head, &head->keys, KBR_SECTION_KEY_DIRECTORY) &&
           read_segment(&archive->ids, out, head, &head->ids, KBR_SECTION_ID_DIRECTORY);
}

/* No section's hash tells of what is between them. */
static bool is_zero(const kbr_snapshot *with, uint64_t begin, uint64_t end) {
    const char *bytes = with->mapping.data;
    while (begin < end && bytes[begin] == 0) {
        begin++;
    }
    return begin >= end;
}

static kaburi_status check_sections(const kbr_snapshot *with, const header *head, const char *path,
                                    kaburi_error *error) {
    uint64_t end = head->header_size;
    kbr_mapping_fetch(&with->mapping);
    for (uint32_t kind = 0; kind < KBR_SECTION_COUNT; kind++) {
        const section *at = &head->sections[kind];
        if (at->offset < end || at->offset - end >= ALIGNMENT || !is_zero(with, end, at->offset)) {
            return damaged(end, path, "there is something between its sections", error);
        }
        end = at->offset + at->size;
        if (XXH3_64bits(data_of(with, head, kind), at->size) != at->hash) {
            return damaged(at->offset, path, "the hash of a section is wrong", error);
        }
    }
    if (end != head->file_size) {
        return damaged(end, path, "there is something behind its sections", error);
    }
    return KABURI_OK;
}

/* Of a snapshot of these tables: a card of others may be laid out otherwise. */
static kaburi_status check_cards(const kbr_snapshot *with, const header *head, const char *path,
                                 kaburi_error *error) {
    const char *wrong = kbr_archive_check_cards(&with->archive);
    return wrong == NULL ? KABURI_OK
                         : damaged(head->sections[KBR_SECTION_CARDS].offset, path, wrong, error);
}

kaburi_status kbr_snapshot_open(kbr_snapshot *out, const char *path, bool full,
                                const kaburi_allocator *allocator, kaburi_error *error) {
    memset(out, 0, sizeof *out);
    kaburi_status status = kbr_mapping_open(&out->mapping, path, error);
    const header *head = out->mapping.data;
    if (status == KABURI_OK) {
        status = check_start(&out->mapping, path, error);
    }
    if (status == KABURI_OK && !read_archive(out, head)) {
        status = damaged(offsetof(header, sections), path, "its sections are none", error);
    }
    if (status == KABURI_OK) {
        status = read_options(out, head, path, error);
    }
    if (status == KABURI_OK && full) {
        status = check_sections(out, head, path, error);
    }
    if (status == KABURI_OK) {
        status = check_fingerprints(head, &out->plan, path, allocator, error);
    }
    if (status == KABURI_OK && full) {
        status = check_cards(out, head, path, error);
    }
    if (status != KABURI_OK) {
        kbr_snapshot_close(out);
    }
    return status;
}

void kbr_snapshot_close(kbr_snapshot *snapshot) {
    kbr_mapping_close(&snapshot->mapping);
}

bool kbr_snapshot_rehash(void *data, size_t size) {
    header *head = data;
    if (size < sizeof *head || head->header_size != sizeof *head) {
        return false;
    }
    for (uint32_t kind = 0; kind < KBR_SECTION_COUNT; kind++) {
        section *at = &head->sections[kind];
        if (at->offset <= size && at->size <= size - at->offset) {
            at->hash = XXH3_64bits((char *)data + at->offset, at->size);
        }
    }
    head->file_size = size;
    head->hash = hash_of_header(head, sizeof *head);
    return true;
}
