/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A snapshot: an archive and the options it was made with, as one file that is mapped and read
 * where it lies. Writes, checks and opens it; what an index is beside that it does not know.
 *
 *   offset  size
 *        0     8  magic: 89 "KABURI" 0A. What is none of a text, and what a transfer as text breaks
 *        8     4  0x01020304, in the order of bytes of all numbers here; a machine of another order
 *                 refuses the file
 *       12     4  version of the format; these first 48 bytes mean the same in every version
 *       16     8  size of the file
 *       24     4  size of the header, a multiple of 64
 *       28     4  number of sections
 *       32     8  0
 *       40     8  XXH3 of the header, these eight bytes as 0
 *       48    48  fingerprints: fold, words, lexicon, sounds, rarity, rules
 *       96   160  options and counts (kbr_snapshot_plan)
 *      256    32  each section: kind, 0, offset, size, XXH3
 *
 *      +--------+--------+---------+---------------+-----------+-----------+---
 *      | header | offset | cards   | key directory | key lists | key longs | the same for ids
 *      +--------+--------+---------+---------------+-----------+-----------+---
 *
 *   Each section begins on a multiple of 64 bytes, in the order of KBR_SECTION_*; what is between
 *   them is 0. archive.h and segment.h tell what is in them, record.h what a card is.
 */
#ifndef KBR_SNAPSHOT_H
#define KBR_SNAPSHOT_H

#include "archive.h"
#include "file.h"

#define KBR_SNAPSHOT_VERSION 1

enum {
    KBR_SECTION_OFFSETS,
    KBR_SECTION_CARDS,
    KBR_SECTION_KEY_DIRECTORY,
    KBR_SECTION_KEY_LISTS,
    KBR_SECTION_KEY_LONGS,
    KBR_SECTION_ID_DIRECTORY,
    KBR_SECTION_ID_LISTS,
    KBR_SECTION_ID_LONGS,
    KBR_SECTION_COUNT
};

/* An open snapshot: the archive points into the mapping. */
typedef struct kbr_snapshot {
    kbr_mapping mapping;
    kbr_archive archive;
    kaburi_index_options options; /* without model, aliases and allocator */
    kbr_keys_plan plan;
} kbr_snapshot;

/*
 * Writes an archive (made without cards; these are asked for one by one) with its options. IO,
 * MEMORY: the file at `path` is what it was.
 */
kaburi_status kbr_snapshot_write(const char *path, const kbr_archive *archive,
                                 const kbr_archive_source *source,
                                 const kaburi_index_options *options, const kbr_keys_plan *plan,
                                 const kaburi_allocator *allocator, kaburi_error *error);

/*
 * Maps and checks a snapshot. With `full` every byte and every card is checked; else the header
 * alone, and what a damaged card says of its size is believed. IO, FORMAT (not a snapshot), DAMAGED
 * (offset = where), ENDIAN, VERSION, TABLES, MEMORY; nothing is left open then.
 */
kaburi_status kbr_snapshot_open(kbr_snapshot *out, const char *path, bool full,
                                const kaburi_allocator *allocator, kaburi_error *error);
void kbr_snapshot_close(kbr_snapshot *snapshot);

/* Makes the hashes of a snapshot in memory right, for tests that want to get beyond them. False
 * where the header does not tell where they are. */
bool kbr_snapshot_rehash(void *data, size_t size);

#endif
