// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/lane_image.h"

#include <QTest>

#include <algorithm>
#include <cmath>

namespace poolscope {

class TestLaneImage : public QObject
{
    Q_OBJECT

private slots:
    void manyLanesLookAsEachAlone_data();
    void manyLanesLookAsEachAlone();
};

void TestLaneImage::manyLanesLookAsEachAlone_data()
{
    QTest::addColumn<double>("ratio");
    QTest::addColumn<int>("part"); // of the run that is seen
    QTest::newRow("columns") << 1.0 << 1;
    QTest::newRow("columns, at 2") << 2.0 << 1;
    QTest::newRow("bars") << 1.0 << 50;
    QTest::newRow("bars with names, at 2") << 2.0 << 1'000;
}

/// So many columns and bars are drawn by two threads, those of one lane by one.
void TestLaneImage::manyLanesLookAsEachAlone()
{
    QFETCH(const double, ratio);
    QFETCH(const int, part);
    constexpr int kLanes = 40;
    constexpr double kWidth = 800;
    const SnapshotPtr trace = test::makeSyntheticTrace({.lanes = kLanes, .tasks = 400'000});
    const TimelineStyle style(Theme::dark(), QFont());
    TimelinePainter painter(style);
    const TimeScale seen = scaleFor({0, trace->nowNs / part}, 0, kWidth);
    const TimeScale scale = snapped(seen, seen.nsPerPx / ratio);
    painter.begin(*trace, scale, trace->nowNs, 1 / ratio);
    const LaneLayout layout(*trace, {}, 400);
    double height = 0;
    for (const LaneRow& row : layout.rows()) {
        height = std::max(height, row.bottom());
    }
    height = std::ceil(height);
    for (int time = 0; time < 5; ++time) { // who draws which lane differs from time to time
        LaneImage all(style);
        const QImage together = all.update(painter, trace, layout, 0, height, ratio);
        QVERIFY(all.drawnColumns() >= static_cast<std::int64_t>(kLanes * kWidth * ratio));
        int lanes = 0;
        for (const LaneRow& row : layout.rows()) {
            if (!row.isLane()) {
                continue;
            }
            ++lanes;
            LaneImage alone(style);
            const QImage single = alone.update(painter, trace, layout, row.top, row.height, ratio);
            QCOMPARE(alone.drawnColumns(), static_cast<std::int64_t>(kWidth * ratio));
            const QRect place(0, static_cast<int>(std::lround(row.top * ratio)), single.width(),
                              single.height());
            QCOMPARE(together.copy(place).convertToFormat(QImage::Format_RGB32),
                     single.copy(single.rect()));
        }
        QCOMPARE(lanes, kLanes);
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestLaneImage)
#include "tst_lane_image.moc"
