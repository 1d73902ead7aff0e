// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <memory>

namespace poolscope {

/// Makes the application object of a program without a window: with fonts and images when it
/// \p paintsPictures, on no display in any case. Main thread, once.
[[nodiscard]] std::unique_ptr<QCoreApplication> makeHeadlessApplication(int& argc, char** argv,
                                                                        bool paintsPictures);

} // namespace poolscope
