// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// WorkersPicture's mouse and keys: how an expectation is drawn.

#include "ui/lab/workers_picture.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace poolscope {

void WorkersPicture::predict(int workers, double speedUp)
{
    m_prediction.set(workers, speedUp);
    update();
    emit predictionChanged();
}

/// Sets the level nearest to \p place; all that a quick drag has passed over get what lies between.
void WorkersPicture::predictAt(QPointF place)
{
    const PlotArea plot = area();
    const std::vector<int>& levels = m_prediction.levels();
    if (levels.empty()) {
        return;
    }
    const double workers = plot.fromX(place.x());
    const auto nearest = std::ranges::min_element(
        levels, {}, [workers](int level) { return std::abs(level - workers); });
    const double speedUp = plot.fromY(std::clamp(place.y(), plot.rect.top(), plot.rect.bottom()));
    m_cursor = static_cast<int>(nearest - levels.begin());
    const double before = m_lastDragged < 0
                              ? speedUp
                              : m_prediction.at(levels[static_cast<std::size_t>(m_lastDragged)]);
    const int from = m_lastDragged < 0 ? m_cursor : m_lastDragged;
    const int steps = std::abs(m_cursor - from);
    for (int i = 1; i < steps; ++i) {
        const int passed = from + (m_cursor > from ? i : -i);
        predict(levels[static_cast<std::size_t>(passed)],
                std::lerp(before, speedUp, static_cast<double>(i) / steps));
    }
    predict(*nearest, speedUp);
    m_lastDragged = m_cursor;
}

void WorkersPicture::mousePressEvent(QMouseEvent* event)
{
    if (m_isDrawing && event->button() == Qt::LeftButton) {
        m_lastDragged = -1;
        predictAt(event->position());
    }
}

void WorkersPicture::mouseMoveEvent(QMouseEvent* event)
{
    if (m_isDrawing && event->buttons().testFlag(Qt::LeftButton)) {
        predictAt(event->position());
    }
}

void WorkersPicture::mouseReleaseEvent(QMouseEvent*)
{
    m_lastDragged = -1;
}

void WorkersPicture::keyPressEvent(QKeyEvent* event)
{
    constexpr double kStep = 0.1;
    constexpr double kLargeStep = 1;
    const std::vector<int>& levels = m_prediction.levels();
    if (!m_isDrawing || levels.empty()) {
        LabPicture::keyPressEvent(event);
        return;
    }
    const int last = static_cast<int>(levels.size()) - 1;
    const double step = event->modifiers().testFlag(Qt::ShiftModifier) ? kLargeStep : kStep;
    const int level = levels[static_cast<std::size_t>(m_cursor)];
    switch (event->key()) {
    case Qt::Key_Left:
        m_cursor = std::max(0, m_cursor - 1);
        break;
    case Qt::Key_Right:
        m_cursor = std::min(last, m_cursor + 1);
        break;
    case Qt::Key_Up:
        predict(level, m_prediction.at(level) + step);
        break;
    case Qt::Key_Down:
        predict(level, m_prediction.at(level) - step);
        break;
    default:
        LabPicture::keyPressEvent(event);
        return;
    }
    update();
}

} // namespace poolscope
