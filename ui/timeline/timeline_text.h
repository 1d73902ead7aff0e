// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string_view>

namespace poolscope::timeline {

// What the texts of the timeline are made with.

/// \return \p text in the user's language.
inline QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("poolscope::Timeline", text, nullptr, n);
}

/// \return UTF-8 of the engine as text.
inline QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace poolscope::timeline
