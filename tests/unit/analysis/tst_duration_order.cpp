// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/duration_order.h"
#include "core/analysis/free_workers.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace poolscope;

class DurationOrderTest : public QObject
{
    Q_OBJECT

private slots:
    void equalsAStableSort_data();
    void equalsAStableSort();
    void firstIsWhoIsFreeFirst_data();
    void firstIsWhoIsFreeFirst();
    void yearsOfWorkFit();
};

void DurationOrderTest::equalsAStableSort_data()
{
    QTest::addColumn<qint64>("longest");
    QTest::addColumn<int>("count");
    QTest::newRow("none") << qint64{1} << 0;
    QTest::newRow("all zero") << qint64{0} << 100;
    QTest::newRow("many equal") << qint64{5} << 5'000;
    QTest::newRow("a digit") << qint64{2'047} << 5'000;
    QTest::newRow("below four seconds") << qint64{4'294'967'295} << 5'000;
    QTest::newRow("beyond") << qint64{4'294'967'296} << 5'000;
    QTest::newRow("hours") << qint64{7'200'000'000'000} << 5'000;
}

void DurationOrderTest::equalsAStableSort()
{
    QFETCH(const qint64, longest);
    QFETCH(const int, count);
    std::mt19937_64 random(3);
    std::uniform_int_distribution<Nanos> draw(0, longest);
    std::vector<Nanos> durations(static_cast<std::size_t>(count));
    std::ranges::generate(durations, [&] { return draw(random); });
    if (count > 0) {
        durations.back() = longest;
    }
    std::vector<std::uint32_t> expected(durations.size());
    std::iota(expected.begin(), expected.end(), 0U);
    std::ranges::stable_sort(expected, {}, [&](std::uint32_t i) { return durations[i]; });
    QVERIFY(orderByDuration(durations, false) == expected);
    std::vector<Nanos> sorted = durations;
    sortDurations(sorted);
    std::vector<Nanos> plainly = durations;
    std::ranges::sort(plainly);
    QVERIFY(sorted == plainly);
    std::iota(expected.begin(), expected.end(), 0U);
    std::ranges::stable_sort(expected, std::greater<>{},
                             [&](std::uint32_t i) { return durations[i]; });
    QVERIFY(orderByDuration(durations, true) == expected);
}

void DurationOrderTest::firstIsWhoIsFreeFirst_data()
{
    QTest::addColumn<int>("workers");
    for (const int workers : {1, 2, 3, 7, 8, 64, 100}) {
        QTest::addRow("%d workers", workers) << workers;
    }
}

void DurationOrderTest::firstIsWhoIsFreeFirst()
{
    QFETCH(const int, workers);
    std::mt19937 random(5);
    FreeWorkers free(workers, 10);
    std::vector<Nanos> times(static_cast<std::size_t>(workers), 10);
    for (int i = 0; i < 2'000; ++i) {
        const auto first = std::ranges::min_element(times);
        QCOMPARE(free.first(), static_cast<int>(first - times.begin()));
        QCOMPARE(free.firstTime(), *first);
        *first += static_cast<Nanos>(random() % 20);
        free.occupyFirst(*first);
    }
}

void DurationOrderTest::yearsOfWorkFit()
{
    constexpr Nanos kYear = Nanos{365} * 24 * 3600 * kNanosPerSecond;
    FreeWorkers alone(1, 0);
    alone.occupyFirst(100 * kYear);
    QCOMPARE(alone.firstTime(), 100 * kYear);
    FreeWorkers many(512, 0);
    for (int i = 0; i < 512; ++i) {
        many.occupyFirst(kYear + i);
    }
    QCOMPARE(many.firstTime(), kYear);
    QCOMPARE(many.first(), 0);
}

QTEST_GUILESS_MAIN(DurationOrderTest)
#include "tst_duration_order.moc"
