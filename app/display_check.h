// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

/// \return whether a window can be shown: a platform was chosen by hand (QT_QPA_PLATFORM), or the
/// Wayland or X display that the environment names answers on this machine. Qt ends the program
/// when it finds none, so this is asked first. About 0.1 ms.
[[nodiscard]] bool isDisplayReachable();

} // namespace poolscope
