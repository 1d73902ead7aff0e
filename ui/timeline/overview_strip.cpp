// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/overview_strip.h"

#include "ui/common/format.h"
#include "ui/timeline/hit_marks.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/timeline/timeline_text.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kHeight = 42;
constexpr double kTop = 7; // room for the marks
constexpr double kBottom = 5;
constexpr double kEdgeReach = 5;
constexpr double kLeastWindow = 3; // or it could not be seen
constexpr double kWholePart = 0.98; // from here on all counts as visible
constexpr double kWheelStep = 0.8;
constexpr double kKeyZoom = 0.6;
constexpr int kPanPart = 8;
constexpr int kRefreshMs = 100; // of a run that goes on

} // namespace

/// The run's columns, and what they were made from.
struct OverviewStrip::Picture
{
    Picture(const Theme& theme, const QFont& font)
        : style(theme, font)
        , painter(style)
    {}

    TimelineStyle style;
    TimelinePainter painter;
    QImage image;
    SnapshotPtr snapshot;
    QElapsedTimer age;
};

OverviewStrip::OverviewStrip(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_picture(std::make_unique<Picture>(Theme::light(), font()))
{
    setFixedHeight(kHeight);
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Overview of the whole run"));
    setAccessibleDescription(
        tr("The visible part is a window in it. Arrow keys move it, plus and minus zoom."));
    const auto repaint = [this] { update(); };
    connect(&state, &ViewState::snapshotChanged, this, repaint);
    connect(&state, &ViewState::visibleChanged, this, repaint);
    connect(&state, &ViewState::selectionChanged, this, repaint);
    connect(&state, &ViewState::selectedChanged, this, repaint);
    connect(&state, &ViewState::marksChanged, this, repaint);
    connect(&state, &ViewState::hitsChanged, this, repaint);
    connect(&state, &ViewState::coloringChanged, this, [this] {
        m_picture->image = QImage();
        update();
    });
}

OverviewStrip::~OverviewStrip() = default;

void OverviewStrip::setTheme(const Theme& theme)
{
    m_picture = std::make_unique<Picture>(theme, font());
    setFixedHeight(qRound(scaledPx(kHeight, font())));
    update();
}

void OverviewStrip::setPlotGeometry(int left, int width)
{
    m_left = left;
    m_width = width;
    update();
}

QSize OverviewStrip::sizeHint() const
{
    return {600, qRound(scaledPx(kHeight, font()))};
}

QRectF OverviewStrip::plot() const
{
    return {double(m_left), kTop, double(std::max(1, m_width)), height() - kTop - kBottom};
}

TimeScale OverviewStrip::scale() const
{
    const QRectF rect = plot();
    return scaleFor(m_state.bounds(), rect.left(), rect.width());
}

QRectF OverviewStrip::windowRect() const
{
    const QRectF rect = plot();
    const TimeScale now = scale();
    const TimeRange visible = m_state.visible();
    double left = std::clamp(toX(now, visible.beginNs), rect.left(), rect.right());
    double right = std::clamp(toX(now, visible.endNs), rect.left(), rect.right());
    if (right - left < kLeastWindow) {
        const double middle = std::clamp((left + right) / 2, rect.left() + kLeastWindow / 2,
                                         rect.right() - kLeastWindow / 2);
        left = middle - kLeastWindow / 2;
        right = middle + kLeastWindow / 2;
    }
    return {left, rect.top() - 2, right - left, rect.height() + 4};
}

// Painting.

void OverviewStrip::renderPicture()
{
    Picture& picture = *m_picture;
    const SnapshotPtr& snapshot = m_state.snapshot();
    const double ratio = devicePixelRatioF();
    const QRectF rect = plot();
    const QSize size(qRound(rect.width() * ratio), qRound(rect.height() * ratio));
    const bool isFresh =
        picture.snapshot == snapshot ||
        (snapshot->isLive && picture.snapshot && picture.snapshot->meta == snapshot->meta &&
         picture.age.elapsed() < kRefreshMs);
    if (picture.image.size() == size && isFresh) {
        return;
    }
    picture.style.coloring = m_state.coloring();
    picture.image = QImage(size, QImage::Format_RGB32);
    picture.image.setDevicePixelRatio(ratio);
    picture.image.fill(picture.style.theme.panel);
    picture.snapshot = snapshot;
    picture.age.start();
    picture.painter.begin(*snapshot, scaleFor(m_state.bounds(), 0, rect.width()), snapshot->nowNs,
                          1 / ratio);
    const auto executors = static_cast<int>(snapshot->meta->executors.size());
    const int gap = executors > 1 ? qRound(ratio) : 0;
    const int each = std::max(2, (size.height() - gap * (executors - 1)) / std::max(1, executors));
    const TimeRange all = m_state.bounds();
    const ColumnRange columns{all.beginNs, static_cast<double>(all.duration()) / size.width(),
                              size.width()};
    for (int executor = 0; executor < executors; ++executor) {
        const int top = executor * (each + gap);
        if (top + each > size.height()) {
            break;
        }
        picture.painter.columns().renderExecutor(
            executor, columns,
            {reinterpret_cast<QRgb*>(picture.image.scanLine(top)), picture.image.bytesPerLine() / 4,
             each, 0, 0, std::max(2, qRound(2 * ratio))});
    }
}

void OverviewStrip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Theme& theme = m_picture->style.theme;
    painter.fillRect(rect(), theme.panel);
    if (!m_state.snapshot()) {
        return;
    }
    renderPicture();
    painter.drawImage(plot().topLeft(), m_picture->image);
    paintHeader(painter);
    paintWindow(painter);
    paintMarks(painter);
    painter.fillRect(QRectF(0, height() - 1, width(), 1), theme.grid);
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void OverviewStrip::paintHeader(QPainter& painter) const
{
    const TimelineStyle& style = m_picture->style;
    const QRectF header(12, 0, std::max(0, m_left - 24), height());
    const QFontMetricsF metrics(style.smallFont);
    painter.setFont(style.smallFont);
    painter.setPen(style.theme.dimText);
    const TimeRange visible = m_state.visible();
    const QString all = formatDuration(m_state.bounds().duration());
    const bool isWhole = windowRect().width() >= kWholePart * plot().width();
    const QString text = isWhole ? tr("Whole run, %1").arg(all)
                                 : tr("%1 of %2").arg(formatDuration(visible.duration()), all);
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(text, Qt::ElideRight, header.width()));
}

