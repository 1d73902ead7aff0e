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
    QTest::newRow("1") << 1.0;
    QTest::newRow("2") << 2.0;
}

/// So many columns are drawn by two threads, those of one lane by one.
void TestLaneImage::manyLanesLookAsEachAlone()
{
    QFETCH(const double, ratio);
    constexpr int kLanes = 40;
    constexpr double kWidth = 800;
    const SnapshotPtr trace = test::makeSyntheticTrace({.lanes = kLanes, .tasks = 400'000});
    const TimelineStyle style(Theme::dark(), QFont());
    TimelinePainter painter(style);
    const TimeScale scale = snapped(scaleFor({0, trace->nowNs}, 0, kWidth),
                                    scaleFor({0, trace->nowNs}, 0, kWidth).nsPerPx / ratio);
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
