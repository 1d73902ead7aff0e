// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/headless_application.h"

#include <QGuiApplication>
#include <QLoggingCategory>

namespace poolscope {

std::unique_ptr<QCoreApplication> makeHeadlessApplication(int& argc, char** argv,
                                                          bool paintsPictures)
{
    if (!paintsPictures) {
        return std::make_unique<QCoreApplication>(argc, argv);
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // Without a session Qt complains that XDG_RUNTIME_DIR is not set, which nothing here needs.
    QLoggingCategory::defaultCategory()->setEnabled(QtWarningMsg, false);
    auto application = std::make_unique<QGuiApplication>(argc, argv);
    QLoggingCategory::defaultCategory()->setEnabled(QtWarningMsg, true);
    return application;
}

} // namespace poolscope
