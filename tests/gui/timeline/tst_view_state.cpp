// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/replay.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/view_state.h"

#include <QSignalSpy>
#include <QTest>

using namespace poolscope;

namespace {

SnapshotPtr liveAt(const SnapshotPtr& finished, Nanos nowNs)
{
    auto snapshot = std::make_shared<Snapshot>(*finished);
    snapshot->isLive = true;
    snapshot->nowNs = nowNs;
    return snapshot;
}

std::shared_ptr<const TaskHits> found(const SnapshotPtr& snapshot, const char* line)
{
    return std::make_shared<const TaskHits>(searchTasks(snapshot, parseTaskQuery(line).value()));
}

} // namespace

class TestViewState : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void startsWithTheWholeRun();
    void zoomKeepsItsAnchor();
    void zoomStopsAtItsLimits();
    void panStopsBesideTheRun();
    void identicalCallsEmitNothing();
    void followsALiveRunWhole();
    void followsALiveRunWithItsWidth();
    void movingByHandStopsFollowing();
    void anotherRunResets();
    void aNewerMomentKeepsTheSelection();
    void selectionIsOrderedAndInsideTheRun();
    void selectsOnlyWhatExists();
    void revealsWithoutZooming();
    void anEarlierMomentHasNoLaterTask();
    void nothingToShowIsARange();
    void hitsAreGoneThroughInOrderOfTime();
    void firstHitIsTheFirstOneInView();
    void hitsOfALongerRunKeepTheCurrentOne();
    void anotherRunHasNoHits();
    void selectedTaskStaysWhenItsLaneMoves();

private:
    SnapshotPtr m_trace;
};

