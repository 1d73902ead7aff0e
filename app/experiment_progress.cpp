// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/experiment_progress.h"

#include "ui/common/experiment_text.h"

#include <unistd.h>

#include <cstdio>

namespace poolscope {

ExperimentProgress::ExperimentProgress(ExperimentKind kind, const Experiment& experiment)
{
    if (::isatty(STDERR_FILENO) != 1) {
        return;
    }
    connect(&experiment, &Experiment::runStarted, this,
            [kind, &experiment](int index, int arm, int round) {
                const QString line =
                    runText(experiment.plan(), index, armText(kind, experiment.plan(), arm), round);
                std::fprintf(stderr, "\r\033[K%s", qPrintable(line));
                std::fflush(stderr);
            });
    connect(&experiment, &Experiment::failed, this, &ExperimentProgress::clear);
    connect(&experiment, &Experiment::finished, this, &ExperimentProgress::clear);
}

void ExperimentProgress::clear()
{
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

} // namespace poolscope
