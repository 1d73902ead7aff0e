// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/hit_marks.h"
#include "ui/timeline/overview_strip.h"

#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

class TestOverviewStrip : public QObject
{
    Q_OBJECT

private slots:
    void showsTheWholeRunWhateverIsVisible();
    void draggingTheWindowMovesIt();
    void draggingAnEdgeResizesIt();
    void aDragWhileAllIsVisibleDrawsAWindow();
    void aClickBesideMovesTheWindowThere();
    void keysMoveAndZoom();
    void bookmarksAreMarked();
    void hitsAreMarked();
    void withoutARunNothingHappens();
};

namespace {

struct OverviewCase
{
    OverviewCase()
        : strip(state)
    {
        strip.setTheme(Theme::dark());
        strip.resize(1000, strip.height());
        strip.setPlotGeometry(200, 700);
        state.setSnapshot(makeSyntheticTrace(4, 8'000));
        strip.show();
    }
    void drag(double from, double to)
    {
        const int y = strip.height() / 2;
        QTest::mousePress(&strip, Qt::LeftButton, {}, {qRound(from), y});
        QTest::mouseMove(&strip, {qRound(to), y});
        QTest::mouseRelease(&strip, Qt::LeftButton, {}, {qRound(to), y});
    }
    TimeRange part(double from, double to) const
    {
        const auto end = static_cast<double>(state.bounds().endNs);
        return {std::llround(from * end), std::llround(to * end)};
    }
    bool isAbout(TimeRange range) const
    {
        const Nanos reach = state.bounds().endNs / 100;
        return std::llabs(state.visible().beginNs - range.beginNs) < reach &&
               std::llabs(state.visible().endNs - range.endNs) < reach;
    }

    ViewState state;
    OverviewStrip strip;
};

} // namespace

void TestOverviewStrip::showsTheWholeRunWhateverIsVisible()
{
    OverviewCase f;
    f.state.setVisible(f.part(0.4, 0.6));
    const QRectF window = f.strip.windowRect();
    QVERIFY(std::abs(window.left() - (200 + 0.4 * 700)) < 2);
    QVERIFY(std::abs(window.right() - (200 + 0.6 * 700)) < 2);
    const QImage image = f.strip.grab().toImage();
    const TimelineStyle style(Theme::dark(), f.strip.font());
    // In full colour inside the window, behind a veil beside it.
    int inside = 0;
    int beside = 0;
    for (const BarColors& colors : style.kinds) {
        inside += countPixels(image, window.toRect().adjusted(4, 6, -4, -6), colors.muted);
        beside += countPixels(image, {201, 12, 250, 20}, colors.muted);
    }
    QVERIFY(inside > 500);
    QCOMPARE(beside, 0);
}

void TestOverviewStrip::draggingTheWindowMovesIt()
{
    OverviewCase f;
    f.state.setVisible(f.part(0.4, 0.6));
    f.drag(200 + 350, 200 + 350 + 140);
    QVERIFY(f.isAbout(f.part(0.6, 0.8)));
}

void TestOverviewStrip::draggingAnEdgeResizesIt()
{
    OverviewCase f;
    f.state.setVisible(f.part(0.4, 0.6));
    f.drag(f.strip.windowRect().right(), 200 + 630);
    QVERIFY(f.isAbout(f.part(0.4, 0.9)));
    f.drag(f.strip.windowRect().left(), 200 + 70);
    QVERIFY(f.isAbout(f.part(0.1, 0.9)));
    f.drag(f.strip.windowRect().left(), 900); // past the other edge: as short as can be
    QVERIFY(f.state.visible().duration() >= ViewState::kShortestVisible);
    QVERIFY(f.state.visible().duration() < f.state.bounds().endNs / 100);
}

void TestOverviewStrip::aDragWhileAllIsVisibleDrawsAWindow()
{
    OverviewCase f;
    f.drag(200 + 490, 200 + 210); // backwards, too
    QVERIFY(f.isAbout(f.part(0.3, 0.7)));
    QTest::mouseDClick(&f.strip, Qt::LeftButton, {}, {400, f.strip.height() / 2});
    QCOMPARE(f.state.visible(), f.state.bounds());
}

void TestOverviewStrip::aClickBesideMovesTheWindowThere()
{
    OverviewCase f;
    f.state.setVisible(f.part(0.1, 0.2));
    QTest::mouseClick(&f.strip, Qt::LeftButton, {}, {200 + 490, f.strip.height() / 2});
    QVERIFY(f.isAbout(f.part(0.65, 0.75)));
}

void TestOverviewStrip::keysMoveAndZoom()
{
    OverviewCase f;
    QTest::keyClick(&f.strip, Qt::Key_Plus);
    const TimeRange zoomed = f.state.visible();
    QVERIFY(zoomed.duration() < f.state.bounds().duration());
    QTest::keyClick(&f.strip, Qt::Key_Right);
    QVERIFY(f.state.visible().beginNs > zoomed.beginNs);
    QTest::keyClick(&f.strip, Qt::Key_Home);
    QCOMPARE(f.state.visible().beginNs, Nanos{0});
    QTest::keyClick(&f.strip, Qt::Key_End);
    QCOMPARE(f.state.visible().endNs, f.state.bounds().endNs);
    QTest::keyClick(&f.strip, Qt::Key_F);
    QCOMPARE(f.state.visible(), f.state.bounds());
}

void TestOverviewStrip::bookmarksAreMarked()
{
    OverviewCase f;
    const QRect place(200 + 350 - 4, 0, 8, f.strip.height());
    const int before = countPixels(f.strip.grab().toImage(), place, Theme::dark().text);
    f.state.setMarks({{{f.state.bounds().endNs / 2, "here"}}, {}, {}});
    QVERIFY(countPixels(f.strip.grab().toImage(), place, Theme::dark().text) > before + 5);
}

void TestOverviewStrip::hitsAreMarked()
{
    OverviewCase f;
    auto hits = std::make_shared<TaskHits>();
    hits->snapshot = f.state.snapshot();
    const QRect bottom(200, f.strip.height() - 6, 700, 4);
    const int before = countPixels(f.strip.grab().toImage(), bottom, Theme::dark().wait);
    const std::uint64_t count = hits->snapshot->lanes[0].recordCount;
    for (const std::uint64_t record : {count / 4, count / 2, count / 2 + 1}) {
        hits->records.add({0, record});
    }
    f.state.setHits(hits);
    const std::vector<double> marks = hitMarks(*hits, scaleFor(f.state.bounds(), 200, 700));
    QVERIFY(marks.size() == 2 || marks.size() == 3); // neighbours may share a pixel
    const auto startNs = findRecord(*hits->snapshot, {0, count / 4})->startNs;
    QVERIFY(std::abs(marks[0] - toX(scaleFor(f.state.bounds(), 200, 700), startNs)) <= 1);
    QVERIFY(countPixels(f.strip.grab().toImage(), bottom, Theme::dark().wait) > before + 8);
}

void TestOverviewStrip::withoutARunNothingHappens()
{
    ViewState state;
    OverviewStrip strip(state);
    strip.setPlotGeometry(100, 400);
    const TimeRange before = state.visible();
    QTest::mouseClick(&strip, Qt::LeftButton, {}, {300, 20});
    QCOMPARE(state.visible(), before);
    strip.grab();
}

QTEST_MAIN(TestOverviewStrip)
#include "tst_overview_strip.moc"
