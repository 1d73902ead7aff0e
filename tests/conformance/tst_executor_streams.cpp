// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pool: streams, which read their input as they go, on every kind of executor that takes calls.

#include "tests/conformance/executor_case.h"
#include "tests/conformance/number_ranges.h"

#include <QTest>

#include <atomic>
#include <set>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

class TestExecutorStreams : public ExecutorCase
{
    Q_OBJECT

private slots:
    void init() { forget(); }

    void imapGivesItemsInOrder_data() { addCallRows(); }
    void imapGivesItemsInOrder();
    void imapUnorderedGivesItemsAsTheyEnd_data() { addCallRows(); }
    void imapUnorderedGivesItemsAsTheyEnd();
    void earlySlowItemHoldsNoOtherBack_data();
    void earlySlowItemHoldsNoOtherBack();
    void rangeIsReadOnlyAsFarAsTheWindow_data() { addCallRows(); }
    void rangeIsReadOnlyAsFarAsTheWindow();
    void streamLeftEarlyEndsItsItems_data() { addCallRows(); }
    void streamLeftEarlyEndsItsItems();
};

void TestExecutorStreams::imapGivesItemsInOrder()
{
    make();
    const std::vector<int> input = numbers(200);
    auto items = Pool(*m_executor).imap(input, square);
    std::vector<int> seen;
    for (const MapItem<int>& item : items) {
        QCOMPARE(item.index, seen.size());
        seen.push_back(item.value());
    }
    QCOMPARE(seen, squares(200));
}

void TestExecutorStreams::imapUnorderedGivesItemsAsTheyEnd()
{
    make();
    const std::vector<int> input = numbers(200);
    auto items = Pool(*m_executor).imapUnordered(input, square, inChunks(ChunkPolicy::fixed(3)));
    std::set<std::uint64_t> indexes;
    for (const MapItem<int>& item : items) {
        QCOMPARE(item.value(), square(static_cast<int>(item.index)));
        indexes.insert(item.index);
    }
    QCOMPARE(indexes.size(), std::size_t{200});
}

void TestExecutorStreams::earlySlowItemHoldsNoOtherBack_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    for (const ExecutorKind& kind : executorKinds()) {
        if (kind.takesCalls && !kind.isInline) { // inline nothing overtakes anything
            QTest::addRow("%s, 2", kind.id) << QString(kind.id) << 2;
        }
    }
}

void TestExecutorStreams::earlySlowItemHoldsNoOtherBack()
{
    make();
    StopFlag release;
    const std::vector<int> input = numbers(50);
    auto items = Pool(*m_executor).imapUnordered(input, [&release](int number) {
        if (number == 0) {
            release.waitFor(kNever);
        }
        return number;
    });
    for (int i = 0; i < 49; ++i) {
        const auto item = items.next();
        QVERIFY(item && item->value() != 0);
    }
    release.request();
    QCOMPARE(items.next()->value(), 0);
    QVERIFY(!items.next());
}

void TestExecutorStreams::rangeIsReadOnlyAsFarAsTheWindow()
{
    make();
    const Endless input; // has no end
    auto items = Pool(*m_executor).imap(input, square);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(items.next()->value(), square(i));
        // Two chunks of one item for each worker, whatever the kind.
        QVERIFY(items.sent() <= static_cast<std::uint64_t>(i + 1 + 2 * m_workers));
    }
    MapOptions options = inChunks(ChunkPolicy::fixed(5));
    options.window = 7;
    auto others = Pool(*m_executor).imapUnordered(input, square, options);
    for (std::uint64_t i = 0; i < 100; ++i) {
        QVERIFY(others.next().has_value());
        QVERIFY(others.sent() <= i + 7);
    }
}

void TestExecutorStreams::streamLeftEarlyEndsItsItems()
{
    make();
    std::atomic<int> begun{0};
    {
        const Endless input;
        auto items = Pool(*m_executor).imap(input, [&begun](const StopFlag& stop, int number) {
            ++begun;
            if (number > 0) {
                stop.waitFor(kNanosPerMilli);
            }
            return number;
        });
        QCOMPARE(items.next()->value(), 0);
    }
    const int then = begun; // nothing that refers to our stack runs any more
    m_executor->drain();
    QCOMPARE(begun.load(), then);
}

QTEST_GUILESS_MAIN(TestExecutorStreams)
#include "tst_executor_streams.moc"
