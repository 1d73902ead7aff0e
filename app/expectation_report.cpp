// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expectation_report.h"

#include "app/command_line_text.h"
#include "app/commands.h"
#include "ui/common/format.h"

#include <cmath>

namespace poolscope {

namespace {

QString valueText(const Expectation& expectation, double value)
{
    const ExpectationFigure& figure = expectationFigures()[expectation.figure];
    if (figure.isTime) {
        return formatDuration(std::llround(value));
    }
    return figure.isShare ? formatShare(value) : QString::number(value, 'g', 10);
}

} // namespace

bool reportExpectations(const Snapshot& snapshot, const std::vector<Expectation>& expectations)
{
    bool allHold = true;
    for (const ExpectationOutcome& outcome : checkExpectations(snapshot, expectations)) {
        if (outcome.isMet) {
            continue;
        }
        allHold = false;
        const Expectation& expectation = expectations[outcome.expectation];
        const QString text = QString::fromStdString(expectation.text);
        if (outcome.executor < 0) {
            reportError(CommandLine::tr("'%1' does not hold: the run has no executor %2.")
                            .arg(text, QString::fromStdString(expectation.executor)),
                        NotAsExpected);
            continue;
        }
        const QString kind = QString::fromStdString(
            snapshot.meta->executors[static_cast<std::size_t>(outcome.executor)].kind);
        reportError(
            outcome.isKnown
                ? CommandLine::tr("'%1' does not hold on %2: it was %3.")
                      .arg(text, kind, valueText(expectation, outcome.measured))
                : CommandLine::tr("'%1' does not hold on %2: nothing ran that has such a figure.")
                      .arg(text, kind),
            NotAsExpected);
    }
    return allHold;
}

} // namespace poolscope
