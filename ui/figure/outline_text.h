// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/point_device.h"

#include <memory>

class QPainter;

namespace poolscope {

/// What painters draw on to draw with another painter, in its units, letters as outlines: for devices
/// that can do both but do not ask. Rectangular clips only.
class OutlineTextDevice : public PointDevice
{
public:
    /// \p target is active, and outlives the device. \p size in its units.
    OutlineTextDevice(QPainter& target, QSizeF size);
    ~OutlineTextDevice() override;

    [[nodiscard]] QPaintEngine* paintEngine() const override;

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace poolscope
