// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/run_option_text.h"

#include <QCoreApplication>

#include <map>

namespace poolscope {

QString runOptionName(const QString& id)
{
    static const std::map<QString, const char*> names{
        {QStringLiteral("max_attempts"), QT_TRANSLATE_NOOP("poolscope::RunOption", "attempts")},
        {QStringLiteral("retry_failed"),
         QT_TRANSLATE_NOOP("poolscope::RunOption", "failed tasks tried again")},
        {QStringLiteral("interpreter_lock"),
         QT_TRANSLATE_NOOP("poolscope::RunOption", "one interpreter lock")},
        {QStringLiteral("lazy_start"), QT_TRANSLATE_NOOP("poolscope::RunOption", "lazy start")},
        {QStringLiteral("keep_alive_ns"),
         QT_TRANSLATE_NOOP("poolscope::RunOption", "keep-alive (ns)")},
        {QStringLiteral("initializer"), QT_TRANSLATE_NOOP("poolscope::RunOption", "initializer")},
        {QStringLiteral("timeout_ns"), QT_TRANSLATE_NOOP("poolscope::RunOption", "timeout (ns)")},
        {QStringLiteral("queue_limit"), QT_TRANSLATE_NOOP("poolscope::RunOption", "queue limit")},
        {QStringLiteral("prefetch"), QT_TRANSLATE_NOOP("poolscope::RunOption", "prefetch")},
        {QStringLiteral("submit_gap_ns"),
         QT_TRANSLATE_NOOP("poolscope::RunOption", "submit gap (ns)")},
    };
    const auto found = names.find(id);
    return found == names.end()
               ? id
               : QCoreApplication::translate("poolscope::RunOption", found->second);
}

} // namespace poolscope
