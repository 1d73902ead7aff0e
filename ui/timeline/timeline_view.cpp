// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_view.h"

#include "ui/common/recording_text.h"
#include "ui/timeline/resize_card.h"
#include "ui/timeline/timeline_view_p.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kRightMargin = 8;
constexpr double kInfrastructureHeight = 13;
constexpr double kWheelStep = 0.8; // zoom by one notch

} // namespace

TimelineView::Private::Private(TimelineView& view, ViewState& viewState)
    : q(view)
    , state(viewState)
    , glide(viewState)
    , theme(Theme::light())
    , look(std::make_unique<TimelineLook>(theme, view.font()))
{}

TimelineView::TimelineView(ViewState& state, QWidget* parent)
    : QAbstractScrollArea(parent)
    , d(std::make_unique<Private>(*this, state))
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(360, 140);
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(d->description());
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    d->card = new TaskCard(viewport());
    d->resizeCard = new ResizeCard(viewport());
    d->card->setStyle(d->look->style);
    d->updateMetrics();

    const auto repaint = [this] { viewport()->update(); };
    connect(&state, &ViewState::snapshotChanged, this, [this] {
        d->updateLayout();
        setAccessibleDescription(d->description());
    });
    connect(&state, &ViewState::visibleChanged, this, repaint);
    connect(&state, &ViewState::selectionChanged, this, repaint);
    connect(&state, &ViewState::hoveredChanged, this, repaint);
    connect(&state, &ViewState::cursorChanged, this, repaint);
    connect(&state, &ViewState::selectedChanged, this, repaint);
    connect(&state, &ViewState::marksChanged, this, repaint);
    connect(&state, &ViewState::finishLinesChanged, this, repaint);
    connect(&state, &ViewState::hitsChanged, this, repaint);
    connect(&state, &ViewState::coloringChanged, this, [this] {
        d->look->style.coloring = d->state.coloring();
        d->look->image.clear();
        viewport()->update();
    });
    connect(&state, &ViewState::arrangementChanged, this, [this] { d->updateLayout(); });
    d->updateLayout();
}

TimelineView::~TimelineView() = default;

QString TimelineView::Private::description() const
{
    const QString what =
        tr("Every task as a bar on the lane of the worker that ran it. Arrow keys move, "
           "plus and minus zoom, F shows the whole run.");
    const QString gone = state.snapshot() ? goneSentence(*state.snapshot()) : QString();
    return gone.isEmpty() ? what : what + QLatin1Char(' ') + gone;
}

void TimelineView::setTheme(const Theme& theme)
{
    d->theme = theme;
    d->card->hide();
    d->look = std::make_unique<TimelineLook>(theme, font());
    d->look->style.coloring = d->state.coloring();
    d->card->setStyle(d->look->style);
    d->updateMetrics();
    d->updateLayout();
}

void TimelineView::setFrameClock(FrameClock* clock)
{
    d->glide.setClock(clock);
}

void TimelineView::setSmooth(bool isSmooth)
{
    d->glide.setEnabled(isSmooth);
}

void TimelineView::setEmptyText(const QString& text)
{
    d->emptyText = text;
    viewport()->update();
}

int TimelineView::plotLeft() const
{
    return viewport()->x() + d->headerWidth;
}

std::vector<int> TimelineView::visibleLanes() const
{
    std::vector<int> lanes;
    for (const LaneRow& row : d->layout.rows()) {
        if (!row.isGroup() && d->rectOf(row).intersects(d->plotRect())) {
            lanes.push_back(row.lane);
        }
    }
    std::sort(lanes.begin(), lanes.end());
    return lanes;
}

int TimelineView::plotWidth() const
{
    return std::max(1, viewport()->width() - d->headerWidth - kRightMargin);
}

QSize TimelineView::sizeHint() const
{
    return {900, 420};
}

// Geometry.

void TimelineView::Private::updateMetrics()
{
    const QFontMetrics normal(look->style.font);
    const QFontMetrics small(look->style.smallFont);
    const bool isNarrow = q.width() < 720;
    const int ids = isNarrow ? 0 : small.horizontalAdvance(QStringLiteral("pid 0000000")) + 8;
    const int width = 12 + normal.horizontalAdvance(QStringLiteral("Process 00")) + ids + 8 +
                      (isNarrow ? 28 : 44) + 8 + small.horizontalAdvance(QStringLiteral("100 %")) +
                      12;
    rulerHeight = small.height() + 26;
    if (headerWidth != width) {
        headerWidth = width;
        emit q.plotGeometryChanged();
    }
}

void TimelineView::Private::updateLayout()
{
    const double available = q.viewport()->height() - rulerHeight;
    updateOrder();
    layout = state.snapshot() ? LaneLayout(*state.snapshot(), metrics(), available,
                                           state.arrangement(), order.lanes)
                              : LaneLayout();
    const int hidden = static_cast<int>(std::ceil(layout.contentHeight() - available));
    q.verticalScrollBar()->setRange(0, std::max(0, hidden));
    q.verticalScrollBar()->setPageStep(std::max(1, static_cast<int>(available)));
    q.verticalScrollBar()->setSingleStep(24);
    q.viewport()->update();
}

