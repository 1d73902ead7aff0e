// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The flags above a figure's lanes: resizes, pauses, deaths and the like.

#include "ui/figure/figure_painter.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

constexpr double kHeight = 11; // of a flag
constexpr double kTip = 4;

bool isBad(ControlKind kind)
{
    return kind == ControlKind::WorkerDied || kind == ControlKind::Error ||
           kind == ControlKind::Kill;
}

QColor colorOf(const FigureScene& scene, const ControlEvent& event)
{
    if (isBad(event.kind)) {
        return scene.style.theme.failure;
    }
    const auto& executors = scene.style.executors;
    return scene.snapshot.meta->executors.size() > 1
               ? executors[static_cast<std::size_t>(event.executor) % executors.size()].fill
               : scene.style.theme.accent;
}

QString wordsOf(const ControlEvent& event)
{
    if (event.kind == ControlKind::Resize) {
        return QStringLiteral("%1 → %2").arg(QString::fromStdString(event.text)).arg(event.value);
    }
    return event.kind == ControlKind::Pause ? QStringLiteral("II") : QString();
}

} // namespace

void paintEvents(QPainter& painter, const FigureScene& scene, const std::vector<EventMark>& marks)
{
    if (scene.marksTop < 0) {
        return;
    }
    const QFontMetricsF small(scene.fonts.small);
    const double bottom = scene.marksTop + kHeight + 1;
    double freeFrom = scene.scale.left;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const EventMark& mark : marks) {
        const QColor color = colorOf(scene, *mark.event);
        const QString words = wordsOf(*mark.event);
        const double width = small.horizontalAdvance(words) + 8;
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        // To the right of its pole, at the figure's edge to the left.
        const bool isLeft = mark.x + width > scene.width - FigureScene::kMargin;
        const double left = isLeft ? mark.x - width : mark.x;
        if (words.isEmpty() || left < freeFrom) {
            // No room for words: the tip alone, so that the event is still seen.
            const std::array<QPointF, 3> tip{QPointF(mark.x - kTip, bottom - 6),
                                             QPointF(mark.x + kTip, bottom - 6),
                                             QPointF(mark.x, bottom)};
            painter.drawConvexPolygon(tip.data(), static_cast<int>(tip.size()));
            freeFrom = std::max(freeFrom, mark.x + kTip + 1);
            continue;
        }
        const QRectF flag(left, bottom - kHeight - 1, width, kHeight);
        painter.drawRoundedRect(flag, 2, 2);
        const double pole = isLeft ? mark.x - 2 : mark.x;
        painter.drawRect(QRectF(pole, flag.top(), 2, bottom - flag.top()));
        drawLine(painter, words, flag, scene.fonts.small,
                 color.lightnessF() > 0.45F ? QColor(0x0B, 0x0E, 0x12) : QColor(Qt::white),
                 Qt::AlignHCenter);
        freeFrom = flag.right() + 3;
    }
    painter.restore();
}

} // namespace poolscope
