// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string_view>

namespace poolscope::figure {

// What the texts of figures are made with.

/// \return \p text in the user's language.
inline QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Figure", text);
}

/// \return UTF-8 of the engine as text.
inline QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace poolscope::figure