LaneMetrics TimelineView::Private::metrics() const
{
    const auto scaled = [this](double px) { return std::round(scaledPx(px, look->style.font)); };
    LaneMetrics metrics;
    metrics.groupHeight = scaled(metrics.groupHeight);
    metrics.minLaneHeight = scaled(metrics.minLaneHeight);
    metrics.maxLaneHeight = scaled(metrics.maxLaneHeight);
    metrics.infrastructureHeight = scaled(kInfrastructureHeight);
    return metrics;
}

/// Lanes keep their places while a run goes on; they are put in order when that changes, and at its end.
void TimelineView::Private::updateOrder()
{
    if (!state.snapshot()) {
        order = {};
        return;
    }
    const Snapshot& snapshot = *state.snapshot();
    const LaneOrder wanted = state.arrangement().order;
    const bool isKnown = order.by == wanted && order.meta == snapshot.meta &&
                         order.isLive == snapshot.isLive &&
                         order.lanes.size() == snapshot.lanes.size();
    if (!isKnown) {
        order = {wanted, snapshot.meta, snapshot.isLive, orderedLanes(snapshot, wanted)};
    }
}

QRectF TimelineView::Private::plotRect() const
{
    return QRectF(headerWidth, rulerHeight, q.plotWidth(),
                  std::max(1, q.viewport()->height() - rulerHeight));
}

QRectF TimelineView::Private::rulerRect() const
{
    return QRectF(headerWidth, 0, q.plotWidth(), rulerHeight);
}

QRectF TimelineView::Private::rectOf(const LaneRow& row) const
{
    const QRectF plot = plotRect();
    return {plot.left(), plot.top() + row.top - q.verticalScrollBar()->value(), plot.width(),
            row.height};
}

double TimelineView::Private::devicePixelRatio() const
{
    return q.viewport()->devicePixelRatioF();
}

TimeScale TimelineView::Private::scale() const
{
    const TimeScale exact = scaleFor(state.visible(), headerWidth, q.plotWidth());
    return snapped(exact, exact.nsPerPx / devicePixelRatio());
}

Nanos TimelineView::Private::nowNs() const
{
    const SnapshotPtr& snapshot = state.snapshot();
    return snapshot->isLive ? std::max(snapshot->nowNs, snapshot->recorder->now())
                            : snapshot->nowNs;
}

// Events.

void TimelineView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    d->paint(painter);
}

void TimelineView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    d->updateMetrics();
    d->updateLayout();
    emit plotGeometryChanged();
}

void TimelineView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        setTheme(d->theme);
    }
}

void TimelineView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    d->endHover();
    viewport()->update();
}

void TimelineView::focusInEvent(QFocusEvent* event)
{
    const Qt::FocusReason reason = event->reason();
    d->showsFocus = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
                    reason == Qt::ShortcutFocusReason;
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void TimelineView::focusOutEvent(QFocusEvent* event)
{
    d->showsFocus = false;
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

bool TimelineView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        d->endHover();
    } else if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        d->showToolTip(help->pos(), help->globalPos());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::wheelEvent(QWheelEvent* event)
{
    const QPoint delta = event->angleDelta();
    const QPointF position = event->position();
    const bool isSideways = std::abs(delta.x()) > std::abs(delta.y());
    const int amount = isSideways ? delta.x() : delta.y();
    const TimeScale scale = d->scale();
    event->accept();
    if (amount == 0 || !d->state.snapshot()) {
        return;
    }
    if (isSideways || (event->modifiers() & Qt::ShiftModifier) != 0) {
        d->state.panBy(-std::llround(amount * scale.nsPerPx));
    } else if ((event->modifiers() & Qt::ControlModifier) != 0 || position.x() < d->headerWidth) {
        d->scrollLanes(-amount / 2);
    } else {
        d->glide.zoomAt(toTime(scale, position.x()), std::pow(kWheelStep, amount / 120.0));
    }
    d->hoverAt(position);
}

void TimelineView::mousePressEvent(QMouseEvent* event)
{
    d->beginDrag(*event);
}

void TimelineView::mouseMoveEvent(QMouseEvent* event)
{
    if (d->drag != Private::Drag::None) {
        d->dragTo(event->position());
    } else {
        d->hoverAt(event->position());
    }
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = d->drag == Private::Drag::Pressed && event->button() == Qt::LeftButton;
    d->drag = Private::Drag::None;
    viewport()->unsetCursor();
    if (isClick) {
        d->clickAt(event->position());
    }
    d->hoverAt(event->position());
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        d->zoomToTaskAt(event->position());
    }
}

} // namespace poolscope
