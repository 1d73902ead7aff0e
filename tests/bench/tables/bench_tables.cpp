// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What the table of all tasks and the search cost the window: bench_tables [tasks] [lanes]. For each thing that
// is asked for: how long until it is there, and for how long at most the window did not answer meanwhile.

#include "tests/support/synthetic_trace.h"
#include "ui/panels/find_bar.h"
#include "ui/panels/query_edit.h"
#include "ui/panels/task_panel.h"

#include <QApplication>
#include <QHeaderView>
#include <QTableView>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

using namespace poolscope;

namespace {

double sinceMs(Nanos begin)
{
    return static_cast<double>(monotonicNow() - begin) / 1e6;
}

/// Runs the event loop until \p isDone. \return the longest time that one event took.
double workUntil(const std::function<bool()>& isDone)
{
    double longestMs = 0;
    while (!isDone()) {
        const Nanos begin = monotonicNow();
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        longestMs = std::max(longestMs, sinceMs(begin));
        if (sinceMs(begin) < 0.5) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 2);
        }
    }
    return longestMs;
}

/// \p ask is a part of what may block the window.
void measure(const char* what, const std::function<void()>& ask,
             const std::function<bool()>& isFirst, const std::function<bool()>& isDone)
{
    const Nanos begin = monotonicNow();
    ask();
    double blockedMs = sinceMs(begin);
    blockedMs = std::max(blockedMs, workUntil(isFirst));
    const double firstMs = sinceMs(begin);
    blockedMs = std::max(blockedMs, workUntil(isDone));
    std::printf("  %-34s %8.1f ms first %8.1f ms all %8.1f ms blocked\n", what, firstMs,
                sinceMs(begin), blockedMs);
}

std::uint64_t argument(int count, char** values, int index, std::uint64_t otherwise)
{
    return count > index ? std::strtoull(values[index], nullptr, 10) : otherwise;
}

} // namespace

int main(int count, char** values)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(count, values);
    // processEvents() is to return now and then although nothing happens.
    QTimer ticks;
    ticks.start(1);
    const std::uint64_t tasks = argument(count, values, 1, 1'000'000);
    const auto lanes = static_cast<int>(argument(count, values, 2, 16));
    const SnapshotPtr trace = test::makeSyntheticTrace(lanes, tasks);
    std::printf("%llu tasks on %d lanes, offscreen\n", static_cast<unsigned long long>(tasks),
                lanes);

    ViewState state;
    TaskPanel panel(state);
    panel.resize(1000, 400);
    panel.show();
    const auto rows = [&] { return panel.model().rowCount(); };
    const auto isIdle = [&] { return !panel.isWorking(); };
    measure(
        "all rows", [&] { state.setSnapshot(trace); }, [&] { return rows() > 0; }, isIdle);
    auto* table = panel.findChild<QTableView*>();
    auto* filter = panel.findChild<QueryEdit*>();
    const auto sort = [&](TaskOrder order, Qt::SortOrder direction) {
        table->horizontalHeader()->setSortIndicator(panel.model().columnOf(order), direction);
    };
    const auto measureSort = [&](const char* what, TaskOrder order) {
        measure(
            what, [&] { sort(order, Qt::DescendingOrder); }, isIdle, isIdle);
    };
    measureSort("sorted by run time", TaskOrder::Run);
    measureSort("sorted by worker", TaskOrder::Worker);
    measureSort("sorted by result", TaskOrder::Result);
    measure(
        "scrolled to the end",
        [&] {
            table->scrollToBottom();
            table->viewport()->grab();
        },
        isIdle, isIdle);
    measure(
        "a task selected elsewhere",
        [&] {
            state.setSelected(RecordRef{1, 7});
        },
        isIdle, isIdle);
    sort(TaskOrder::Start, Qt::AscendingOrder);
    workUntil(isIdle);
    measure(
        "filtered: > 100 us", [&] { filter->setText(QStringLiteral("> 100 us")); }, isIdle, isIdle);
    measure(
        "filtered: state:failed", [&] { filter->setText(QStringLiteral("state:failed")); }, isIdle,
        isIdle);
    panel.hide();

    FindBar bar(state);
    bar.open();
    auto* edit = bar.findChild<QueryEdit*>();
    for (const char* line : {"synthetic", "> 100 us", "state:failed"}) {
        measure(
            line, [&] { edit->setText(QString::fromLatin1(line)); },
            [&] { return state.hits() != nullptr; },
            [&] { return state.hits() && state.hits()->isComplete; });
    }
    measure(
        "next hit", [&] { bar.findNext(); }, isIdle, isIdle);
    return EXIT_SUCCESS;
}
