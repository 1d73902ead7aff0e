// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/ledger.h"
#include "ui/common/theme.h"

#include <QWidget>

namespace poolscope {

/// \return the colour of a use of a worker's time; it always stands beside its name.
[[nodiscard]] QColor laneTimeColour(const Theme& theme, LaneTime use);

/// An executor's lane-seconds as one bar, parted by what they went into, widest where most went. What is under
/// the mouse is told in a tool tip, the whole in the accessible description. GUI thread.
class LedgerBar : public QWidget
{
    Q_OBJECT

public:
    LedgerBar(const Ledger& ledger, const Theme& theme, QWidget* parent = nullptr);

    /// \return the use whose part lies at \p x, its share, time and meaning; empty beside the bar.
    [[nodiscard]] QString textAt(int x) const;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// \return where the part of \p use begins, in pixels; LaneTime past the last: the end of the bar.
    [[nodiscard]] int edge(int use) const;

    Ledger m_ledger;
    Theme m_theme;
};

} // namespace poolscope
