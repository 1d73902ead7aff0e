// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <utility>
#include <vector>

namespace poolscope {

/// What a PDF says of itself.
struct PdfInfo
{
    std::vector<std::pair<QString, QString>>
        facts; ///< "Title", "Subject" and the like, and own names
    QDateTime date; ///< in UTC
    QByteArray id; ///< 32 hexadecimal digits
};

/// Appends \p info to \p pdf as QPdfWriter makes it, and takes the time and the random id of writing out of
/// it, so that the same drawing gives the same bytes. \return false: it is no such PDF.
[[nodiscard]] bool setPdfInfo(QByteArray& pdf, const PdfInfo& info);

} // namespace poolscope
