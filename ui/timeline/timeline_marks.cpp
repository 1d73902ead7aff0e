// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of the timeline view that shows and keeps what the user has marked.

#include "ui/common/format.h"
#include "ui/timeline/hit_marks.h"
#include "ui/timeline/mark_history.h"
#include "ui/timeline/timeline_text.h"
#include "ui/timeline/timeline_view_p.h"

#include <QFontMetricsF>
#include <QInputDialog>
#include <QLineEdit>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kFlagHeight = 14;
constexpr double kLongestText = 160;
constexpr double kReachPx = 8; // how far beside a bookmark still means it

} // namespace

void TimelineView::Private::paintMarks(QPainter& painter)
{
    const TimelineStyle& style = look->style;
    const QRectF plot = plotRect();
    const TimeScale now = scale();
    const QFontMetricsF metrics(style.smallFont);
    painter.save();
    painter.setClipRect(QRectF(plot.left() - 1, 0, plot.width() + 2, plot.bottom()));
    if (state.hits()) {
        for (const double x : hitMarks(*state.hits(), now)) {
            painter.fillRect(QRectF(x, rulerHeight - 4, 2, 4), style.theme.wait);
        }
    }
    const auto flag = [&](double x, const QString& text, const QColor& fill) {
        const double width = metrics.horizontalAdvance(text) + 10;
        const QRectF rect(x, rulerHeight - kFlagHeight - 1, width, kFlagHeight);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawRoundedRect(rect, 2.5, 2.5);
        painter.setFont(style.smallFont);
        painter.setPen(fill.lightnessF() > 0.45F ? QColor(0x0B, 0x0E, 0x12) : QColor(Qt::white));
        painter.drawText(rect, Qt::AlignCenter, text);
        painter.setRenderHint(QPainter::Antialiasing, false);
    };
    const auto line = [&](double x, const QColor& color, Qt::PenStyle pen) {
        painter.setPen(QPen(color, 1, pen));
        painter.drawLine(QPointF(x, rulerHeight - 1), QPointF(x, plot.bottom()));
    };
    for (const Bookmark& bookmark : state.marks().bookmarks) {
        const double x = std::round(toX(now, bookmark.timeNs)) + 0.5;
        if (x < plot.left() - kLongestText || x > plot.right()) {
            continue;
        }
        line(x, style.theme.text, Qt::DashLine);
        flag(x - 0.5,
             metrics.elidedText(timeline::fromStd(bookmark.text), Qt::ElideRight, kLongestText),
             style.theme.text);
    }
    paintDistance(painter, line, flag);
    if (state.snapshot()->wholeNs > 0) { // where the replay is
        const double x = std::round(toX(now, state.snapshot()->nowNs)) + 0.5;
        painter.fillRect(QRectF(x - 1, rulerHeight - 8, 2, plot.bottom()), style.theme.accent);
        painter.fillRect(QRectF(x - 4, rulerHeight - 8, 8, 5), style.theme.accent);
    }
    painter.restore();
}

void TimelineView::Private::paintDistance(
    QPainter& painter, const std::function<void(double, const QColor&, Qt::PenStyle)>& line,
    const std::function<void(double, const QString&, const QColor&)>& flag)
{
    const Marks& marks = state.marks();
    const TimeScale now = scale();
    const QColor& accent = look->style.theme.accent;
    for (const auto& [mark, name] :
         {std::pair{marks.a, QStringLiteral("A")}, std::pair{marks.b, QStringLiteral("B")}}) {
        if (mark) {
            const double x = std::round(toX(now, *mark)) + 0.5;
            line(x, accent, Qt::SolidLine);
            flag(x - 0.5, name, accent);
        }
    }
    if (!marks.a || !marks.b) {
        return;
    }
    const QRectF plot = plotRect();
    const double a = std::clamp(toX(now, *marks.a), plot.left(), plot.right());
    const double b = std::clamp(toX(now, *marks.b), plot.left(), plot.right());
    const double y = plot.bottom() - 14;
    painter.setPen(QPen(accent, 1));
    painter.drawLine(QPointF(a, y), QPointF(b, y));
    paintPill(painter, (a + b) / 2, y - 9,
              tr("B − A = %1").arg(formatDuration(*marks.b - *marks.a)), accent,
              look->style.theme.isDark ? QColor(0x0B, 0x0E, 0x12) : QColor(Qt::white));
}

