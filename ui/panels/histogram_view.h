// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_summary.h"
#include "core/trace/duration_histogram.h"
#include "ui/common/theme.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace poolscope {

/// How often durations occurred, as bars over a logarithmic axis of time; one colour an executor. Percentiles, when
/// they are given, stand in a row an executor above the bars and as lines through them. What is under the mouse is
/// told in a tool tip, the whole in the accessible description. GUI thread.
class HistogramView : public QWidget
{
    Q_OBJECT

public:
    struct Series
    {
        QString name;
        QColor colour;
        DurationHistogram histogram;
        std::optional<Percentiles> percentiles = std::nullopt; ///< to be marked
    };

    explicit HistogramView(const QString& title, QWidget* parent = nullptr);

    void setSeries(std::vector<Series> series);
    /// \p text: what of the run it is about, behind the title; may be empty.
    void setScope(const QString& text);
    void setTheme(const Theme& theme);
    /// \return "Thread pool: 1,200 from 1 ms to 1.33 ms", a line a series; empty where no bar can be.
    [[nodiscard]] QString textAt(QPoint position) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRect plotRect() const;
    [[nodiscard]] double xOf(double bin) const;
    [[nodiscard]] double xOfDuration(Nanos duration) const;
    /// \return how many rows of percentiles stand above the bars.
    [[nodiscard]] int percentileRows() const;
    void paintAxis(QPainter& painter) const;
    void paintBars(QPainter& painter) const;
    void paintPercentiles(QPainter& painter) const;
    void updateDescription();

    Theme m_theme;
    QString m_title;
    QString m_scope;
    std::vector<Series> m_series;
    std::size_t m_firstBin = 0; ///< that is shown
    std::size_t m_endBin = 0; ///< behind the last; == m_firstBin: nothing to show
    std::uint64_t m_most = 0; ///< in one bin
};

} // namespace poolscope
