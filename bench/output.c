/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Output and progress.
 */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int bench_output_open(bench_output *output, const char *path) {
    *output = (bench_output){.file = stdout, .path = path};
    if (path == NULL) {
        return BENCH_OK;
    }
    struct stat status;
    const char *opened = path;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode)) {
        size_t size = strlen(path) + 40;
        output->temporary = bench_resize(NULL, size, 1);
        (void)snprintf(output->temporary, size, "%s.%ld.partial", path, (long)getpid());
        opened = output->temporary;
    }
    output->file = fopen(opened, output->temporary != NULL ? "wbx" : "wb");
    if (output->file == NULL) {
        int code = bench_fail(BENCH_IO, "%s: %s", path, strerror(errno));
        free(output->temporary);
        return code;
    }
    return BENCH_OK;
}

/* What came before counts more than this failure, and was told. */
static int fail(const bench_output *output, int code, int why) {
    return code != BENCH_OK
               ? code
               : bench_fail(BENCH_IO, "%s: %s", output->path != NULL ? output->path : "stdout",
                            why != 0 ? strerror(why) : "not all could be written");
}

int bench_output_end(bench_output *output, int code) {
    errno = 0;
    bool written = fflush(output->file) == 0 && ferror(output->file) == 0;
    if (!written && errno == 0) {
        /* It failed on the way, and nobody asked why: the next byte of what is lost will tell. */
        (void)(fputc('\n', output->file) == EOF || fflush(output->file) != 0);
    }
    int why = errno;
    if (output->path != NULL && fclose(output->file) != 0 && written) {
        written = false;
        why = errno;
    }
    return written ? code : fail(output, code, why);
}

int bench_output_place(bench_output *output, int code) {
    if (output->temporary == NULL) {
        return code;
    }
    if (code == BENCH_OK && rename(output->temporary, output->path) != 0) {
        code = fail(output, code, errno);
    }
    if (code != BENCH_OK) {
        (void)unlink(output->temporary);
    }
    free(output->temporary);
    output->temporary = NULL;
    return code;
}

int bench_output_close(bench_output *output, int code) {
    return bench_output_place(output, bench_output_end(output, code));
}

void bench_output_match(FILE *file, kaburi_text id, const kaburi_match *match) {
    (void)fprintf(file, "%.*s\t%.6f\t%s\t%s\t", (int)id.size, id.data, match->probability,
                  kaburi_verdict_name(match->verdict), kaburi_decision_name(match->decision));
    const char *comma = "";
    for (uint64_t left = match->evidence; left != 0; left &= left - 1) {
        (void)fprintf(file, "%s%s", comma, kaburi_evidence_name(left & -left));
        comma = ",";
    }
    (void)fputc('\n', file);
}

/* ---- progress ---- */

void bench_progress_begin(bench_progress *progress, const char *what, size_t total) {
    double now = bench_now();
    *progress = (bench_progress){what, total, now, now, isatty(STDERR_FILENO) != 0};
}

void bench_progress_step(bench_progress *progress, size_t done) {
    if (!progress->terminal || done % 256 != 0) {
        return;
    }
    double now = bench_now();
    if (now - progress->shown < 0.2) {
        return;
    }
    progress->shown = now;
    double rate = (double)done / (now - progress->begun);
    (void)fprintf(stderr, "\r%s %3.0f %%  %zu of %zu  %.0f a second\033[K", progress->what,
                  100.0 * (double)done / (double)progress->total, done, progress->total, rate);
    (void)fflush(stderr);
}

void bench_progress_end(bench_progress *progress) {
    if (progress->terminal) {
        (void)fputs("\r\033[K", stderr);
    }
}
