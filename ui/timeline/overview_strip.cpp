// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/overview_strip.h"

#include "ui/timeline/lane_facts.h"
#include "ui/timeline/overview_strip_p.h"
#include "ui/timeline/timeline_text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kTop = OverviewMetrics::kTop;
constexpr double kBottom = OverviewMetrics::kBottom;
constexpr double kEdgeReach = OverviewMetrics::kEdgeReach;
constexpr double kWholePart = OverviewMetrics::kWholePart;
constexpr int kHeight = 42;
constexpr double kLeastWindow = 3; // or it could not be seen
constexpr double kWheelStep = 0.8;
constexpr double kKeyZoom = 0.6;
constexpr int kPanPart = 8;

} // namespace

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
