// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "ui/common/frame_clock.h"
#include "ui/timeline/view_glide.h"

#include <QSignalSpy>
#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

class TestViewGlide : public QObject
{
    Q_OBJECT

private slots:
    void withoutAClockItIsThereAtOnce();
    void withAClockItComesInFrames();
    void keysAddUp();
    void aMoveByHandEndsIt();
    void theAnchorStaysInItsPlace();
    void turnedOffItIsThereAtOnce();
};

namespace {

constexpr int kLong = 60'000;

struct GlideCase
{
    GlideCase()
        : timeline(makeLane(1'000, -1, TaskState::Done))
        , glide(timeline.state)
    {
        glide.setClock(&clock);
    }
    bool arrive()
    {
        return QTest::qWaitFor([this] { return !glide.isMoving(); }, kLong);
    }

    FrameClock clock;
    TimelineCase timeline;
    ViewGlide glide;
    ViewState& state = timeline.state;
};

} // namespace

void TestViewGlide::withoutAClockItIsThereAtOnce()
{
    TimelineCase f(makeLane(1'000, -1, TaskState::Done));
    ViewGlide glide(f.state);
    glide.showRange({100 * kTaskNs, 200 * kTaskNs});
    QCOMPARE(f.state.visible(), (TimeRange{100 * kTaskNs, 200 * kTaskNs}));
    QVERIFY(!glide.isMoving());
}

void TestViewGlide::withAClockItComesInFrames()
{
    GlideCase f;
    const TimeRange before = f.state.visible();
    QSignalSpy frames(&f.state, &ViewState::visibleChanged);
    f.glide.showRange({100 * kTaskNs, 200 * kTaskNs});
    QCOMPARE(f.state.visible(), before); // nothing before the first frame
    QVERIFY(f.arrive());
    QCOMPARE(f.state.visible(), (TimeRange{100 * kTaskNs, 200 * kTaskNs}));
    QVERIFY(frames.size() >= 1);
    QVERIFY(!f.clock.isRunning());
}

void TestViewGlide::keysAddUp()
{
    GlideCase f;
    f.state.setVisible({100 * kTaskNs, 200 * kTaskNs});
    f.glide.panBy(10 * kTaskNs);
    f.glide.panBy(10 * kTaskNs); // before the first has arrived
    QVERIFY(f.arrive());
    QCOMPARE(f.state.visible(), (TimeRange{120 * kTaskNs, 220 * kTaskNs}));
}

void TestViewGlide::aMoveByHandEndsIt()
{
    GlideCase f;
    f.glide.showRange({100 * kTaskNs, 200 * kTaskNs});
    f.state.setVisible({500 * kTaskNs, 600 * kTaskNs});
    QVERIFY(!f.glide.isMoving());
    QSignalSpy ticks(&f.clock, &FrameClock::tick);
    QVERIFY(ticks.wait(kLong)); // the frame that was asked for changes nothing
    QCOMPARE(f.state.visible(), (TimeRange{500 * kTaskNs, 600 * kTaskNs}));
}

void TestViewGlide::theAnchorStaysInItsPlace()
{
    GlideCase f;
    f.state.setVisible({100 * kTaskNs, 300 * kTaskNs});
    const Nanos anchor = 150 * kTaskNs;
    const auto place = [&] {
        const TimeRange visible = f.state.visible();
        return static_cast<double>(anchor - visible.beginNs) /
               static_cast<double>(visible.duration());
    };
    double furthest = 0;
    connect(&f.state, &ViewState::visibleChanged, this,
            [&] { furthest = std::max(furthest, std::abs(place() - 0.25)); });
    f.glide.zoomAt(anchor, 0.2);
    QVERIFY(f.arrive());
    QCOMPARE(f.state.visible().duration(), 40 * kTaskNs);
    QVERIFY(furthest < 1e-3);
}

void TestViewGlide::turnedOffItIsThereAtOnce()
{
    GlideCase f;
    f.glide.setEnabled(false);
    f.glide.zoomAt(0, 0.5);
    QVERIFY(!f.glide.isMoving());
    QVERIFY(f.state.visible().duration() < f.state.bounds().duration());
}

QTEST_MAIN(TestViewGlide)
#include "tst_view_glide.moc"
