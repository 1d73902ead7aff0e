// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/what_if_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>

#include <cmath>

namespace poolscope {

namespace {

struct WhatIfWords
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::WhatIfWords)
};

QString doubtText(WhatIfDoubt doubt, const WhatIfAnswer& answer)
{
    switch (doubt) {
    case WhatIfDoubt::RunIsNotExplained:
        return WhatIfWords::tr(
                   "Replayed as it was, the run comes out %1 %2, so there is something that "
                   "the replay does not know.")
            .arg(formatShare(std::abs(answer.replayError())), answer.replayError() > 0
                                                                  ? WhatIfWords::tr("too long")
                                                                  : WhatIfWords::tr("too short"));
    case WhatIfDoubt::ProcessorsAreFew:
        return WhatIfWords::tr("As many workers would share the processors, and the tasks would "
                               "take longer than they took: this is how fast it can be at best.");
    case WhatIfDoubt::WasContended:
        return WhatIfWords::tr("In the recorded run more workers computed than there are "
                               "processors, so the tasks took longer than they need.");
    case WhatIfDoubt::WorkersChanged:
        return WhatIfWords::tr("The number of workers changed during the recorded run.");
    case WhatIfDoubt::TasksArrive:
        return WhatIfWords::tr("The tasks arrived while the run went on; another order could not "
                               "have known those to come.");
    case WhatIfDoubt::TasksFailed:
        return WhatIfWords::tr("Some attempts came to nothing; the replay has each task once.");
    }
    return {};
}

} // namespace

QString orderText(WhatIfOrder order)
{
    switch (order) {
    case WhatIfOrder::AsSubmitted:
        return WhatIfWords::tr("as submitted");
    case WhatIfOrder::LongestFirst:
        return WhatIfWords::tr("longest first");
    case WhatIfOrder::ShortestFirst:
        return WhatIfWords::tr("shortest first");
    }
    return {};
}

QString predictionText(const WhatIfAnswer& answer)
{
    const double ratio =
        static_cast<double>(answer.recordedNs) / static_cast<double>(answer.makespanNs);
    return WhatIfWords::tr("It would take %1 instead of %2: %3 times as fast.")
        .arg(formatDuration(answer.makespanNs), formatDuration(answer.recordedNs),
             QString::number(ratio, 'f', 2));
}

QStringList doubtTexts(const WhatIfAnswer& answer)
{
    QStringList texts;
    for (const WhatIfDoubt doubt : answer.doubts) {
        texts << doubtText(doubt, answer);
    }
    return texts;
}

QString predictionErrorText(Nanos predictedNs, Nanos tookNs)
{
    const double error = static_cast<double>(predictedNs) / static_cast<double>(tookNs) - 1;
    return WhatIfWords::tr("Predicted %1, took %2: the prediction was %3 %4.")
        .arg(formatDuration(predictedNs), formatDuration(tookNs), formatShare(std::abs(error)),
             error > 0 ? WhatIfWords::tr("too long") : WhatIfWords::tr("too short"));
}

} // namespace poolscope
