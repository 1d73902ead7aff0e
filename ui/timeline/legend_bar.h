// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/legend_chip.h"
#include "ui/timeline/view_state.h"

#include <QElapsedTimer>
#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QHBoxLayout)
QT_FORWARD_DECLARE_CLASS(QLabel)

namespace poolscope {

/// What the colours of the timeline mean, and the choice of what they say. A click on a colour shows its tasks
/// alone (all others are faint), further clicks add and remove colours; without any left all are shown
/// again. Shares are those of the visible range. GUI thread.
class LegendBar : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the bar.
    explicit LegendBar(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    [[nodiscard]] const std::vector<LegendChip*>& chips() const { return m_chips; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void onModeChosen(int index);
    void onChipClicked(int place);
    void refresh();
    void refreshSoon();
    void showEntries(const std::vector<ColorEntry>& entries);

    ViewState& m_state;
    TimelineStyle m_style;
    QComboBox* m_mode;
    QHBoxLayout* m_layout;
    QLabel* m_note; ///< instead of colours that repeat
    std::vector<LegendChip*> m_chips; ///< as many as were ever needed
    std::vector<ColorEntry> m_entries; ///< that are shown
    QElapsedTimer m_sinceRefresh;
    bool m_isPending = false;
};

} // namespace poolscope
