// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Whether the answers are as good as promised: bench_answers [sizes] [predictions] [duels] [speed]; without a
// word all of them; sizes=crash only of what has that in its name. Ends with 1 when a bound does not hold.

#include "tests/bench/answers/answers.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <cstdio>
#include <utility>

int main(int argc, char** argv)
{
    using namespace poolscope::bench;
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments().mid(1);
    const std::pair<const char*, bool (*)()> parts[] = {{"speed", measureAnalysisSpeed},
                                                        {"duels", measureRealDuels},
                                                        {"predictions", measurePredictions}};
    bool holds = true;
    for (const auto& [name, measure] : parts) {
        if (words.isEmpty() || words.contains(QLatin1String(name))) {
            holds = measure() && holds;
        }
    }
    const QStringList sizes = words.filter(QRegularExpression(QStringLiteral("^sizes(=|$)")));
    if (words.isEmpty() || !sizes.isEmpty()) {
        holds = measurePoolSizes(sizes.value(0).section(u'=', 1).toStdString()) && holds;
    }
    return holds ? 0 : 1;
}
