// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QDialog;
class QWidget;

namespace poolscope {

class WindowActions;

/// \return a window with all keys and mouse gestures; it deletes itself when closed.
QDialog* makeKeysDialog(const WindowActions& actions, QWidget* parent);
/// \return a window with version and licence; it deletes itself when closed.
QDialog* makeAboutDialog(QWidget* parent);

} // namespace poolscope