void TestViewState::initTestCase()
{
    m_trace = test::makeSyntheticTrace(2, 5'000);
    QVERIFY(m_trace->nowNs > 1'000'000);
}

void TestViewState::startsWithTheWholeRun()
{
    ViewState state;
    state.setSnapshot(m_trace);
    QCOMPARE(state.visible(), (TimeRange{0, m_trace->nowNs}));
    QCOMPARE(state.visible(), state.bounds());
}

void TestViewState::zoomKeepsItsAnchor()
{
    ViewState state;
    state.setSnapshot(m_trace);
    const Nanos anchor = m_trace->nowNs / 3;
    const auto place = [&] {
        return static_cast<double>(anchor - state.visible().beginNs) /
               static_cast<double>(state.visible().duration());
    };
    const double before = place();
    for (int i = 0; i < 12; ++i) {
        state.zoomAt(anchor, 0.7);
        QVERIFY(std::abs(place() - before) < 1e-3);
    }
    const Nanos narrow = state.visible().duration();
    QVERIFY(narrow < m_trace->nowNs / 50);
    state.zoomAt(anchor, 2);
    QCOMPARE(state.visible().duration(), narrow * 2);
    QVERIFY(std::abs(place() - before) < 1e-3);
}

void TestViewState::zoomStopsAtItsLimits()
{
    ViewState state;
    state.setSnapshot(m_trace);
    for (int i = 0; i < 200; ++i) {
        state.zoomAt(1'000'000, 0.5);
    }
    QCOMPARE(state.visible().duration(), ViewState::kShortestVisible);
    for (int i = 0; i < 200; ++i) {
        state.zoomAt(1'000'000, 2);
    }
    QVERIFY(state.visible().duration() >= m_trace->nowNs);
    QVERIFY(state.visible().duration() <= m_trace->nowNs * 5 / 4);
    QVERIFY(state.visible().beginNs <= 0);
    QVERIFY(state.visible().endNs >= m_trace->nowNs);
}

void TestViewState::panStopsBesideTheRun()
{
    ViewState state;
    state.setSnapshot(m_trace);
    state.setVisible({m_trace->nowNs / 4, m_trace->nowNs / 2});
    const Nanos duration = state.visible().duration();
    state.panBy(-100 * m_trace->nowNs);
    QCOMPARE(state.visible().duration(), duration);
    QVERIFY(state.visible().beginNs <= 0 && state.visible().beginNs > -duration / 4);
    state.panBy(100 * m_trace->nowNs);
    QCOMPARE(state.visible().duration(), duration);
    QVERIFY(state.visible().endNs >= m_trace->nowNs &&
            state.visible().endNs < m_trace->nowNs + duration / 4);
}

void TestViewState::identicalCallsEmitNothing()
{
    ViewState state;
    state.setSnapshot(m_trace);
    state.setVisible({1'000'000, 2'000'000});
    state.setSelection(TimeRange{1'000'000, 1'500'000});
    state.setHovered(RecordRef{0, 3});
    state.setCursor(Nanos{1'200'000});

    std::vector<std::unique_ptr<QSignalSpy>> spies;
    spies.push_back(std::make_unique<QSignalSpy>(&state, &ViewState::snapshotChanged));
    spies.push_back(std::make_unique<QSignalSpy>(&state, &ViewState::visibleChanged));
    spies.push_back(std::make_unique<QSignalSpy>(&state, &ViewState::followingChanged));
    spies.push_back(std::make_unique<QSignalSpy>(&state, &ViewState::selectionChanged));
    spies.push_back(std::make_unique<QSignalSpy>(&state, &ViewState::hoveredChanged));
    spies.push_back(std::make_unique<QSignalSpy>(&state, &ViewState::cursorChanged));
    state.setSnapshot(m_trace);
    state.setVisible({1'000'000, 2'000'000});
    state.setFollowing(false);
    state.setSelection(TimeRange{1'000'000, 1'500'000});
    state.setHovered(RecordRef{0, 3});
    state.setCursor(Nanos{1'200'000});
    state.panBy(0);
    state.zoomAt(1'500'000, 1);
    for (const auto& spy : spies) {
        QVERIFY(spy->isValid());
        QCOMPARE(spy->size(), 0);
    }
    state.setVisible({1'000'000, 2'000'001});
    state.setCursor(std::nullopt);
    QCOMPARE(spies[1]->size(), 1);
    QCOMPARE(spies[5]->size(), 1);
}

void TestViewState::followsALiveRunWhole()
{
    ViewState state;
    state.setSnapshot(liveAt(m_trace, 1'000'000));
    QVERIFY(state.isFollowing());
    state.setSnapshot(liveAt(m_trace, 3'000'000));
    QCOMPARE(state.visible(), (TimeRange{0, 3'000'000}));
}

void TestViewState::followsALiveRunWithItsWidth()
{
    ViewState state;
    state.setSnapshot(liveAt(m_trace, 10'000'000));
    state.setVisible({2'000'000, 4'000'000});
    state.setSnapshot(liveAt(m_trace, 11'000'000));
    QCOMPARE(state.visible(), (TimeRange{2'000'000, 4'000'000}));

    QSignalSpy following(&state, &ViewState::followingChanged);
    state.setFollowing(true);
    QCOMPARE(following.size(), 1);
    QVERIFY(state.visible().contains(11'000'000));
    state.setSnapshot(liveAt(m_trace, 12'000'000));
    QCOMPARE(state.visible().duration(), Nanos{2'000'000});
    QVERIFY(state.visible().contains(12'000'000));
}

void TestViewState::movingByHandStopsFollowing()
{
    ViewState state;
    state.setSnapshot(liveAt(m_trace, 10'000'000));
    state.setVisible({2'000'000, 4'000'000});
    QVERIFY(!state.isFollowing());
    state.setFollowing(true);
    state.panBy(-500'000);
    QVERIFY(!state.isFollowing());
    state.fit();
    QVERIFY(state.isFollowing());
    state.zoomAt(1'000'000, 0.5);
    QVERIFY(!state.isFollowing());
}

void TestViewState::anotherRunResets()
{
    ViewState state;
    state.setSnapshot(m_trace);
    state.setVisible({1'000'000, 2'000'000});
    state.setSelection(TimeRange{1'000'000, 1'500'000});
    state.setHovered(RecordRef{1, 2});
    const SnapshotPtr other = test::makeSyntheticTrace(3, 4'000, 9);
    state.setSnapshot(other);
    QCOMPARE(state.visible(), (TimeRange{0, other->nowNs}));
    QVERIFY(!state.selection());
    QVERIFY(!state.hovered());
    QVERIFY(state.isFollowing());
}

void TestViewState::aNewerMomentKeepsTheSelection()
{
    ViewState state;
    state.setSnapshot(liveAt(m_trace, 10'000'000));
    state.setVisible({2'000'000, 4'000'000});
    state.setSelection(TimeRange{2'500'000, 3'000'000});
    state.setSnapshot(liveAt(m_trace, 11'000'000));
    QCOMPARE(state.selection(), std::optional(TimeRange{2'500'000, 3'000'000}));
}

void TestViewState::selectionIsOrderedAndInsideTheRun()
{
    ViewState state;
    state.setSnapshot(m_trace);
    state.setSelection(TimeRange{3'000'000, 1'000'000});
    QCOMPARE(state.selection(), std::optional(TimeRange{1'000'000, 3'000'000}));
    state.setSelection(TimeRange{-5'000'000, 2 * m_trace->nowNs});
    QCOMPARE(state.selection(), std::optional(TimeRange{0, m_trace->nowNs}));
    state.setSelection(TimeRange{1'000'000, 1'000'000});
    QVERIFY(!state.selection());
}

void TestViewState::selectsOnlyWhatExists()
{
    ViewState state;
    state.setSnapshot(m_trace);
    const QSignalSpy spy(&state, &ViewState::selectedChanged);
    state.setSelected(RecordRef{1, 7});
    QCOMPARE(state.selected(), (RecordRef{1, 7}));
    state.setSelected(RecordRef{1, m_trace->lanes[1].recordCount});
    QVERIFY(!state.selected());
    QCOMPARE(spy.count(), 2);
    state.setSelected(RecordRef{0, 3});
    state.setSnapshot(test::makeSyntheticTrace(2, 5'000));
    QVERIFY(!state.selected()); // it was a task of another run
}

void TestViewState::anEarlierMomentHasNoLaterTask()
{
    ViewState state;
    state.setSnapshot(m_trace);
    const RecordRef late{0, m_trace->lanes[0].recordCount - 1};
    const RecordRef early{0, 1};
    const auto half = std::make_shared<const Snapshot>(snapshotAt(*m_trace, m_trace->nowNs / 2));
    state.setSelected(late);
    state.setHovered(late);
    const QSignalSpy spy(&state, &ViewState::selectedChanged);
    state.setSnapshot(half);
    QVERIFY(!state.selected() && !state.hovered());
    QCOMPARE(spy.count(), 1);
    state.setSelected(early);
    state.setSnapshot(m_trace);
    state.setSnapshot(half);
    QCOMPARE(state.selected(), early); // it was there by then
}

void TestViewState::revealsWithoutZooming()
{
    ViewState state;
    state.setSnapshot(m_trace);
    const Nanos width = m_trace->nowNs / 50;
    state.setVisible({0, width});
    const RecordRef last{0, m_trace->lanes[0].recordCount - 1};
    state.reveal(last);
    QCOMPARE(state.visible().duration(), width);
    QVERIFY(state.visible().contains(findRecord(*m_trace, last)->startNs));
    const TimeRange before = state.visible();
    state.reveal(last);
    QCOMPARE(state.visible(), before);
}

void TestViewState::nothingToShowIsARange()
{
    ViewState state;
    QVERIFY(!state.bounds().isEmpty());
    state.setSnapshot(m_trace);
    QSignalSpy changed(&state, &ViewState::snapshotChanged);
    state.setSnapshot(nullptr);
    QCOMPARE(changed.size(), 1);
    QVERIFY(!state.visible().isEmpty());
}

void TestViewState::hitsAreGoneThroughInOrderOfTime()
{
    ViewState state;
    state.setSnapshot(m_trace);
    QSignalSpy changed(&state, &ViewState::hitsChanged);
    const auto hits = found(m_trace, "id:10 id:2500 id:4999");
    state.setHits(hits);
    QCOMPARE(changed.size(), 1);
    QVERIFY(!state.currentHit());
    state.setVisible({0, m_trace->nowNs / 100});
    for (const std::size_t expected : {0U, 1U, 2U, 0U}) {
        state.showNextHit();
        QCOMPARE(state.currentHit(), std::optional(expected));
        QCOMPARE(state.selected(), std::optional(hits->records[expected]));
        QVERIFY(state.visible().contains(findRecord(*m_trace, *state.selected())->startNs));
    }
    QCOMPARE(changed.size(), 5);
    state.showPreviousHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(2));
    state.showPreviousHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(1));
    state.setSelected(std::nullopt);
    QVERIFY(!state.currentHit());
    state.setHits(nullptr);
    state.showNextHit();
    state.showPreviousHit();
    QVERIFY(!state.selected());
}

void TestViewState::firstHitIsTheFirstOneInView()
{
    ViewState state;
    state.setSnapshot(m_trace);
    const auto hits = found(m_trace, "id:10 id:2500 id:4999");
    state.setHits(hits);
    const Nanos middleNs = findRecord(*m_trace, hits->records[1])->startNs;
    state.setVisible({middleNs - 1'000'000, middleNs + 1'000'000});
    state.showNextHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(1));
    state.setSelected(std::nullopt);
    state.showPreviousHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(1));
    // From a task that is no hit, on from there.
    state.setSelected(searchTasks(m_trace, parseTaskQuery("id:3000").value()).records[0]);
    QVERIFY(!state.currentHit());
    state.showNextHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(2));
}