Nanos TimelineView::Private::markTime() const
{
    const TimeRange visible = state.visible();
    const Nanos middle = visible.beginNs + visible.duration() / 2;
    const Nanos timeNs = state.cursor().value_or(middle);
    return visible.contains(timeNs) ? timeNs : middle;
}

std::optional<std::size_t> TimelineView::Private::bookmarkNear(Nanos timeNs) const
{
    const auto& bookmarks = state.marks().bookmarks;
    const double reachNs = kReachPx * scale().nsPerPx;
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < bookmarks.size(); ++i) {
        const auto distance = static_cast<double>(std::llabs(bookmarks[i].timeNs - timeNs));
        if (distance <= reachNs && (!best || distance < static_cast<double>(std::llabs(
                                                            bookmarks[*best].timeNs - timeNs)))) {
            best = i;
        }
    }
    return best;
}

void TimelineView::Private::addBookmark()
{
    Marks marks = state.marks();
    const Nanos timeNs = markTime();
    if (bookmarkNear(timeNs)) {
        editBookmark(); // a second one at the same place is hardly meant
        return;
    }
    marks.bookmarks.push_back(
        {timeNs, tr("Mark %1").arg(marks.bookmarks.size() + 1).toStdString()});
    state.markHistory().change(marks, tr("add bookmark"));
}

void TimelineView::Private::editBookmark()
{
    const auto place = bookmarkNear(markTime());
    if (!place) {
        return;
    }
    const Bookmark before = state.marks().bookmarks[*place];
    auto* dialog = new QInputDialog(&q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Bookmark"));
    dialog->setLabelText(tr("Text of the bookmark (empty removes it):"));
    dialog->setTextValue(timeline::fromStd(before.text));
    QObject::connect(
        dialog, &QInputDialog::textValueSelected, &q, [this, before](const QString& text) {
            Marks marks = state.marks();
            const auto found = std::find(marks.bookmarks.begin(), marks.bookmarks.end(), before);
            if (found == marks.bookmarks.end()) {
                return;
            }
            found->text = text.trimmed().toStdString();
            const bool isRemoved = found->text.empty();
            if (isRemoved) {
                marks.bookmarks.erase(found);
            }
            state.markHistory().change(marks,
                                       isRemoved ? tr("remove bookmark") : tr("change bookmark"));
        });
    dialog->open();
}

void TimelineView::Private::removeBookmark()
{
    if (const auto place = bookmarkNear(markTime())) {
        Marks marks = state.marks();
        marks.bookmarks.erase(marks.bookmarks.begin() + static_cast<std::ptrdiff_t>(*place));
        state.markHistory().change(marks, tr("remove bookmark"));
    }
}

void TimelineView::Private::goToBookmark(int direction)
{
    const auto& bookmarks = state.marks().bookmarks;
    if (bookmarks.empty()) {
        return;
    }
    const Nanos from = markTime();
    const Bookmark* target = direction > 0 ? &bookmarks.front() : &bookmarks.back();
    for (std::size_t i = 0; i < bookmarks.size(); ++i) {
        const Bookmark& each = bookmarks[direction > 0 ? i : bookmarks.size() - 1 - i];
        if (direction > 0 ? each.timeNs > from : each.timeNs < from) {
            target = &each;
            break;
        }
    }
    const Nanos timeNs = target->timeNs;
    const TimeRange visible = state.visible();
    if (!visible.contains(timeNs)) {
        state.panBy(timeNs - (visible.beginNs + visible.duration() / 2));
    }
    state.setCursor(timeNs);
}

void TimelineView::Private::setDistanceMark(std::optional<Nanos> Marks::*mark)
{
    Marks marks = state.marks();
    marks.*mark = markTime();
    state.markHistory().change(marks, mark == &Marks::a ? tr("set A") : tr("set B"));
}

bool TimelineView::Private::handleMarkKey(int key, bool isShifted)
{
    switch (key) {
    case Qt::Key_M:
        addBookmark();
        return true;
    case Qt::Key_F2:
        editBookmark();
        return true;
    case Qt::Key_Delete:
        removeBookmark();
        return true;
    case Qt::Key_N:
        goToBookmark(isShifted ? -1 : 1);
        return true;
    case Qt::Key_1:
        setDistanceMark(&Marks::a);
        return true;
    case Qt::Key_2:
        setDistanceMark(&Marks::b);
        return true;
    case Qt::Key_0: {
        Marks marks = state.marks();
        marks.a.reset();
        marks.b.reset();
        state.markHistory().change(marks, tr("forget A and B"));
        return true;
    }
    default:
        return false;
    }
}

} // namespace poolscope
