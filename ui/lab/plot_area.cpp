// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/plot_area.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kMarkWidth = 18;
constexpr double kMarkGap = 6;
constexpr double kEntryGap = 18;
constexpr double kTextGap = 8;

double entryWidth(const QFontMetricsF& metrics, const PlotEntry& entry)
{
    return kMarkWidth + kMarkGap + metrics.horizontalAdvance(entry.text) + kEntryGap;
}

void drawMark(QPainter& painter, QPointF middle, const PlotEntry& entry)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(entry.colour);
    switch (entry.mark) {
    case PlotEntry::Mark::Line:
    case PlotEntry::Mark::Dashes:
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(entry.colour, 2,
                            entry.mark == PlotEntry::Mark::Line ? Qt::SolidLine : Qt::DashLine,
                            Qt::FlatCap));
        painter.drawLine(QPointF(middle.x() - kMarkWidth / 2, middle.y()),
                         QPointF(middle.x() + kMarkWidth / 2, middle.y()));
        break;
    case PlotEntry::Mark::Point:
        drawErrorBar(painter, middle.x(), middle.y() + 6, middle.y() - 6, entry.colour);
        painter.setPen(Qt::NoPen);
        painter.setBrush(entry.colour);
        painter.drawEllipse(middle, 3.5, 3.5);
        break;
    case PlotEntry::Mark::Dot:
        painter.drawEllipse(middle, 2.2, 2.2);
        break;
    case PlotEntry::Mark::Box:
        painter.drawRect(QRectF(middle.x() - 6, middle.y() - 6, 12, 12));
        break;
    case PlotEntry::Mark::Diamond:
        painter.drawPolygon(QPolygonF{middle + QPointF(0, -5.5), middle + QPointF(5.5, 0),
                                      middle + QPointF(0, 5.5), middle + QPointF(-5.5, 0)});
        break;
    }
}

} // namespace

double PlotAxis::shareOf(double value) const
{
    if (isLog) {
        return std::log(std::max(value, low * 1e-3) / low) / std::log(high / low);
    }
    return (value - low) / (high - low);
}

double PlotAxis::valueAt(double share) const
{
    return isLog ? low * std::pow(high / low, share) : low + share * (high - low);
}

double PlotArea::toX(double value) const
{
    return rect.left() + x.shareOf(value) * rect.width();
}

double PlotArea::toY(double value) const
{
    return rect.bottom() - y.shareOf(value) * rect.height();
}

double PlotArea::fromX(double pixel) const
{
    return x.valueAt((pixel - rect.left()) / rect.width());
}

double PlotArea::fromY(double pixel) const
{
    return y.valueAt((rect.bottom() - pixel) / rect.height());
}

std::vector<double> plotTicks(double low, double high, int most)
{
    const double rough = (high - low) / std::max(1, most);
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * decade;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * decade >= rough * (1 - 1e-9)) {
            step = factor * decade;
            break;
        }
    }
    std::vector<double> ticks;
    for (double i = std::ceil(low / step - 1e-9); i * step <= high * (1 + 1e-9); ++i) {
        ticks.push_back(i * step);
    }
    return ticks;
}

QString durationTick(double ns, double most)
{
    struct Unit
    {
        double ns;
        const char* name;
    };
    constexpr std::array kUnits{Unit{1e9, "s"}, Unit{1e6, "ms"}, Unit{1e3, "µs"}, Unit{1, "ns"}};
    const auto* const unit = std::ranges::find_if(
        kUnits, [most](const Unit& candidate) { return most >= candidate.ns; });
    const Unit& taken = unit == kUnits.end() ? kUnits.back() : *unit;
    constexpr int kDigits = 6;
    return ns == 0 ? QStringLiteral("0")
                   : QStringLiteral("%1 %2").arg(QLocale().toString(ns / taken.ns, 'g', kDigits),
                                                 QString::fromUtf8(taken.name));
}

