// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/compare/run_comparison.h"

#include <QPen>
#include <QRectF>
#include <QStringList>
#include <QWidget>

#include <vector>

namespace poolscope {

/// What a distribution plot shows: two panels, a curve a side in each.
struct DistributionData
{
    QString title; ///< of the executor
    QStringList names; ///< of the sides
    ExecutorCurves curves;
};

/// Paints legend, run times and queue waits, each as the share of tasks that took at most so long over a
/// logarithmic axis; every side has a colour and a dash. \p font decides sizes.
void paintDistributions(QPainter& painter, const QRectF& area, const DistributionData& data,
                        const Theme& theme, const QFont& font);

/// The plot as a widget. GUI thread.
class DistributionView : public QWidget
{
    Q_OBJECT

public:
    explicit DistributionView(QWidget* parent = nullptr);

    void setData(DistributionData shown);
    void setTheme(const Theme& theme);
    [[nodiscard]] const DistributionData& shown() const { return m_data; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    DistributionData m_data;
    Theme m_theme;
};

/// \return how a side's curve is drawn.
[[nodiscard]] QPen sidePen(const Theme& theme, std::size_t side, double widthPx);

/// \return the duration that the share \p share of tasks did not exceed; 0 of an empty curve.
[[nodiscard]] Nanos durationAt(const DurationCurve& curve, double share);

} // namespace poolscope
