// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_writer.h"
#include "tests/support/synthetic_trace.h"
#include "tests/unit/io/sample_run.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

using Row = std::vector<std::string>;

std::string csvOf(const Snapshot& snapshot)
{
    std::ostringstream out;
    return writeCsv(snapshot, out) ? out.str() : std::string{};
}

/// Reads CSV by the rules of RFC 4180.
std::vector<Row> parse(const std::string& csv)
{
    std::vector<Row> rows(1, Row(1));
    bool isQuoted = false;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const char letter = csv[i];
        if (isQuoted && letter == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
            rows.back().back() += '"';
            ++i;
        } else if (letter == '"') {
            isQuoted = !isQuoted;
        } else if (!isQuoted && letter == ',') {
            rows.back().emplace_back();
        } else if (!isQuoted && letter == '\n') {
            rows.emplace_back(1);
        } else {
            rows.back().back() += letter;
        }
    }
    rows.pop_back(); // behind the last line's end
    return rows;
}

std::string join(const Row& row)
{
    std::string joined;
    for (const std::string& field : row) {
        joined += field + '|';
    }
    return joined;
}

} // namespace

class TestCsvWriter : public QObject
{
    Q_OBJECT

private slots:
    void headerNamesTheColumns()
    {
        const std::string csv = csvOf(*makeSampleRun());
        QCOMPARE(csv.substr(0, csv.find('\n')),
                 std::string("task,workload,name,executor,worker,pid,tid,attempts,state,submit_ns,"
                             "start_ns,end_ns,result,error"));
    }

    void rowsHoldWhatHappened_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, int number, const std::string& expected) {
            QTest::newRow(name) << number << QByteArray::fromStdString(expected);
        };
        row("done, nothing", 1,
            "0|hash_files|plain|threads|0|4000|4001|1|done|1000|1500|100000|||");
        row("integer, comma in name", 2,
            "1|hash_files|with,comma|threads|0|4000|4001|1|done|1000|100000|100000|-42||");
        row("real, line end in name", 4,
            "3|hash_files|two\nlines|threads|0|4000|4001|1|done|2000|150001|150003|0.1||");
        row("failed, bytes that are no text", 6,
            "5|hash_files|not utf-8 \xff\xfe|threads|0|4000|4001|1|failed|2001|200000|210000||"
            "a \"bad\", b\nline\x01\xff|");
        row("second life", 7,
            "6|hash_files|control \x01\x1f|threads|1|4000|4003|1|done|2001|500000|600000|" +
                std::string("x,\xc3\xa9\0y", 6) + "||");
        row("never begun", 9,
            "8|hash_files|\xc3\xa9|threads||||0|cancelled|2001||800000||cancelled|");
        row("never begun, no item", 10,
            "9|hash_files|hash_files 9|threads||||0|cancelled|2001||800000||cancelled|");
        row("retried", 11, "0|hash_files|plain|processes|0|5003|5003|2|done|3000|270000|280000|||");
        row("lost for good", 12,
            "1|hash_files|with,comma|processes|0|5003|5003|3|lost|3000|280001|290000||"
            "killed by signal 11|");
    }
    void rowsHoldWhatHappened()
    {
        QFETCH(const int, row);
        QFETCH(const QByteArray, expected);
        const std::vector<Row> rows = parse(csvOf(*makeSampleRun()));
        QCOMPARE(rows.size(), std::size_t{kSampleEnds + 1});
        QCOMPARE(QByteArray::fromStdString(join(rows[static_cast<std::size_t>(row)])), expected);
    }

    void costsAreTheLastColumns()
    {
        const std::vector<Row> rows = parse(csvOf(*makeCostlyRun()));
        QCOMPARE(rows.size(), std::size_t{6});
        const auto costs = [&rows](std::size_t row) {
            return join(Row(rows[row].begin() + 14, rows[row].end()));
        };
        QCOMPARE(rows[0][13], std::string("error"));
        QCOMPARE(costs(0), std::string("cpu_ns|run_queue_ns|voluntary_switches|"
                                       "involuntary_switches|minor_faults|major_faults|"
                                       "peak_memory_kib|start_core|end_core|"));
        QCOMPARE(costs(1), std::string("60000|30000|2|3|400|5||0|1|"));
        QCOMPARE(costs(2), std::string("70000||1|0|20|0|||1|")); // the run queue is not known
        QCOMPARE(costs(3), std::string("|||||||||")); // never begun
        QCOMPARE(costs(4), std::string("90000|5000|0|1|7|0|6144|1|1|"));
        QCOMPARE(costs(5), std::string("|||||||||")); // its worker died
    }

    void everyEndedTaskHasOneRowInOrder()
    {
        SyntheticOptions options;
        options.lanes = 3;
        options.tasks = 5000;
        options.executors = 2;
        options.retryRate = 0.02;
        options.cancelRate = 0.02;
        const SnapshotPtr run = makeSyntheticTrace(options);
        const std::vector<Row> rows = parse(csvOf(*run));
        QCOMPARE(rows.size(), std::size_t{2 * 5000 + 1});
        for (std::size_t i = 1; i < rows.size(); ++i) {
            QCOMPARE(rows[i].size(), std::size_t{14});
            QCOMPARE(rows[i][0], std::to_string((i - 1) % 5000));
            QCOMPARE(rows[i][3], run->meta->executors[(i - 1) / 5000].kind);
        }
    }

    void runningTasksAreAbsent()
    {
        Snapshot early = *makeSampleRun();
        early.isLive = true;
        early.lanes[0].recordCount = 1;
        QCOMPARE(parse(csvOf(early)).size(), std::size_t{kSampleEnds + 1 - 4});
    }

    void workerWithoutKnownLifeHasNoIds()
    {
        auto recorder = std::make_shared<Recorder>(0, 2);
        TaskRecord record;
        record.setState(TaskState::Done);
        recorder->addLane({0, LaneKind::Thread, 5}).append(record, {}, "");
        const std::vector<Row> rows = parse(csvOf(*finish(recorder, makeSampleMeta())));
        QCOMPARE(join(rows.at(1)), std::string("0|hash_files|plain|threads|5|||1|done|0|0|0|||"));
    }

    void brokenStreamIsAnError()
    {
        std::ostringstream out;
        out.setstate(std::ios::badbit);
        QVERIFY(!writeCsv(*makeSampleRun(), out).isOk());
    }
};

QTEST_GUILESS_MAIN(TestCsvWriter)
#include "tst_csv_writer.moc"