void OverviewStrip::paintWindow(QPainter& painter) const
{
    const Theme& theme = m_picture->style.theme;
    const QRectF rect = plot();
    const QRectF window = windowRect();
    QColor veil = theme.panel;
    veil.setAlphaF(0.62F);
    painter.fillRect(QRectF(rect.left(), rect.top(), window.left() - rect.left(), rect.height()),
                     veil);
    painter.fillRect(
        QRectF(window.right(), rect.top(), rect.right() - window.right(), rect.height()), veil);
    if (m_state.selection()) {
        const TimeScale now = scale();
        const double left = toX(now, m_state.selection()->beginNs);
        const double right = std::max(left + 1, toX(now, m_state.selection()->endNs));
        painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), theme.selection);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(window, 2, 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    if (window.width() > 4 * kEdgeReach) { // the edges can be taken hold of
        for (const double x : {window.left(), window.right()}) {
            painter.drawRoundedRect(QRectF(x - 2, window.center().y() - 7, 4, 14), 2, 2);
        }
    }
    painter.restore();
}

void OverviewStrip::paintMarks(QPainter& painter) const
{
    const Theme& theme = m_picture->style.theme;
    const QRectF rect = plot();
    const TimeScale now = scale();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    m_picture->painter.begin(*m_state.snapshot(), now, m_state.snapshot()->nowNs,
                             1 / devicePixelRatioF());
    const auto tip = [&](double x, const QColor& color) {
        const std::array<QPointF, 3> corners{QPointF(x - 3, 0), QPointF(x + 3, 0),
                                             QPointF(x, kTop - 1)};
        painter.setBrush(color);
        painter.drawConvexPolygon(corners.data(), static_cast<int>(corners.size()));
    };
    const auto line = [&](double x, const QColor& color) {
        painter.fillRect(QRectF(x - 0.5, rect.top(), 1, rect.height()), color);
    };
    double covered = -1;
    for (const EventMark& mark : m_picture->painter.eventMarks()) {
        if (mark.x >= covered) { // a thousand deaths need no thousand triangles
            tip(mark.x, m_picture->painter.markColor(*mark.event));
            covered = mark.x + 1;
        }
    }
    if (m_state.hits()) {
        for (const double x : hitMarks(*m_state.hits(), now)) {
            painter.fillRect(QRectF(x, rect.bottom() - 1, 2, kBottom), theme.wait);
        }
    }
    if (m_state.snapshot()->wholeNs > 0) {
        painter.fillRect(QRectF(toX(now, m_state.snapshot()->nowNs) - 1, 0, 2, height()),
                         theme.accent);
    }
    for (const Bookmark& bookmark : m_state.marks().bookmarks) {
        tip(toX(now, bookmark.timeNs), theme.text);
        line(toX(now, bookmark.timeNs), theme.text);
    }
    if (m_state.selected()) {
        if (const TaskRecord* record = findRecord(*m_state.snapshot(), *m_state.selected())) {
            line(toX(now, record->startNs), theme.accent);
        }
    }
    painter.restore();
}

