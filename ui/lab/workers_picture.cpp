// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/workers_picture.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kBeyond = 1.25; ///< how far the picture goes on behind the most workers

} // namespace

WorkersPicture::WorkersPicture(QWidget* parent)
    : LabPicture(parent)
{
    setAccessibleName(tr("Speed-up over the number of workers"));
}

bool WorkersPicture::isDrawn(const ScalingFit& fit)
{
    return fit.evidence == FitEvidence::Enough || fit.evidence == FitEvidence::OtherShape;
}

void WorkersPicture::setMeasure(Measure measure)
{
    m_measure = measure;
    update();
}

void WorkersPicture::setRuns(const std::vector<Repeat>& runs)
{
    m_runs = runs;
    m_advice = advisePoolSize(runs);
    m_amdahl = fitScaling(runs, ScalingLaw::Amdahl);
    m_usl = fitScaling(runs, ScalingLaw::Usl);
    update();
}

void WorkersPicture::setLevels(const std::vector<int>& levels)
{
    m_prediction.setLevels(levels);
    m_cursor = std::clamp(m_cursor, 0, std::max(0, static_cast<int>(levels.size()) - 1));
    update();
}

void WorkersPicture::setPredictionShown(bool isShown)
{
    m_isPredictionShown = isShown;
    update();
}

void WorkersPicture::setDrawing(bool isDrawing)
{
    m_isDrawing = isDrawing;
    m_isPredictionShown = m_isPredictionShown || isDrawing;
    setFocusPolicy(isDrawing ? Qt::StrongFocus : Qt::NoFocus);
    setCursor(isDrawing ? Qt::CrossCursor : Qt::ArrowCursor);
    m_cursor = std::min(1, std::max(0, static_cast<int>(m_prediction.levels().size()) - 1));
    update();
}

void WorkersPicture::clearPrediction()
{
    m_prediction.clear();
    update();
}

bool WorkersPicture::isEmpty() const
{
    return m_runs.empty() && !m_isDrawing && (!m_isPredictionShown || m_prediction.isEmpty());
}

/// The throughput that a speed-up of 1 stands for; 1 while nothing is measured.
double WorkersPicture::throughputUnit() const
{
    return m_advice.points.empty()
               ? 1
               : m_advice.points.front().throughput.value / m_advice.points.front().workers;
}

double WorkersPicture::shown(double throughput, double workers) const
{
    switch (m_measure) {
    case Measure::Throughput:
        return throughput;
    case Measure::Efficiency:
        return throughput / throughputUnit() / workers;
    case Measure::SpeedUp:
        break;
    }
    return throughput / throughputUnit();
}

/// The largest value that must be seen.
double WorkersPicture::topValue() const
{
    constexpr double kAir = 1.12;
    double top = 0;
    for (const Repeat& run : m_runs) {
        top = std::max(top, shown(run.value, run.level));
    }
    for (const PoolSizePoint& point : m_advice.points) {
        // An interval of two noisy runs may be wider than any picture.
        top = std::max(top, std::min(shown(point.throughput.high, point.workers),
                                     2 * shown(point.throughput.value, point.workers)));
    }
    if (m_measure == Measure::Efficiency) {
        top = std::max(top, 1.0);
    }
    if (m_isPredictionShown) {
        for (const auto& [workers, speedUp] : m_prediction.values()) {
            top = std::max(top, shown(speedUp * throughputUnit(), workers));
        }
        if (m_isDrawing && !m_prediction.levels().empty()) {
            top = std::max(top, shown(m_prediction.levels().back() * throughputUnit(),
                                      m_prediction.levels().back()));
        }
    }
    return top * kAir;
}

std::vector<PlotEntry> WorkersPicture::legend(const Theme& theme) const
{
    using Mark = PlotEntry::Mark;
    std::vector<PlotEntry> entries;
    if (!m_runs.empty()) {
        entries.push_back({Mark::Point, theme.executors[0], tr("mean, 95 %")});
        entries.push_back({Mark::Dot, theme.executors[0], tr("each run")});
        for (const auto& [fit, colour, name] :
             {std::tuple(&m_amdahl, theme.executors[1], tr("Amdahl")),
              std::tuple(&m_usl, theme.executors[2], tr("USL"))}) {
            if (isDrawn(*fit)) {
                entries.push_back({Mark::Line, colour,
                                   fit->evidence == FitEvidence::Enough
                                       ? name
                                       : tr("%1 (does not hold)").arg(name)});
            }
        }
    }
    entries.push_back({Mark::Dashes, theme.dimText, tr("ideal")});
    if (m_isPredictionShown) {
        entries.push_back({Mark::Diamond, theme.kinds[3], tr("expected")});
    }
    return entries;
}

PlotArea WorkersPicture::areaIn(const QRectF& rect, const QFont& font) const
{
    const QFontMetricsF metrics(font);
    const double line = metrics.height();
    const double top = legendHeight(font, rect.width(), legend(theme())) + std::ceil(line * 2.6);
    const double left = std::ceil(metrics.horizontalAdvance(QStringLiteral("00.0 k/s")) + 10);
    const double most = m_prediction.levels().empty() ? 1 : m_prediction.levels().back();
    PlotArea area;
    area.rect = rect.adjusted(left, top, -4, -std::ceil(line * 2.4));
    area.x = {0, std::max(most + 0.5, most * kBeyond), false};
    area.y = {0, std::max(1e-9, topValue()), false};
    return area;
}

PlotArea WorkersPicture::area() const
{
    constexpr double kMargin = 12;
    return areaIn(QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin), pictureFont());
}

QPointF WorkersPicture::placeOf(int workers, double speedUp) const
{
    return area().at(workers, shown(speedUp * throughputUnit(), workers));
}

} // namespace poolscope
