// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure.h"

#include "ui/common/format.h"
#include "ui/figure/figure_facts.h"
#include "ui/timeline/bar_painter.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/lane_layout.h"
#include "ui/timeline/timeline_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;
constexpr double kMargin = 8;
constexpr double kHeader = 128; // lane names and busy shares
constexpr double kSection = 8; // between the parts
constexpr double kMergedBelow = 0.25; // points
constexpr double kRasterPx = 72.0 / 600; // of what is pixels inside a drawing: 600 dpi
constexpr double kMostElements = 20'000; // in a drawing; beyond, its lanes become pixels
constexpr double kElementsPerBar = 5;
constexpr LaneMetrics kLanes{15, 7, 13, 2, 5};
constexpr LaneMetrics kTallLanes{15, 7, 400, 2, 5};

QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Figure", text);
}

/// Text on paper: sizes in points are the painter's units, and no hinting, which is for screens.
QFont figureFont(int size)
{
    QFont font;
    font.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans"),
                      QStringLiteral("DejaVu Sans"), QStringLiteral("Noto Sans CJK KR")});
    font.setPixelSize(size);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

TimeRange rangeOf(const Snapshot& snapshot, const FigureOptions& options)
{
    const TimeRange range = options.range.value_or(TimeRange{0, snapshot.nowNs});
    return {range.beginNs, std::max(range.endNs, range.beginNs + 1)};
}

/// Where the parts of a figure lie; \p height 0 lets the lanes have what they like.
class Figure
{
public:
    Figure(const Snapshot& snapshot, const FigureOptions& options, double width, double height);

