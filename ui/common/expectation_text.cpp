// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/expectation_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>

#include <cmath>

namespace poolscope {

namespace {

struct ExpectationWords
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::ExpectationWords)
};

} // namespace

QString measuredText(const Expectation& expectation, double value)
{
    const ExpectationFigure& figure = expectationFigures()[expectation.figure];
    if (figure.isTime) {
        return formatDuration(std::llround(value));
    }
    return figure.isShare ? formatShare(value) : QString::number(value, 'g', 10);
}

QString unmetText(const Snapshot& snapshot, const Expectation& expectation,
                  const ExpectationOutcome& outcome)
{
    const QString text = QString::fromStdString(expectation.text);
    if (outcome.executor < 0) {
        return ExpectationWords::tr("'%1' does not hold: the run has no executor %2.")
            .arg(text, QString::fromStdString(expectation.executor));
    }
    const QString kind = QString::fromStdString(
        snapshot.meta->executors[static_cast<std::size_t>(outcome.executor)].kind);
    return outcome.isKnown ? ExpectationWords::tr("'%1' does not hold on %2: it was %3.")
                                 .arg(text, kind, measuredText(expectation, outcome.measured))
                           : ExpectationWords::tr(
                                 "'%1' does not hold on %2: nothing ran that has such a figure.")
                                 .arg(text, kind);
}

} // namespace poolscope