void TestViewState::hitsOfALongerRunKeepTheCurrentOne()
{
    ViewState state;
    state.setSnapshot(m_trace);
    state.setHits(found(m_trace, "id:2500 id:4999"));
    state.showNextHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(0));
    state.setHits(found(m_trace, "id:10 id:2500 id:4999"));
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(1));
}

void TestViewState::anotherRunHasNoHits()
{
    ViewState state;
    state.setSnapshot(m_trace);
    state.setHits(found(m_trace, "id:10"));
    state.showNextHit();
    state.setSnapshot(test::makeSyntheticTrace(2, 1'000, 8));
    QVERIFY(state.hits() == nullptr);
    QVERIFY(!state.currentHit());
}

void TestViewState::selectedTaskStaysWhenItsLaneMoves()
{
    auto fewer = std::make_shared<Snapshot>(*m_trace);
    fewer->lanes.erase(fewer->lanes.begin());
    ViewState state;
    state.setSnapshot(fewer);
    state.setHits(found(fewer, "worker:1 > 100 us"));
    state.showNextHit();
    QCOMPARE(state.selected()->lane, 0);
    const std::uint64_t record = state.selected()->record;
    QSignalSpy changed(&state, &ViewState::selectedChanged);
    state.setSnapshot(m_trace);
    QCOMPARE(state.selected(), std::optional(RecordRef{1, record}));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(0));
    state.showNextHit();
    QCOMPARE(state.currentHit(), std::optional<std::size_t>(1));
    QCOMPARE(state.selected()->lane, 1);
}

QTEST_GUILESS_MAIN(TestViewState)
#include "tst_view_state.moc"
