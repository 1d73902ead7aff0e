// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QDialog;
class QWidget;

namespace poolscope {

struct Theme;

/// \return a window that says what the timeline's marks mean, each painted as the timeline paints it;
/// it deletes itself when closed.
QDialog* makeLegendDialog(const Theme& theme, QWidget* parent);

} // namespace poolscope
