// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/default_scenario.h"
#include "ui/lab/lab_window.h"
#include "ui/lab/level_edit.h"
#include "ui/panels/message_bar.h"

#include <QPushButton>
#include <QSpinBox>
#include <QTest>

namespace poolscope {

inline constexpr int kLabLong = 120'000; // milliseconds

/// Tasks that wait, so that more workers help on any machine.
inline RunSettings labJob(int tasks = 12, double ms = 4)
{
    RunSettings settings = defaultScenario();
    settings.workload = "sleep";
    settings.params = {};
    settings.params.set("tasks", ParamValue{std::int64_t{tasks}});
    settings.params.set("ms", ParamValue{ms});
    settings.executors = {{"threads", 4}, {"processes", 2}};
    settings.workerProgram =
        qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    return settings;
}

/// The Lab by itself, with a job.
struct ShownLab
{
    LabWindow window;

    explicit ShownLab(const RunSettings& job = labJob())
    {
        window.setJob(job, {});
        window.show();
    }
    ~ShownLab()
    {
        window.stop();
        window.stop();
        [[maybe_unused]] const bool hasEnded =
            QTest::qWaitFor([this] { return !window.isRunning(); }, kLabLong);
    }
    /// Types levels and rounds into a page's form.
    static void plan(const QWidget* form, const QString& levels, int rounds)
    {
        if (auto* edit = form->findChild<LevelEdit*>(); edit != nullptr && !levels.isEmpty()) {
            edit->selectAll();
            QTest::keyClicks(edit, levels);
        }
        auto* box = form->findChild<QSpinBox*>();
        box->selectAll();
        QTest::keyClicks(box, QString::number(rounds));
    }
    bool measure()
    {
        QTest::mouseClick(&window.startButton(), Qt::LeftButton);
        return window.isRunning() &&
               QTest::qWaitFor([this] { return !window.isRunning(); }, kLabLong);
    }
};

inline QPushButton* buttonWith(const QWidget& parent, const QString& begin)
{
    for (QPushButton* button : parent.findChildren<QPushButton*>()) {
        if (button->text().remove(QLatin1Char('&')).startsWith(begin)) {
            return button;
        }
    }
    return nullptr;
}

} // namespace poolscope