// Mouse and keys.

OverviewStrip::Drag OverviewStrip::dragAt(QPointF position) const
{
    const QRectF window = windowRect();
    const bool isWhole = window.width() >= kWholePart * plot().width();
    const double reach = window.width() > 4 * kEdgeReach ? kEdgeReach : 0;
    const bool isAtBegin = std::abs(position.x() - window.left()) <= reach;
    const bool isAtEnd = std::abs(position.x() - window.right()) <= reach;
    if (reach > 0 && (isAtBegin || isAtEnd)) {
        return isAtBegin ? Drag::Begin : Drag::End;
    }
    const bool isInside = position.x() >= window.left() && position.x() <= window.right();
    return isInside && !isWhole ? Drag::Move : Drag::Draw;
}

void OverviewStrip::showCursorFor(QPointF position)
{
    const QRectF rect = plot();
    if (!m_state.snapshot() || position.x() < rect.left() - kEdgeReach ||
        position.x() > rect.right() + kEdgeReach) {
        unsetCursor();
        return;
    }
    switch (dragAt(position)) {
    case Drag::Begin:
    case Drag::End:
        setCursor(Qt::SizeHorCursor);
        break;
    case Drag::Move:
        setCursor(Qt::OpenHandCursor);
        break;
    default:
        setCursor(Qt::CrossCursor);
    }
}

void OverviewStrip::mousePressEvent(QMouseEvent* event)
{
    const QRectF rect = plot();
    const double x = event->position().x();
    if (!m_state.snapshot() || event->button() != Qt::LeftButton || x < rect.left() - kEdgeReach ||
        x > rect.right() + kEdgeReach) {
        event->ignore();
        return;
    }
    m_drag = (event->modifiers() & Qt::ShiftModifier) != 0 ? Drag::Draw : dragAt(event->position());
    m_dragX = x;
    m_dragVisible = m_state.visible();
    if (m_drag == Drag::Move) {
        setCursor(Qt::ClosedHandCursor);
    }
}

