// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/point_device.h"

#include <cmath>
#include <limits>

namespace poolscope {

int PointDevice::metric(PaintDeviceMetric metric) const
{
    switch (metric) {
    case PdmWidth:
        return static_cast<int>(std::ceil(m_sizePt.width()));
    case PdmHeight:
        return static_cast<int>(std::ceil(m_sizePt.height()));
    case PdmWidthMM:
        return static_cast<int>(std::lround(m_sizePt.width() / 72 * 25.4));
    case PdmHeightMM:
        return static_cast<int>(std::lround(m_sizePt.height() / 72 * 25.4));
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY:
        return 72;
    case PdmNumColors:
        return std::numeric_limits<int>::max();
    case PdmDepth:
        return 24;
    case PdmDevicePixelRatio:
        return 1;
    case PdmDevicePixelRatioScaled:
        return static_cast<int>(devicePixelRatioFScale());
    }
    return 0;
}

} // namespace poolscope
