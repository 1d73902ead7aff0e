// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTabBar;
class QWidget;

namespace poolscope {

/// \return a flat row of tabs, still without a name for those who cannot see it. The arrows it has where it is cut off are no
/// stops for Tab, which they would not give back: arrow keys go through the tabs. GUI thread.
QTabBar* newTabBar(QWidget* parent);

} // namespace poolscope
