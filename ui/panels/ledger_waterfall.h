// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/ledger.h"
#include "ui/common/theme.h"

#include <QWidget>

#include <vector>

namespace poolscope {

/// \return the colour of a use of a worker's time; it always stands beside its name.
[[nodiscard]] QColor laneTimeColour(const Theme& theme, LaneTime use);

/// An executor's lane-seconds as a waterfall: a row for each use with its share and time, each bar beginning
/// where the one above ends, so that together they are all of it. What a use means is told in a tool tip, the
/// whole in the accessible description. GUI thread.
class LedgerWaterfall : public QWidget
{
    Q_OBJECT

public:
    LedgerWaterfall(const Ledger& ledger, const Theme& theme, QWidget* parent = nullptr);

    /// \return the uses that have a row, from the top.
    [[nodiscard]] const std::vector<LaneTime>& rows() const { return m_rows; }
    /// \return the use whose row lies at \p y, its share, time and meaning; empty below the rows.
    [[nodiscard]] QString textAt(int y) const;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int rowHeight() const;

    Ledger m_ledger;
    Theme m_theme;
    std::vector<LaneTime> m_rows;
};

} // namespace poolscope