void OverviewStrip::drag(QPointF position)
{
    const TimeScale now = scale();
    const Nanos at = toTime(now, position.x());
    const Nanos offset = std::llround((position.x() - m_dragX) * now.nsPerPx);
    switch (m_drag) {
    case Drag::Move:
        m_state.setVisible({m_dragVisible.beginNs + offset, m_dragVisible.endNs + offset});
        break;
    case Drag::Begin:
        m_state.setVisible({std::min(m_dragVisible.beginNs + offset,
                                     m_dragVisible.endNs - ViewState::kShortestVisible),
                            m_dragVisible.endNs});
        break;
    case Drag::End:
        m_state.setVisible(
            {m_dragVisible.beginNs, std::max(m_dragVisible.endNs + offset,
                                             m_dragVisible.beginNs + ViewState::kShortestVisible)});
        break;
    case Drag::Draw: {
        const auto [from, to] = std::minmax({toTime(now, m_dragX), at});
        if (std::abs(position.x() - m_dragX) >= 2) {
            m_state.setVisible({from, to});
        }
        break;
    }
    case Drag::None:
        break;
    }
}

void OverviewStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drag != Drag::None) {
        drag(event->position());
    } else {
        showCursorFor(event->position());
    }
}

void OverviewStrip::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = m_drag == Drag::Draw && std::abs(event->position().x() - m_dragX) < 2;
    m_drag = Drag::None;
    const QRectF window = windowRect();
    if (isClick && window.width() < kWholePart * plot().width()) {
        const TimeRange visible = m_state.visible();
        const Nanos middle = toTime(scale(), event->position().x());
        m_state.panBy(middle - (visible.beginNs + visible.duration() / 2));
    }
    showCursorFor(event->position());
}

void OverviewStrip::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        m_state.fit();
    }
}

void OverviewStrip::wheelEvent(QWheelEvent* event)
{
    event->accept();
    if (!m_state.snapshot() || event->angleDelta().y() == 0) {
        return;
    }
    const TimeRange visible = m_state.visible();
    m_state.zoomAt(visible.beginNs + visible.duration() / 2,
                   std::pow(kWheelStep, event->angleDelta().y() / 120.0));
}

void OverviewStrip::keyPressEvent(QKeyEvent* event)
{
    const TimeRange visible = m_state.visible();
    const Nanos step = std::max<Nanos>(1, visible.duration() / kPanPart);
    const Nanos middle = visible.beginNs + visible.duration() / 2;
    switch (event->key()) {
    case Qt::Key_Left:
        m_state.panBy(-step);
        break;
    case Qt::Key_Right:
        m_state.panBy(step);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_state.zoomAt(middle, kKeyZoom);
        break;
    case Qt::Key_Minus:
        m_state.zoomAt(middle, 1 / kKeyZoom);
        break;
    case Qt::Key_Home:
        m_state.setVisible({0, visible.duration()});
        break;
    case Qt::Key_End:
        m_state.panBy(m_state.bounds().endNs - visible.endNs);
        break;
    case Qt::Key_F:
        m_state.fit();
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool OverviewStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_state.snapshot()) {
        return QWidget::event(event);
    }
    constexpr double kHit = 5;
    const auto* help = static_cast<QHelpEvent*>(event);
    const double x = help->pos().x();
    QStringList lines;
    const TimeScale now = scale();
    for (const Bookmark& bookmark : m_state.marks().bookmarks) {
        if (std::abs(toX(now, bookmark.timeNs) - x) <= kHit) {
            lines += timeline::fromStd(bookmark.text);
        }
    }
    m_picture->painter.begin(*m_state.snapshot(), now, m_state.snapshot()->nowNs, 1);
    for (const EventMark& mark : m_picture->painter.eventMarks()) {
        if (std::abs(mark.x - x) <= kHit && lines.size() < 8) {
            lines += eventText(*m_state.snapshot(), *mark.event);
        }
    }
    if (lines.isEmpty()) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    }
    return true;
}

} // namespace poolscope
