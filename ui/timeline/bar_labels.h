// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <QFont>
#include <QFontMetricsF>
#include <QHash>
#include <QStaticText>

namespace poolscope {

/// The texts inside bars, laid out once per task and width and kept: laying out text costs ten times
/// as much as drawing it. GUI thread.
class BarLabels
{
public:
    explicit BarLabels(const QFont& font);

    /// Forgets the texts of another run.
    void begin(const Snapshot& snapshot);
    /// \return the text that fits into \p width, nullptr when none does: name and run time, the name,
    /// its number. kNoTime leaves the time out. Valid until the next call.
    [[nodiscard]] const QStaticText* label(std::uint64_t task, Nanos runNs, double width);
    [[nodiscard]] const QFont& font() const { return m_font; }
    [[nodiscard]] double lineHeight() const { return m_metrics.height(); }

    /// Below this width there is no text.
    static constexpr Nanos kNoTime = -1; ///< it is not over
    static constexpr double kMinWidth = 34;

private:
    [[nodiscard]] QString textFor(std::uint64_t task, Nanos runNs, double width) const;

    QFont m_font;
    QFontMetricsF m_metrics;
    std::shared_ptr<const TraceMeta> m_meta;
    QHash<quint64, QStaticText> m_texts;
};

} // namespace poolscope
