// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <QSizeF>

namespace poolscope {

/// A surface whose unit is the point (1/72 inch), for engines that write drawings instead of pixels. One thread
/// at a time.
class PointDevice : public QPaintDevice
{
public:
    /// \p sizePt in points.
    explicit PointDevice(QSizeF sizePt)
        : m_sizePt(sizePt)
    {}

    [[nodiscard]] QSizeF sizePt() const { return m_sizePt; }

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    QSizeF m_sizePt;
};

} // namespace poolscope
