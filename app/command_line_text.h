// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QString>

namespace poolscope {

/// The translation context of everything that the program says without a window.
class CommandLine
{
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

/// \return the parser's help, that names \p command ("poolscope run") instead of how this program was called.
inline QString helpOf(const QCommandLineParser& parser, const QString& command)
{
    const QString called = QCoreApplication::instance() != nullptr
                               ? QCoreApplication::arguments().constFirst()
                               : QStringLiteral("<executable_name>"); // as the parser writes it
    QString text = parser.helpText();
    const auto place = text.indexOf(called);
    return place < 0 ? text : text.replace(place, called.size(), command);
}

} // namespace poolscope
