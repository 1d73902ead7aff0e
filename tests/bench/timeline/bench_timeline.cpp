// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What the timeline costs: bench_timeline [--tasks N,N] [--lanes N]. A table of frames, errors, memory and
// opening of run files for each size (10 million tasks on 64 lanes unless told; 100 million take ten minutes and
// 9 GiB). Ends with 1 when a gate is missed.

#include "tests/bench/timeline/frames.h"
#include "tests/bench/timeline/opening.h"
#include "tests/support/synthetic_trace.h"

#include <QApplication>
#include <QCommandLineParser>

#include <cstdio>
#include <cstdlib>

using namespace poolscope;

namespace {

constexpr std::uint64_t kMostForPlainLoop = 20'000'000;

bool measureSize(std::uint64_t tasks, int lanes, const std::string& program)
{
    test::SyntheticOptions options;
    options.tasks = tasks;
    options.lanes = lanes;
    std::printf("\n%llu tasks on %d lanes, 1920 x 1080, offscreen\n",
                static_cast<unsigned long long>(tasks), lanes);
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    std::vector<bench::TimelineFigure> figures =
        bench::measureFrames(trace, tasks <= kMostForPlainLoop);
    const auto add = [&figures](const std::vector<bench::TimelineFigure>& more) {
        figures.insert(figures.end(), more.begin(), more.end());
    };
    add(bench::measureErrors(*trace));
    add({bench::measureMemory(*trace)});
    add(bench::measureOpening(*trace, program));
    return bench::printTable(figures);
}

} // namespace

int main(int count, char** values)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(count, values);
    QCommandLineParser parser;
    const QCommandLineOption tasks(QStringLiteral("tasks"), QString(), QStringLiteral("N,N"),
                                   QStringLiteral("10000000"));
    const QCommandLineOption lanes(QStringLiteral("lanes"), QString(), QStringLiteral("N"),
                                   QStringLiteral("64"));
    const QCommandLineOption open(QStringLiteral("open"), QString(), QStringLiteral("FILE"));
    parser.addOptions({tasks, lanes, open});
    parser.process(application);
    if (parser.isSet(open)) {
        return bench::openFile(parser.value(open).toStdString());
    }
    bool isMet = true;
    for (const QString& size : parser.value(tasks).split(QLatin1Char(','))) {
        isMet = measureSize(size.toULongLong(), std::max(1, parser.value(lanes).toInt()),
                            QCoreApplication::applicationFilePath().toStdString()) &&
                isMet;
    }
    return isMet ? EXIT_SUCCESS : EXIT_FAILURE;
}
