// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/default_scenario.h"
#include "ui/panels/action_button.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/window_actions.h"

#include <QSet>
#include <QSettings>
#include <QTest>

namespace poolscope {

// Milliseconds; two processors that others use as well.
inline constexpr int kLong = 60'000;

inline RunSettings shortRun()
{
    RunSettings settings = defaultScenario();
    settings.workload = "square";
    settings.params.set("tasks", ParamValue{std::int64_t{2'000}});
    settings.executors = {{"threads", 2}, {"processes", 2}};
    settings.workerProgram =
        qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    return settings;
}

/// Many tasks that take a while without needing a processor.
inline RunSettings longRun()
{
    RunSettings settings = shortRun();
    settings.workload = "sleep";
    settings.params = {};
    settings.params.set("tasks", ParamValue{std::int64_t{100'000}});
    return settings;
}

/// A window over a controller of its own; on its way out it ends the run.
struct Program
{
    RunController controller;
    MainWindow window{controller};

    explicit Program(const RunSettings& settings)
    {
        window.setRunSettings(settings);
        window.show();
    }
    ~Program()
    {
        controller.kill();
        [[maybe_unused]] const bool hasEnded =
            QTest::qWaitFor([this] { return controller.canStart(); }, kLong);
    }
    [[nodiscard]] SnapshotPtr snapshot() { return window.viewState().snapshot(); }
    ActionButton* button(const QAction* action)
    {
        for (auto* candidate : window.setupPanel().findChildren<ActionButton*>()) {
            if (candidate->action() == action) {
                return candidate;
            }
        }
        return nullptr;
    }
};

inline QSet<QAction*> enabledOf(const WindowActions& act)
{
    QSet<QAction*> enabled;
    for (QAction* action : {act.run, act.pause, act.stop, act.kill, act.openRun, act.saveRun,
                            act.exportPicture, act.exportData, act.fit, act.follow}) {
        if (action->isEnabled()) {
            enabled.insert(action);
        }
    }
    return enabled;
}

/// Makes the next window the first one ever.
inline void forgetSettings()
{
    QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
              QStringLiteral("Poolscope"))
        .clear();
}

} // namespace poolscope
