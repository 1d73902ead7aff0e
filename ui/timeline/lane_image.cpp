// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lane_image.h"

#include "ui/timeline/bar_painter.h"

#include <QPainter>
#include <QSemaphore>
#include <QThread>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace poolscope {

namespace {

constexpr std::int64_t kColumnsWorthHelp = 10'000; ///< some tenths of a millisecond

} // namespace

LaneImage::LaneImage(const TimelineStyle& style)
    : m_style(style)
    , m_helpersColumns(style)
{
    m_helper.setMaxThreadCount(1);
}

bool LaneImage::canMove(const Frame& next, const SnapshotPtr& snapshot, QSize size) const
{
    // The columns must be the same pieces of time: exactly equal widths, not nearly.
    return m_image.size() == size && m_frame.moment.isOfRun(snapshot) &&
           next.nowNs >= m_frame.nowNs && !(m_frame.columnNs < next.columnNs) &&
           !(m_frame.columnNs > next.columnNs) && m_frame.layout == next.layout &&
           std::abs(m_frame.scrollY - next.scrollY) < 1e-9 &&
           std::abs(m_frame.devicePixelRatio - next.devicePixelRatio) < 1e-9 &&
           m_frame.stepNs == next.stepNs &&
           std::llabs(next.firstColumn - m_frame.firstColumn) < size.width();
}

const QImage& LaneImage::update(TimelinePainter& painter, const SnapshotPtr& snapshot,
                                const LaneLayout& layout, double scrollY, double height,
                                double devicePixelRatio)
{
    const TimeScale& scale = painter.scale();
    const QSize size(static_cast<int>(std::lround(scale.width * devicePixelRatio)),
                     static_cast<int>(std::lround(height * devicePixelRatio)));
    Frame next;
    next.columnNs = scale.nsPerPx / devicePixelRatio;
    next.firstColumn = firstColumn(scale, next.columnNs);
    next.scrollY = scrollY;
    next.devicePixelRatio = devicePixelRatio;
    next.stepNs = painter.axis().stepNs;
    next.layout = layout;
    next.moment = SnapshotMark(snapshot);
    next.nowNs = snapshot->nowNs;

    const bool isMoved = canMove(next, snapshot, size);
    if (!isMoved) {
        if (m_image.size() != size) {
            m_image = QImage(size, QImage::Format_RGB32);
        }
        m_image.setDevicePixelRatio(devicePixelRatio);
        m_image.fill(m_style.theme.panel);
    }
    m_drawnColumns = 0;
    m_pieces.clear();
    for (const LaneRow& row : layout.rows()) {
        if (row.isGroup() || row.bottom() <= scrollY || row.top >= scrollY + height) {
            continue;
        }
        if (row.kind == LaneRow::Kind::Infrastructure) {
            continue; // painted over the picture
        }
        if (!row.isLane()) {
            addPiece({nullptr, row.executor, QRectF(0, row.top - scrollY, scale.width, row.height),
                      0, size.width()});
            continue;
        }
        Strip strip;
        drawLane(painter, snapshot, next, row, strip, isMoved);
        next.strips.push_back(strip);
    }
    m_frame = std::move(next);
    drawPieces(painter, *snapshot);
    return m_image;
}

void LaneImage::drawLane(const TimelinePainter& painter, const SnapshotPtr& snapshot,
                         const Frame& next, const LaneRow& row, Strip& strip, bool isMoved)
{
    const TimeScale& scale = painter.scale();
    const LaneView& lane = snapshot->lanes[static_cast<std::size_t>(row.lane)];
    const QRectF rect(0, row.top - next.scrollY, scale.width, row.height);
    strip.lane = lane.lane;
    strip.isBars = drawsBars(lane, scale, 1 / next.devicePixelRatio);
    strip.lastEndNs = lane.lastEndNs();
    const int width = m_image.width();
    if (strip.isBars) {
        addPiece({&lane, row.executor, rect, 0, width, true});
        return;
    }
    const auto old =
        std::find_if(m_frame.strips.begin(), m_frame.strips.end(),
                     [&strip](const Strip& known) { return known.lane == strip.lane; });
    if (!isMoved || old == m_frame.strips.end() || old->isBars) {
        addPiece({&lane, row.executor, rect, 0, width});
        return;
    }
    const std::int64_t by = next.firstColumn - m_frame.firstColumn;
    moveStrip(pixelRect(rect), by);
    // A mark reaches one column beside its own, hence the columns more at each seam.
    constexpr std::int64_t kSeam = 2;
    std::int64_t validFrom = std::max<std::int64_t>(0, -by);
    std::int64_t validTo = std::min<std::int64_t>(width, width - by);
    if (!m_frame.moment.isOf(snapshot)) {
        const auto final = static_cast<std::int64_t>(
            std::floor(static_cast<double>(old->lastEndNs - scale.beginNs) / next.columnNs));
        validTo = std::min(validTo, final - kSeam);
    }
    if (validFrom > 0) {
        validFrom += kSeam;
    }
    if (validTo < width) {
        validTo -= kSeam;
    }
    if (validTo <= validFrom) {
        addPiece({&lane, row.executor, rect, 0, width});
        return;
    }
    addPiece({&lane, row.executor, rect, 0, static_cast<int>(validFrom)});
    addPiece({&lane, row.executor, rect, static_cast<int>(validTo), width});
}

QRect LaneImage::pixelRect(const QRectF& rect) const
{
    const double ratio = m_image.devicePixelRatio();
    const auto top = static_cast<int>(std::lround(rect.top() * ratio));
    const auto bottom = static_cast<int>(std::lround(rect.bottom() * ratio));
    return {0, top, m_image.width(), bottom - top};
}

