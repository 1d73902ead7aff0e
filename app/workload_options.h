// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/run/run_settings.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace poolscope {

/// What the words of `poolscope run` say about the work.
struct WorkloadWords
{
    std::optional<QString> workload; ///< nothing: command when there is one, else the default
    QString defaultWorkload;
    QStringList assignments; ///< name=value
    std::optional<QStringList> command; ///< what stands behind --
};

/// Sets workload and parameters. Error: wrong usage; the message says which word, and what is allowed.
[[nodiscard]] Result<void> readWorkload(const WorkloadWords& words, RunSettings& settings);

/// \return whether the run reads its items from standard input.
[[nodiscard]] bool readsStandardInput(const RunSettings& settings);

} // namespace poolscope
