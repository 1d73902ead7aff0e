// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/timeline_style.h"

#include <QAbstractButton>

namespace poolscope {

/// One colour of a legend with its name and share; checked while its tasks are shown in full. Shortens its
/// text where there is little room. GUI thread.
class LegendChip : public QAbstractButton
{
    Q_OBJECT

public:
    explicit LegendChip(QWidget* parent = nullptr);

    void setColors(const BarColors& colors, const Theme& theme);
    void setEntry(const QString& name, const QString& share);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    BarColors m_colors;
    Theme m_theme;
    QString m_share;
};

} // namespace poolscope