void LaneImage::moveStrip(const QRect& pixels, std::int64_t by)
{
    if (by == 0) {
        return;
    }
    const std::int64_t kept = m_image.width() - std::llabs(by);
    const int top = std::max(0, pixels.top());
    const int bottom = std::min(m_image.height(), pixels.bottom() + 1);
    for (int y = top; y < bottom; ++y) {
        QRgb* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        const QRgb* from = by > 0 ? line + by : line;
        QRgb* to = by > 0 ? line : line - by;
        std::memmove(to, from, static_cast<std::size_t>(kept) * sizeof(QRgb));
    }
}

void LaneImage::addPiece(const Piece& piece)
{
    if (piece.to > piece.from) {
        m_pieces.push_back(piece);
        m_drawnColumns += piece.to - piece.from;
    }
}

void LaneImage::drawPieces(TimelinePainter& painter, const Snapshot& snapshot)
{
    m_pixels = reinterpret_cast<QRgb*>(m_image.bits());
    std::atomic<std::size_t> next{0};
    const auto draw = [&](ColumnRaster& columns) {
        for (std::size_t i = next++; i < m_pieces.size(); i = next++) {
            if (m_pieces[i].isBars) {
                drawBars(painter, m_pieces[i]);
            } else {
                drawColumns(columns, painter.scale(), m_pieces[i]);
            }
        }
    };
    std::int64_t columns = 0;
    for (const Piece& piece : m_pieces) {
        columns += piece.to - piece.from;
    }
    if (columns < kColumnsWorthHelp || QThread::idealThreadCount() < 2) {
        draw(painter.columns());
        drawTexts(painter);
        return;
    }
    m_helpersColumns.begin(snapshot, painter.axis(), painter.nowNs());
    QSemaphore helped;
    const std::unique_ptr<QRunnable> help(QRunnable::create([&] {
        draw(m_helpersColumns);
        helped.release();
    }));
    help->setAutoDelete(false);
    m_helper.start(help.get());
    draw(painter.columns());
    // On a machine full of workers the helper may come too late: then it is not waited for.
    if (!m_helper.tryTake(help.get())) {
        helped.acquire();
    }
    drawTexts(painter);
}

void LaneImage::drawBars(TimelinePainter& painter, const Piece& piece) const
{
    const QRect pixels = pixelRect(piece.rect) & m_image.rect();
    if (pixels.isEmpty()) {
        return;
    }
    // A picture of its own on the lane's pixels: one picture has one painter only.
    const qsizetype stride = m_image.bytesPerLine();
    QImage rows(reinterpret_cast<uchar*>(m_pixels) + pixels.top() * stride, pixels.width(),
                pixels.height(), stride, m_image.format());
    const double ratio = m_image.devicePixelRatio();
    rows.setDevicePixelRatio(ratio);
    rows.fill(m_style.theme.panel);
    QPainter onRows(&rows);
    onRows.translate(-painter.scale().left, -pixels.top() / ratio);
    painter.paintLaneWithoutTexts(onRows, *piece.lane,
                                  piece.rect.translated(painter.scale().left, 0));
}

/// Afterwards and on this thread, which the fonts belong to.
void LaneImage::drawTexts(TimelinePainter& painter)
{
    QPainter onImage(&m_image);
    onImage.translate(-painter.scale().left, 0);
    for (const Piece& piece : m_pieces) {
        if (piece.isBars) {
            painter.paintLaneTexts(onImage, *piece.lane,
                                   piece.rect.translated(painter.scale().left, 0));
        }
    }
}

void LaneImage::drawColumns(ColumnRaster& columns, const TimeScale& scale, const Piece& piece) const
{
    const QRectF& rect = piece.rect;
    const int from = piece.from;
    const qsizetype width = m_image.bytesPerLine() / 4;
    const double ratio = m_image.devicePixelRatio();
    const QRect pixels = pixelRect(rect);
    const LaneParts parts = laneParts(rect, 1 / ratio);
    const auto rows = [ratio](double length) {
        return static_cast<int>(std::lround(length * ratio));
    };
    const int waitRows = rows(parts.wait.height());
    const int gapRows = rows(parts.wait.top() - parts.bars.bottom());
    const double columnNs = scale.nsPerPx / ratio;
    const ColumnRange range{scale.beginNs + std::llround(from * columnNs), columnNs,
                            piece.to - from};

    // A lane that is cut by the edge is drawn whole beside the picture.
    const bool isCut = pixels.top() < 0 || pixels.bottom() >= m_image.height();
    QImage whole;
    QRgb* first = nullptr;
    qsizetype stride = 0;
    if (isCut) {
        whole = QImage(range.count, pixels.height(), QImage::Format_RGB32);
        first = reinterpret_cast<QRgb*>(whole.bits());
        stride = whole.bytesPerLine() / 4;
    } else {
        first = m_pixels + pixels.top() * width + from;
        stride = width;
    }
    const PixelBlock block{first,   stride,   pixels.height() - waitRows - gapRows,
                           gapRows, waitRows, std::max(3, rows(3))};
    if (piece.lane != nullptr) {
        columns.render(*piece.lane, range, block);
    } else {
        columns.renderExecutor(piece.executor, range, block);
    }
    for (int y = std::max(0, pixels.top());
         isCut && y < std::min(m_image.height(), pixels.bottom() + 1); ++y) {
        std::memcpy(m_pixels + y * width + from, whole.constScanLine(y - pixels.top()),
                    static_cast<std::size_t>(range.count) * sizeof(QRgb));
    }
}

} // namespace poolscope
