// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/legend_bar.h"

#include <QComboBox>
#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

class TestLegendBar : public QObject
{
    Q_OBJECT

private slots:
    void showsTheKindsWithTheirShares();
    void aClickShowsOneColourAlone();
    void theLastColourBringsAllBack();
    void theModeIsChosenByKeyboard();
    void anotherRunShowsAllAgain();
    void filteredTasksAreFaintInTheTimeline();
    void withoutARunThereIsNothingToChoose();
};

namespace {

struct LegendCase
{
    LegendCase()
        : timeline(makeSyntheticTrace(4, 4'000))
        , bar(timeline.state)
    {
        bar.setTheme(Theme::dark());
        bar.resize(1000, bar.height());
        bar.show();
    }
    QComboBox& mode() { return *bar.findChild<QComboBox*>(); }
    void click(std::size_t chip) { QTest::mouseClick(bar.chips()[chip], Qt::LeftButton); }

    TimelineCase timeline;
    LegendBar bar;
};

} // namespace

void TestLegendBar::showsTheKindsWithTheirShares()
{
    LegendCase f;
    const auto& kinds = f.timeline.state.snapshot()->meta->plan->kinds;
    QCOMPARE(f.bar.chips().size(), kinds.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        QVERIFY(f.bar.chips()[i]->isVisible());
        QVERIFY(f.bar.chips()[i]->isChecked());
        QCOMPARE(f.bar.chips()[i]->text(), QString::fromStdString(kinds[i]));
        QVERIFY(f.bar.chips()[i]->accessibleName().contains(QLatin1Char('%')));
    }
}

void TestLegendBar::aClickShowsOneColourAlone()
{
    LegendCase f;
    f.click(1);
    QVERIFY(!f.timeline.state.coloring().isHidden(1));
    QVERIFY(f.timeline.state.coloring().isHidden(0));
    QVERIFY(f.bar.chips()[1]->isChecked());
    QVERIFY(!f.bar.chips()[2]->isChecked());
    f.click(2); // and another one with it
    QVERIFY(!f.timeline.state.coloring().isHidden(2));
    QVERIFY(!f.timeline.state.coloring().isHidden(1));
    QVERIFY(f.timeline.state.coloring().isHidden(3));
}

void TestLegendBar::theLastColourBringsAllBack()
{
    LegendCase f;
    f.click(1);
    f.bar.chips()[1]->setFocus();
    QTest::keyClick(f.bar.chips()[1], Qt::Key_Space);
    QCOMPARE(f.timeline.state.coloring().hidden, std::uint8_t{0});
    for (const LegendChip* chip : f.bar.chips()) {
        QVERIFY(chip->isChecked());
    }
}

void TestLegendBar::theModeIsChosenByKeyboard()
{
    LegendCase f;
    f.click(1);
    f.mode().setFocus();
    for (int i = 0; i < static_cast<int>(ColorMode::Outcome); ++i) {
        QTest::keyClick(&f.mode(), Qt::Key_Down);
    }
    QCOMPARE(f.timeline.state.coloring(), (TaskColoring{ColorMode::Outcome, 0}));
    QCOMPARE(f.bar.chips()[1]->text(), QStringLiteral("Failed"));
    QVERIFY(!f.bar.chips()[7]->isVisible());
}

void TestLegendBar::anotherRunShowsAllAgain()
{
    LegendCase f;
    f.timeline.state.setColoring({ColorMode::RunTime, 0b11});
    f.timeline.state.setSnapshot(makeSyntheticTrace(2, 500));
    QCOMPARE(f.timeline.state.coloring(), (TaskColoring{ColorMode::RunTime, 0}));
}

void TestLegendBar::filteredTasksAreFaintInTheTimeline()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const TimelineStyle style(Theme::dark(), f.view.font());
    const QRect lane = f.laneRect();
    QCOMPARE(countPixels(f.grab(), lane, style.faint.fill), 0);
    f.state.setColoring({ColorMode::Kind, 0b1});
    QVERIFY(countPixels(f.grab(), lane, style.faint.fill) > lane.width() * lane.height() / 2);
    f.state.setColoring({ColorMode::RunTime, 0});
    const int index = colorClass(ColorMode::RunTime, *f.state.snapshot(), {},
                                 f.state.snapshot()->lanes[0].lane->record(0));
    QVERIFY(countPixels(f.grab(), lane, style.fullColors(ColorMode::RunTime, index).fill) >
            lane.width() * lane.height() / 2);
}

void TestLegendBar::withoutARunThereIsNothingToChoose()
{
    ViewState state;
    LegendBar bar(state);
    QVERIFY(!bar.findChild<QComboBox*>()->isEnabled());
    QVERIFY(bar.chips().empty());
}

QTEST_MAIN(TestLegendBar)
#include "tst_legend_bar.moc"