    [[nodiscard]] double height() const { return m_height; }
    void paint(QPainter& painter);

private:
    [[nodiscard]] double legendHeight() const;
    [[nodiscard]] double numbersHeight() const;
    [[nodiscard]] double belowLanes() const;
    [[nodiscard]] QString footnote() const;
    void paintTitle(QPainter& painter);
    void paintLanes(QPainter& painter, double devicePx);
    void paintLane(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintLaneAsPixels(QPainter& painter, const LaneView& lane, const QRectF& rect);
    [[nodiscard]] bool exceedsElements() const;
    void paintAxis(QPainter& painter);
    void paintLegend(QPainter& painter);
    void paintSwatch(QPainter& painter, const LegendEntry& entry, const QRectF& rect);
    void paintNumbers(QPainter& painter);
    void paintFooter(QPainter& painter);
    /// Calls \p place for each legend entry; \return the height of all.
    template <class Place>
    double layLegend(const Place& place) const;

    const Snapshot& m_snapshot;
    TimeRange m_range;
    double m_width;
    double m_height = 0;
    double m_lanesTop = 0;
    double m_lanesBottom = 0;
    TimelineStyle m_style;
    TimelinePainter m_painter;
    QFont m_titleFont;
    TimeScale m_scale;
    FigureFacts m_facts;
    LaneLayout m_layout;
    bool m_hasPixelLanes = false; ///< a drawing of too many parts
};

constexpr double kLine = 11; // of 8-point text
constexpr double kSwatch = 14;

Figure::Figure(const Snapshot& snapshot, const FigureOptions& options, double width, double height)
    : m_snapshot(snapshot)
    , m_range(rangeOf(snapshot, options))
    , m_width(width)
    , m_style(options.theme, figureFont(8))
    , m_painter(m_style)
    , m_titleFont(figureFont(12))
    , m_scale(scaleFor(m_range, kMargin + kHeader, std::max(20.0, width - kHeader - 2 * kMargin)))
    , m_facts(figureFacts(snapshot, m_range, options.title,
                          std::llround(kMergedBelow * m_scale.nsPerPx)))
{
    m_titleFont.setWeight(QFont::DemiBold);
    m_painter.begin(snapshot, m_scale, snapshot.nowNs, 1);
    const bool hasMarks = !m_painter.eventMarks().empty();
    m_lanesTop = kMargin + 16 + kLine + (hasMarks ? 16 : kSection);
    const double below = belowLanes();
    if (height <= 0) {
        m_layout = LaneLayout(snapshot, kLanes, 1e6);
    } else {
        m_layout = LaneLayout(snapshot, kTallLanes, height - m_lanesTop - below);
    }
    m_lanesBottom = m_lanesTop + m_layout.contentHeight();
    m_height = height > 0 ? height : std::ceil(m_lanesBottom + below);
}

double Figure::belowLanes() const
{
    const double note = footnote().isEmpty() ? 0 : kLine;
    return 26 + kSection + legendHeight() + kSection + numbersHeight() + kSection + note + kLine +
           kMargin;
}

QString Figure::footnote() const
{
    return m_facts.merged == 0
               ? QString()
               : tr("%1 tasks shorter than %2 (0.25 pt) are merged: height is the busy share, "
                    "colours the mix; failures "
                    "keep a mark.")
                     .arg(formatCount(m_facts.merged),
                          formatDuration(std::llround(kMergedBelow * m_scale.nsPerPx)));
}

double Figure::numbersHeight() const
{
    return kLine * static_cast<double>(1 + m_facts.numbers.size()) + 4;
}

template <class Place>
double Figure::layLegend(const Place& place) const
{
    const QFontMetricsF metrics(m_style.font);
    double x = m_scale.left;
    double y = 0;
    for (const LegendEntry& entry : m_facts.legend) {
        const double width = kSwatch + 4 + metrics.horizontalAdvance(entry.text) + 14;
        if (x > m_scale.left && x + width - 14 > m_width - kMargin) {
            x = m_scale.left;
            y += kLine + 2;
        }
        place(entry, QPointF(x, y));
        x += width;
    }
    return m_facts.legend.empty() ? 0 : y + kLine;
}

double Figure::legendHeight() const
{
    return layLegend([](const LegendEntry&, QPointF) {});
}

void Figure::paint(QPainter& painter)
{
    const QTransform device = painter.deviceTransform();
    const bool isDrawing = painter.paintEngine()->type() != QPaintEngine::Raster;
    const double devicePx =
        isDrawing ? kRasterPx : 1 / std::max(1e-6, std::hypot(device.m11(), device.m12()));
    painter.fillRect(QRectF(0, 0, m_width, m_height), m_style.theme.window);
    m_painter.begin(m_snapshot, m_scale, m_snapshot.nowNs, devicePx);
    m_hasPixelLanes = isDrawing && exceedsElements();
    paintTitle(painter);
    paintLanes(painter, devicePx);
    paintAxis(painter);
    paintLegend(painter);
    paintNumbers(painter);
    paintFooter(painter);
}

void Figure::paintTitle(QPainter& painter)
{
    const QRectF line(kMargin, kMargin, m_width - 2 * kMargin, 16);
    painter.setFont(m_titleFont);
    painter.setPen(m_style.theme.text);
    painter.drawText(
        line, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(m_titleFont).elidedText(m_facts.title, Qt::ElideRight, line.width()));
    painter.setFont(m_style.font);
    painter.setPen(m_style.theme.dimText);
    painter.drawText(
        QRectF(kMargin, line.bottom(), line.width(), kLine), Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(m_style.font).elidedText(m_facts.subtitle, Qt::ElideRight, line.width()));
}

void Figure::paintLanes(QPainter& painter, double devicePx)
{
    const auto snap = [devicePx](double value) { return std::round(value / devicePx) * devicePx; };
    const double left = snap(m_scale.left);
    for (const LaneRow& row : m_layout.rows()) {
        const double top = snap(m_lanesTop + row.top);
        const double bottom = snap(m_lanesTop + row.bottom());
        if (row.isGroup()) {
            m_painter.paintGroup(painter, QRectF(0, top, m_width - kMargin, bottom - top),
                                 row.executor, m_scale.left - 4);
            continue;
        }
        const LaneView& lane = m_snapshot.lanes[static_cast<std::size_t>(row.lane)];
        const QRectF rect(left, top, m_scale.width, bottom - top);
        m_painter.paintLaneHeader(painter, QRectF(0, top, left, bottom - top), lane);
        if (m_hasPixelLanes) {
            paintLaneAsPixels(painter, lane, rect);
        } else {
            paintLane(painter, lane, rect);
        }
    }
    for (int executor = 0; executor < static_cast<int>(m_snapshot.meta->executors.size());
         ++executor) {
        QRectF lanes;
        for (const LaneRow& row : m_layout.rows()) {
            if (!row.isGroup() && row.executor == executor) {
                lanes = lanes.united(QRectF(left, m_lanesTop + row.top, m_scale.width, row.height));
            }
        }
        m_painter.paintEventLines(painter, lanes, executor);
    }
    m_painter.paintEventMarks(painter, QRectF(left, m_lanesTop - 12, m_scale.width, 12));
}

void Figure::paintLane(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    m_painter.paintLane(painter, lane, rect);
    m_painter.paintRunning(painter, lane, rect);
    m_painter.paintLifeMarks(painter, lane, rect);
}

void Figure::paintLaneAsPixels(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    QImage image((rect.size() / kRasterPx).toSize(), QImage::Format_RGB32);
    image.fill(m_style.theme.window);
    QPainter pixels(&image);
    pixels.scale(image.width() / rect.width(), image.height() / rect.height());
    pixels.translate(-rect.topLeft());
    paintLane(pixels, lane, rect);
    pixels.end();
    painter.drawImage(rect, image);
}

/// \return whether the lanes would take more parts than a drawing may have. Lanes of tasks too small
/// to be seen one by one are pixels anyway.
bool Figure::exceedsElements() const
{
    double bars = 0;
    for (const LaneView& lane : m_snapshot.lanes) {
        if (drawsBars(lane, m_scale, kRasterPx)) {
            const std::uint64_t first = firstRecordEndingAfter(lane, m_range.beginNs);
            bars += static_cast<double>(firstRecordEndingAfter(lane, m_range.endNs) - first);
        }
    }
    return bars * kElementsPerBar > kMostElements;
}

void Figure::paintAxis(QPainter& painter)
{
    const TimeAxis& axis = m_painter.axis();
    const QFontMetricsF metrics(m_style.font);
    painter.setFont(m_style.font);
    painter.setPen(m_style.theme.text);
    painter.fillRect(QRectF(m_scale.left, m_lanesBottom, m_scale.width, 0.5), m_style.theme.text);
    for (const Nanos tick : axis.majors) {
        const double x = toX(m_scale, tick);
        painter.fillRect(QRectF(x - 0.25, m_lanesBottom, 0.5, 3), m_style.theme.text);
        const QString text = tickText(axis, tick);
        const double width = metrics.horizontalAdvance(text);
        painter.drawText(
            QPointF(std::clamp(x - width / 2, m_scale.left - 6, m_width - kMargin - width),
                    m_lanesBottom + 11),
            text);
    }
    QString title = tr("Time since start (%1)").arg(unitText(axis));
    if (axis.offsetNs > 0) {
        title += tr(", from %1").arg(timeText(axis.offsetNs, static_cast<double>(axis.unitNs)));
    }
    painter.drawText(QRectF(m_scale.left, m_lanesBottom + 13, m_scale.width, kLine),
                     Qt::AlignCenter, title);
}

void Figure::paintLegend(QPainter& painter)
{
    const double top = m_lanesBottom + 26 + kSection;
    painter.setFont(m_style.font);
    layLegend([&](const LegendEntry& entry, QPointF at) {
        const QRectF swatch(at.x(), top + at.y() + 1.5, kSwatch, kLine - 3);
        paintSwatch(painter, entry, swatch);
        painter.setFont(m_style.font);
        painter.setPen(m_style.theme.text);
        painter.drawText(QPointF(swatch.right() + 4, top + at.y() + 8.5), entry.text);
    });
}

void Figure::paintSwatch(QPainter& painter, const LegendEntry& entry, const QRectF& rect)
{
    using Shape = LegendEntry::Shape;
    if (entry.shape == Shape::Kind) {
        painter.fillRect(rect, m_style.colors(m_snapshot, entry.executor, entry.kind).fill);
        return;
    }
    if (entry.shape == Shape::Wait) {
        constexpr int kSteps = 14;
        for (int i = 0; i < kSteps; ++i) {
            const double step = rect.width() / kSteps;
            painter.fillRect(
                QRectF(rect.left() + i * step, rect.bottom() - 4, step + 0.1, 4),
                m_style.waitOver(m_style.theme.laneEven, 10 + 23.2 * i / (kSteps - 1)));
        }
        return;
    }
    TaskState state = TaskState::Failed;
    if (entry.shape == Shape::TimedOut) {
        state = TaskState::TimedOut;
    } else if (entry.shape == Shape::Cancelled) {
        state = TaskState::Cancelled;
    } else if (entry.shape == Shape::Lost) {
        state = TaskState::Lost;
    }
    paintOutcomeSample(painter, m_style, rect, state);
}

void Figure::paintNumbers(QPainter& painter)
{
    // Columns share the width by what they hold: name, three short ones, a share, two triples.
    constexpr std::array<double, 7> kParts{1.5, 0.9, 1.0, 1.0, 1.0, 2.2, 2.2};
    constexpr int kLeft = Qt::AlignLeft | Qt::AlignVCenter;
    constexpr int kRight = Qt::AlignRight | Qt::AlignVCenter;
    double sum = 0;
    for (const double part : kParts) {
        sum += part;
    }
    double y = m_lanesBottom + 26 + 2 * kSection + legendHeight();
    const QFontMetricsF metrics(m_style.smallFont);
    painter.fillRect(QRectF(kMargin, y, m_width - 2 * kMargin, 0.5), m_style.theme.grid);
    y += 2;
    const auto paintRow = [&](const QStringList& texts, const QColor& color) {
        double x = kMargin;
        painter.setFont(m_style.smallFont);
        painter.setPen(color);
        for (qsizetype i = 0; i < texts.size(); ++i) {
            const double width =
                (m_width - 2 * kMargin) * kParts[static_cast<std::size_t>(i)] / sum;
            const QRectF cell(x, y, width - (i == 0 ? 4 : 0), kLine);
            painter.drawText(cell, i == 0 ? kLeft : kRight,
                             metrics.elidedText(texts[i], Qt::ElideRight, cell.width()));
            x += width;
        }
        y += kLine;
    };
    paintRow(m_facts.numberHeads, m_style.theme.dimText);
    for (const QStringList& row : m_facts.numbers) {
        paintRow(row, m_style.theme.text);
    }
    painter.fillRect(QRectF(kMargin, y + 1.5, m_width - 2 * kMargin, 0.5), m_style.theme.grid);
}

void Figure::paintFooter(QPainter& painter)
{
    const QFontMetricsF metrics(m_style.smallFont);
    const double width = m_width - 2 * kMargin;
    painter.setFont(m_style.smallFont);
    painter.setPen(m_style.theme.dimText);
    double y = m_height - kMargin - kLine;
    painter.drawText(QRectF(kMargin, y, width, kLine), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(m_facts.provenance, Qt::ElideRight, width));
    if (const QString note = footnote(); !note.isEmpty()) {
        y -= kLine;
        painter.drawText(QRectF(kMargin, y, width, kLine), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(note, Qt::ElideRight, width));
    }
}

} // namespace

void paintFigure(QPainter& painter, const Snapshot& snapshot, const FigureOptions& options,
                 QSizeF sizePt)
{
    painter.save();
    Figure(snapshot, options, sizePt.width(), sizePt.height()).paint(painter);
    painter.restore();
}

QSizeF figureSize(const Snapshot& snapshot, const FigureOptions& options)
{
    const double width = options.sizeMm.width() * kPointsPerMm;
    const double height = options.sizeMm.height() * kPointsPerMm;
    return {width, Figure(snapshot, options, width, height).height()};
}

} // namespace poolscope
