// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"

#include <QObject>

namespace poolscope {

/// One line on standard error that says which run of an experiment goes on, written over in place; nothing
/// when that is no terminal. The thread of the experiment.
class ExperimentProgress : public QObject
{
    Q_OBJECT

public:
    /// \p experiment must outlive it.
    ExperimentProgress(ExperimentKind kind, const Experiment& experiment);

private:
    void clear();
};

} // namespace poolscope
