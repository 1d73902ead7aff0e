// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/process_case.h"

#include "core/executor/process_pool.h"
#include "core/workload/catalogue.h"
#include "tests/integration/processes/fault_worker.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QString>

#include <utility>

namespace poolscope::test {

std::string workerProgram()
{
    return qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
}

std::string reaperProgram()
{
    return qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-reaper";
}

std::string testProgram(const std::string& name)
{
    return qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/tests/" + name;
}

ExecutorOptions processOptions(int workers, int chunk)
{
    ExecutorOptions options;
    options.workers = workers;
    options.chunk = chunk;
    options.workerProgram = workerProgram();
    options.reaperProgram = reaperProgram();
    options.catalogueHash = catalogueHash();
    return options;
}

std::unique_ptr<Executor> makeProcessPool(const ExecutorOptions& options,
                                          const std::shared_ptr<Recorder>& recorder)
{
    auto pool = createProcessPool(options, {recorder, 0});
    if (!pool) {
        qFatal("%s", pool.error().message.c_str());
    }
    return std::move(pool).value();
}

ExecutorOptions faultOptions(int workers, int chunk)
{
    ExecutorOptions options = processOptions(workers, chunk);
    options.workerProgram = testProgram("fault_worker");
    options.catalogueHash = kFaultCatalogue;
    return options;
}

std::shared_ptr<const Job> faultJob(const std::vector<std::string>& items)
{
    static const Workload workload{kFaultWorkload, "Fault", "", {}, nullptr, nullptr};
    JobPlan plan;
    plan.taskCount = items.size();
    plan.items = items;
    plan.kinds = {"fault"};
    return std::make_shared<const Job>(
        Job{&workload, {}, 1, std::make_shared<const JobPlan>(std::move(plan))});
}

std::vector<pid_t> livingWorkers(const Recorder& recorder)
{
    std::vector<pid_t> processes;
    for (const Lane* lane : workerLanes(recorder)) {
        const auto lives = lane->lives();
        if (!lives->empty() && lives->back().closedNs < 0) {
            processes.push_back(lives->back().processId);
        }
    }
    return processes;
}

std::vector<pid_t> busyWorkers(const Recorder& recorder)
{
    std::vector<pid_t> processes;
    for (const Lane* lane : workerLanes(recorder)) {
        const auto lives = lane->lives();
        if (lane->running().startNs >= 0 && !lives->empty() && lives->back().closedNs < 0) {
            processes.push_back(lives->back().processId);
        }
    }
    return processes;
}

std::vector<std::string> eventTexts(const Recorder& recorder, ControlKind kind)
{
    std::vector<std::string> texts;
    const auto events = recorder.controlEvents();
    for (const ControlEvent& event : *events) {
        if (event.kind == kind) {
            texts.push_back(event.text);
        }
    }
    return texts;
}

int retriedRecords(const Recorder& recorder)
{
    int retried = 0;
    for (const Lane* lane : recorder.lanes()) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            retried += lane->record(i).wasRetried() ? 1 : 0;
        }
    }
    return retried;
}

bool isAlive(pid_t process)
{
    QFile file(QString("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly)) {
        return false;
    }
    const QByteArray text = file.readAll();
    const qsizetype state = text.lastIndexOf(')') + 2; // the name in brackets may hold anything
    return state < text.size() && text[state] != 'Z' && text[state] != 'X';
}

int childCount()
{
    int children = 0;
    for (const QString& thread :
         QDir("/proc/self/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file("/proc/self/task/" + thread + "/children");
        if (file.open(QIODevice::ReadOnly)) {
            children += static_cast<int>(file.readAll().count(' ')); // "12 34 "
        }
    }
    return children;
}

int descriptorCount()
{
    return static_cast<int>(QDir("/proc/self/fd")
                                .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
                                .size());
}

} // namespace poolscope::test
