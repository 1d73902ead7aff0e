// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/scaling_fit.h"
#include "ui/lab/lab_picture.h"
#include "ui/lab/plot_area.h"
#include "ui/lab/prediction.h"

#include <vector>

namespace poolscope {

/// Speed-up, efficiency or throughput over the number of workers: each run, the means with their
/// intervals, the laws with theirs, and what was expected. Before the runs the expectation can be drawn with mouse
/// or keys. GUI thread.
class WorkersPicture : public LabPicture
{
    Q_OBJECT

public:
    enum class Measure { SpeedUp, Efficiency, Throughput };

    explicit WorkersPicture(QWidget* parent = nullptr);

    void setMeasure(Measure measure);
    [[nodiscard]] Measure measure() const { return m_measure; }
    /// Shows what \p runs say: level is the number of workers, value the throughput.
    void setRuns(const std::vector<Repeat>& runs);
    [[nodiscard]] const PoolSizeAdvice& advice() const { return m_advice; }
    [[nodiscard]] const ScalingFit& amdahl() const { return m_amdahl; }
    [[nodiscard]] const ScalingFit& usl() const { return m_usl; }

    /// The numbers of workers that are measured, or will be, ascending.
    void setLevels(const std::vector<int>& levels);
    /// Shows what is expected, above what was measured.
    void setPredictionShown(bool isShown);
    /// Lets the expectation be drawn; it is shown then.
    void setDrawing(bool isDrawing);
    [[nodiscard]] bool isDrawing() const { return m_isDrawing; }
    [[nodiscard]] const Prediction& prediction() const { return m_prediction; }
    void clearPrediction();
    /// \return where a number of workers and a speed-up are in the widget.
    [[nodiscard]] QPointF placeOf(int workers, double speedUp) const;

    [[nodiscard]] bool isEmpty() const override;

signals:
    void predictionChanged();

protected:
    void draw(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// \return whether a law's curve says something that can be looked at.
    [[nodiscard]] static bool isDrawn(const ScalingFit& fit);
    [[nodiscard]] double throughputUnit() const;
    [[nodiscard]] double shown(double throughput, double workers) const;
    [[nodiscard]] double topValue() const;
    [[nodiscard]] PlotArea areaIn(const QRectF& rect, const QFont& font) const;
    [[nodiscard]] PlotArea area() const;
    [[nodiscard]] std::vector<PlotEntry> legend(const Theme& theme) const;
    void drawIdeal(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void drawLaw(QPainter& painter, const PlotArea& area, const ScalingFit& fit,
                 const QColor& colour, double width) const;
    void drawPoints(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void drawAdvice(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void drawPrediction(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void predictAt(QPointF place);
    void predict(int workers, double speedUp);

    Measure m_measure = Measure::SpeedUp;
    std::vector<Repeat> m_runs;
    PoolSizeAdvice m_advice;
    ScalingFit m_amdahl;
    ScalingFit m_usl;
    Prediction m_prediction;
    bool m_isPredictionShown = false;
    bool m_isDrawing = false;
    int m_cursor = 0; ///< level that keys change, by its place
    int m_lastDragged = -1; ///< likewise
};

} // namespace poolscope
