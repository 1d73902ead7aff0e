// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/common/recording_text.h"
#include "ui/timeline/time_scale.h"

#include <QHelpEvent>
#include <QTest>
#include <QToolTip>

using namespace poolscope;
using namespace poolscope::test;

namespace {

SnapshotPtr cappedTrace()
{
    SyntheticOptions options;
    options.lanes = 2;
    options.tasks = 200'000;
    options.failureRate = 0.001;
    options.memoryCapBytes = std::uint64_t{4} << 20U;
    return makeSyntheticTrace(options);
}

} // namespace

/// The timeline of a run that has lost its oldest detail.
class TestDetailGone : public QObject
{
    Q_OBJECT

private slots:
    void rulerIsHatchedWhereDetailIsGone();
    void rulerAndViewSayIt();
    void columnsAreThereAndBarsAreNot();
    void keysStayWhereRecordsAre();
    void wholeRunSaysNothing();
};

void TestDetailGone::rulerIsHatchedWhereDetailIsGone()
{
    const SnapshotPtr run = cappedTrace();
    TimelineCase f(run);
    const TimeScale scale = scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth());
    const int edge = qRound(toX(scale, *detailSince(*run)));
    QVERIFY(edge > f.view.plotLeft() + 100 && edge < f.view.plotLeft() + f.view.plotWidth() - 100);
    const int top = f.rulerHeight() - 8;
    const QImage image = f.grab();
    const auto drawn = [&](int from, int to) {
        int pixels = 0;
        for (int y = top; y < f.rulerHeight() - 2; ++y) {
            for (int x = from; x < to; ++x) {
                pixels += image.pixelColor(x, y) != Theme::dark().panel ? 1 : 0;
            }
        }
        return pixels;
    };
    const int width = 80;
    QVERIFY(drawn(f.view.plotLeft() + 4, f.view.plotLeft() + 4 + width) > 80);
    QVERIFY(drawn(edge + 8, edge + 8 + width) < 20);
}

void TestDetailGone::rulerAndViewSayIt()
{
    const SnapshotPtr run = cappedTrace();
    TimelineCase f(run);
    const QString sentence = goneSentence(*run);
    QVERIFY2(sentence.contains(QStringLiteral("4.00 MiB")) &&
                 sentence.contains(QStringLiteral("gone")),
             qPrintable(sentence));
    QVERIFY(f.view.accessibleDescription().contains(sentence));
    const QPoint at(f.view.plotLeft() + 20, f.rulerHeight() - 4);
    QHelpEvent help(QEvent::ToolTip, at, f.view.viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(f.view.viewport(), &help);
    QTRY_COMPARE(QToolTip::text(), sentence);
    QToolTip::hideText();
}

void TestDetailGone::columnsAreThereAndBarsAreNot()
{
    const SnapshotPtr run = cappedTrace();
    TimelineCase f(run);
    const Nanos middle = *detailSince(*run) / 2;
    // So far in that single tasks would be bars.
    f.state.setVisible({middle, middle + 2'000'000});
    const QImage image = f.grab();
    int painted = 0;
    const QRect lane = f.laneRect();
    for (int x = lane.left(); x < lane.right(); ++x) {
        const QColor pixel = image.pixelColor(x, lane.bottom() - 3);
        painted += pixel != Theme::dark().panel && pixel != Theme::dark().laneEven ? 1 : 0;
    }
    QVERIFY(painted > lane.width() / 10);
    f.hover(lane.center());
    QVERIFY(!f.state.hovered());
}

void TestDetailGone::keysStayWhereRecordsAre()
{
    const SnapshotPtr run = cappedTrace();
    TimelineCase f(run);
    f.state.setSelected(RecordRef{0, run->lanes[0].firstRecord - 1});
    QVERIFY(!f.state.selected()); // it is gone
    f.state.setSelected(RecordRef{0, run->lanes[0].firstRecord});
    QVERIFY(f.state.selected());
    QTest::keyClick(&f.view, Qt::Key_BracketLeft);
    QTest::keyClick(&f.view, Qt::Key_Left, Qt::AltModifier);
    f.grab();
    const auto selected = f.state.selected();
    QVERIFY(!selected || findRecord(*run, *selected) != nullptr);
}

void TestDetailGone::wholeRunSaysNothing()
{
    const SnapshotPtr run = makeSyntheticTrace(2, 10'000);
    TimelineCase f(run);
    QVERIFY(goneSentence(*run).isEmpty() && goneBrief(*run).isEmpty() && goneNote(*run).isEmpty());
    QVERIFY(!f.view.accessibleDescription().contains(QStringLiteral("gone")));
}

QTEST_MAIN(TestDetailGone)
#include "tst_detail_gone.moc"
