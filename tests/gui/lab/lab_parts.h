// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/default_scenario.h"
#include "ui/lab/lab_window.h"
#include "ui/lab/level_edit.h"
#include "ui/panels/message_bar.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include <algorithm>

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

/// \return how many processes below this one are workers.
inline int workerProcesses()
{
    QHash<int, int> parents;
    QList<int> workers;
    for (const QString& name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(name));
        if (name.toInt() <= 0 || !file.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QByteArray stat = file.readAll();
        const qsizetype end = stat.lastIndexOf(')'); // of the name
        parents[name.toInt()] = stat.mid(end + 2).split(' ').value(1).toInt();
        if (stat.left(end).endsWith("(ps-worker")) {
            workers.append(name.toInt());
        }
    }
    const int self = static_cast<int>(QCoreApplication::applicationPid());
    return static_cast<int>(std::ranges::count_if(workers, [&](int process) {
        while (process > 1 && process != self) {
            process = parents.value(process);
        }
        return process == self;
    }));
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
