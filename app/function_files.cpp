// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/function_files.h"

#include "app/command_line_text.h"
#include "core/control/functions.h"
#include "ui/window/settings_store.h"

namespace poolscope {

Result<QStringList> takeFunctionFiles(QStringList& words)
{
    const auto option = QStringLiteral("--functions");
    QStringList files;
    QStringList others;
    qsizetype i = 0;
    for (; i < words.size() && words[i] != QLatin1String("--"); ++i) {
        if (words[i].startsWith(option + QLatin1Char('='))) {
            files << words[i].mid(option.size() + 1);
        } else if (words[i] != option) {
            others << words[i];
        } else if (++i < words.size()) {
            files << words[i];
        } else {
            return Error{CommandLine::tr("--functions needs a file: a shared library of functions.")
                             .toStdString()};
        }
    }
    words = others + words.mid(i);
    return files;
}

QStringList addStandingFunctions()
{
    return addFunctions(standingFunctionFiles() + SettingsStore().functionFiles());
}

} // namespace poolscope