void drawValueGrid(QPainter& painter, const PlotArea& area, const Theme& theme,
                   const std::function<QString(double)>& text)
{
    constexpr double kRowsPerTick = 2.6;
    const QFontMetricsF metrics(painter.font());
    const int most =
        std::clamp(static_cast<int>(area.rect.height() / (metrics.height() * kRowsPerTick)), 2, 8);
    for (const double tick : plotTicks(area.y.low, area.y.high, most)) {
        const double y = std::floor(area.toY(tick));
        painter.fillRect(QRectF(area.rect.left(), y, area.rect.width(), 1), theme.grid);
        painter.setPen(theme.dimText);
        painter.drawText(
            QRectF(0, y - metrics.height(), area.rect.left() - kTextGap, 2 * metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter, text(tick));
    }
}

void drawPlaces(QPainter& painter, const PlotArea& area, const Theme& theme,
                const std::vector<std::pair<double, QString>>& places)
{
    const QFontMetricsF metrics(painter.font());
    const double bottom = std::floor(area.rect.bottom());
    painter.fillRect(QRectF(area.rect.left(), bottom, area.rect.width(), 1), theme.dimText);
    double taken = -1e9;
    for (const auto& [value, text] : places) {
        const double x = area.toX(value);
        const double width = metrics.horizontalAdvance(text);
        painter.fillRect(QRectF(std::floor(x), bottom, 1, 5), theme.dimText);
        if (x - width / 2 < taken + kTextGap) {
            continue;
        }
        taken = x + width / 2;
        painter.setPen(theme.text);
        painter.drawText(QRectF(x - width / 2 - 1, bottom + 6, width + 2, metrics.height()),
                         Qt::AlignCenter, text);
    }
}

double legendHeight(const QFont& font, double width, const std::vector<PlotEntry>& entries)
{
    const QFontMetricsF metrics(font);
    const double line = std::ceil(metrics.height() * 1.4);
    double x = 0;
    double height = line;
    for (const PlotEntry& entry : entries) {
        const double advance = entryWidth(metrics, entry);
        if (x > 0 && x + advance - kEntryGap > width) {
            x = 0;
            height += line;
        }
        x += advance;
    }
    return height;
}

double drawLegend(QPainter& painter, const QRectF& rect, const Theme& theme,
                  const std::vector<PlotEntry>& entries)
{
    const QFontMetricsF metrics(painter.font());
    const double line = std::ceil(metrics.height() * 1.4);
    QPointF at = rect.topLeft();
    for (const PlotEntry& entry : entries) {
        const double advance = entryWidth(metrics, entry);
        if (at.x() > rect.left() && at.x() + advance - kEntryGap > rect.right()) {
            at = QPointF(rect.left(), at.y() + line);
        }
        drawMark(painter, QPointF(at.x() + kMarkWidth / 2, std::floor(at.y() + line / 2) + 0.5),
                 entry);
        painter.setPen(theme.text);
        painter.drawText(
            QRectF(at.x() + kMarkWidth + kMarkGap, at.y(), advance - kMarkWidth - kMarkGap, line),
            Qt::AlignLeft | Qt::AlignVCenter, entry.text);
        at.rx() += advance;
    }
    return at.y() + line - rect.top();
}

void drawErrorBar(QPainter& painter, double x, double low, double high, const QColor& colour)
{
    constexpr double kCap = 4;
    painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(QPointF(x, low), QPointF(x, high));
    for (const double y : {low, high}) {
        painter.drawLine(QPointF(x - kCap, y), QPointF(x + kCap, y));
    }
}

QRectF drawTag(QPainter& painter, QPointF middle, const QRectF& bounds, const PlotTag& tag)
{
    const QFontMetricsF metrics(painter.font());
    QRectF box(0, 0, metrics.horizontalAdvance(tag.text) + 12, metrics.height() + 2);
    box.moveCenter(middle);
    box.moveLeft(std::clamp(box.left(), bounds.left(),
                            std::max(bounds.left(), bounds.right() - box.width())));
    painter.setPen(Qt::NoPen);
    painter.setBrush(tag.colour);
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(tag.ink);
    painter.drawText(box, Qt::AlignCenter, tag.text);
    return box;
}

} // namespace poolscope
