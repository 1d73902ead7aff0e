// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/replay_bar.h"
#include "ui/timeline/timeline_view.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QToolButton>

namespace poolscope {

/// The replay of a finished run, in the whole window.
class TestReplayBar : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void openingThePlayerPlaysFromTheBeginning();
    void theSliderShowsThatMoment();
    void stepsGoFromEventToEvent();
    void speedsAreThoseOfTheList();
    void spaceHoldsAndGoesOn();
    void whileReplayingNothingIsSaved();
    void detailsFollowTheMoment();
    void closingShowsTheWholeRunAgain();

private:
    QTemporaryDir m_folder;
};

namespace {

/// A window that shows a finished run of two seconds.
struct ReplayCase : Program
{
    ReplayCase()
        : Program(shortRun())
    {
        test::SyntheticOptions options;
        options.lanes = 2;
        options.tasks = 400;
        options.meanPeriodNs = 10 * kNanosPerMilli;
        controller.showTrace(test::makeSyntheticTrace(options));
        emit controller.stateChanged(controller.state());
        whole = snapshot();
    }
    ReplayBar& bar() { return *window.findChild<ReplayBar*>(); }
    QToolButton* buttonOf(const QString& name)
    {
        for (auto* button : bar().findChildren<QToolButton*>()) {
            if (button->accessibleName() == name) {
                return button;
            }
        }
        return nullptr;
    }
    void open()
    {
        window.actions().replay->trigger();
        window.replayPlayer().setPlaying(false);
    }

    SnapshotPtr whole;
};

} // namespace

void TestReplayBar::init()
{
    QVERIFY(m_folder.isValid());
    forgetSettings();
}

void TestReplayBar::openingThePlayerPlaysFromTheBeginning()
{
    ReplayCase f;
    QVERIFY(f.whole != nullptr);
    QVERIFY(f.bar().isHidden());
    f.window.actions().replay->trigger();
    QVERIFY(f.bar().isVisible());
    QVERIFY(f.window.replayPlayer().isPlaying());
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replayPlayer().positionNs() > 0, kLong);
    QVERIFY(f.snapshot() != f.whole);
    QCOMPARE(f.snapshot()->wholeNs, f.whole->nowNs);
    QCOMPARE(f.window.viewState().bounds().endNs, f.whole->nowNs); // the axis stays
    f.window.replayPlayer().setSpeed(10);
    QTRY_VERIFY_WITH_TIMEOUT(!f.window.replayPlayer().isPlaying(), kLong);
    QCOMPARE(f.snapshot()->recordCount(), f.whole->recordCount());
}

void TestReplayBar::theSliderShowsThatMoment()
{
    ReplayCase f;
    f.open();
    auto* slider = f.bar().findChild<QSlider*>();
    slider->setValue(slider->maximum() / 2);
    QVERIFY(std::llabs(f.snapshot()->nowNs - f.whole->nowNs / 2) < f.whole->nowNs / 1'000);
    const std::uint64_t half = f.snapshot()->recordCount();
    QVERIFY(half > f.whole->recordCount() / 4 && half < f.whole->recordCount() * 3 / 4);
    QTest::keyClick(slider, Qt::Key_Home);
    QVERIFY(f.snapshot()->recordCount() < half);
}

void TestReplayBar::stepsGoFromEventToEvent()
{
    ReplayCase f;
    f.open();
    f.window.replayPlayer().seek(f.whole->nowNs / 2);
    const Nanos before = f.window.replayPlayer().positionNs();
    QTest::mouseClick(f.buttonOf(QStringLiteral("To the next event")), Qt::LeftButton);
    const Nanos next = f.window.replayPlayer().positionNs();
    QVERIFY(next > before);
    QTest::mouseClick(f.buttonOf(QStringLiteral("To the next event")), Qt::LeftButton);
    QVERIFY(f.window.replayPlayer().positionNs() > next);
    f.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&f.window, kLong));
    QTest::keyClick(&f.window, Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(f.window.replayPlayer().positionNs(), next);
}

void TestReplayBar::speedsAreThoseOfTheList()
{
    ReplayCase f;
    f.open();
    auto* speeds = f.bar().findChild<QComboBox*>();
    QCOMPARE(speeds->currentData().toDouble(), 1.0);
    speeds->setFocus();
    QTest::keyClick(speeds, Qt::Key_Home);
    QCOMPARE(f.window.replayPlayer().speed(), 0.01);
    QTest::keyClick(speeds, Qt::Key_End);
    QCOMPARE(f.window.replayPlayer().speed(), 10.0);
}

void TestReplayBar::spaceHoldsAndGoesOn()
{
    ReplayCase f;
    f.open();
    f.window.replayPlayer().setSpeed(0.01);
    f.window.setFocus();
    QTest::keyClick(&f.window, Qt::Key_Space);
    QVERIFY(f.window.replayPlayer().isPlaying());
    QTest::keyClick(&f.window, Qt::Key_Space);
    QVERIFY(!f.window.replayPlayer().isPlaying());
}

void TestReplayBar::whileReplayingNothingIsSaved()
{
    ReplayCase f;
    QVERIFY(f.window.actions().saveRun->isEnabled());
    f.open();
    QVERIFY(!f.window.actions().saveRun->isEnabled());
    QVERIFY(!f.window.actions().exportData->isEnabled());
    QVERIFY(f.window.actions().exportPicture->isEnabled()); // a picture of that moment
}

void TestReplayBar::detailsFollowTheMoment()
{
    ReplayCase f;
    f.window.lowerPanel().setCurrentTab(LowerPanel::Details);
    f.window.viewState().setSelected(RecordRef{0, f.whole->lanes[0].recordCount - 1});
    f.open();
    auto* slider = f.bar().findChild<QSlider*>();
    slider->setValue(slider->maximum() / 4); // before the selected task
    QVERIFY(!f.window.viewState().selected());
    auto* timeline = f.window.findChild<TimelineView*>();
    QTest::keyClick(timeline, Qt::Key_BracketRight); // the first key selects one that is there
    QVERIFY(f.window.viewState().selected());
    QTest::keyClick(timeline, Qt::Key_Period);
    slider->setValue(0);
    QVERIFY(!f.window.viewState().selected());
    QTest::keyClick(timeline, Qt::Key_Period); // none is there
    f.window.grab();
}

void TestReplayBar::closingShowsTheWholeRunAgain()
{
    ReplayCase f;
    f.open();
    f.window.replayPlayer().seek(f.whole->nowNs / 3);
    QTest::mouseClick(f.buttonOf(QStringLiteral("End the replay")), Qt::LeftButton);
    QVERIFY(f.bar().isHidden());
    QCOMPARE(f.snapshot(), f.whole);
    QVERIFY(f.window.actions().saveRun->isEnabled());
    QVERIFY(!f.window.actions().replay->isChecked());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestReplayBar)
#include "tst_replay_bar.moc"
