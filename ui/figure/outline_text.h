// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>

#include <memory>

class QPainter;

namespace poolscope {

/// What painters draw on to draw with another painter, in its units, letters as outlines: for devices
/// that can do both but do not ask. Rectangular clips only.
class OutlineTextDevice : public QPaintDevice
{
public:
    /// \p target is active, and outlives the device. \p size in its units.
    OutlineTextDevice(QPainter& target, QSizeF size);
    ~OutlineTextDevice() override;

    [[nodiscard]] QPaintEngine* paintEngine() const override;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    QSizeF m_size;
    std::unique_ptr<Engine> m_engine;
};

} // namespace poolscope
