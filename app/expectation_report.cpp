// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expectation_report.h"

#include "app/commands.h"
#include "ui/common/expectation_text.h"

namespace poolscope {

bool reportExpectations(const Snapshot& snapshot, const std::vector<Expectation>& expectations)
{
    bool allHold = true;
    for (const ExpectationOutcome& outcome : checkExpectations(snapshot, expectations)) {
        if (!outcome.isMet) {
            allHold = false;
            reportError(unmetText(snapshot, expectations[outcome.expectation], outcome),
                        NotAsExpected);
        }
    }
    return allHold;
}

} // namespace poolscope
