// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/newest_job.h"

#include <QTest>

#include <future>
#include <vector>

namespace poolscope {

class TestNewestJob : public QObject
{
    Q_OBJECT

private slots:
    void worksElsewhereAndDeliversHere();
    void resultOfAnOlderQuestionIsDropped();
    void forgottenResultIsDropped();
    void resultThatWaitsToBeShownIsDroppedToo();
};

void TestNewestJob::worksElsewhereAndDeliversHere()
{
    NewestJob job;
    const auto here = std::this_thread::get_id();
    std::thread::id worked;
    std::thread::id delivered;
    job.ask([&]() -> NewestJob::Deliver {
        const auto there = std::this_thread::get_id();
        return [&, there] {
            worked = there;
            delivered = std::this_thread::get_id();
        };
    });
    QTRY_VERIFY(delivered == here);
    QVERIFY(worked != here);
}

void TestNewestJob::resultOfAnOlderQuestionIsDropped()
{
    NewestJob job;
    std::vector<int> shown;
    std::promise<void> hasBegun;
    std::promise<void> mayEnd;
    job.ask([&]() -> NewestJob::Deliver {
        hasBegun.set_value();
        mayEnd.get_future().wait();
        return [&] { shown.push_back(1); };
    });
    hasBegun.get_future().wait();
    job.ask([&]() -> NewestJob::Deliver { return [&] { shown.push_back(2); }; });
    job.ask([&]() -> NewestJob::Deliver { return [&] { shown.push_back(3); }; });
    mayEnd.set_value();
    QTRY_VERIFY(!shown.empty());
    QCOMPARE(shown, std::vector<int>{3});
}

void TestNewestJob::forgottenResultIsDropped()
{
    NewestJob job;
    std::vector<int> shown;
    std::promise<void> hasBegun;
    std::promise<void> mayEnd;
    job.ask([&]() -> NewestJob::Deliver {
        hasBegun.set_value();
        mayEnd.get_future().wait();
        return [&] { shown.push_back(1); };
    });
    hasBegun.get_future().wait();
    job.forget();
    mayEnd.set_value();
    // One thread works, so this is shown only after the first could have been.
    job.ask([&]() -> NewestJob::Deliver { return [&] { shown.push_back(2); }; });
    QTRY_VERIFY(!shown.empty());
    QCOMPARE(shown, std::vector<int>{2});
}

void TestNewestJob::resultThatWaitsToBeShownIsDroppedToo()
{
    NewestJob job;
    std::vector<int> shown;
    std::promise<void> second;
    job.ask([&]() -> NewestJob::Deliver { return [&] { shown.push_back(1); }; });
    job.ask([&]() -> NewestJob::Deliver {
        second.set_value();
        return [&] { shown.push_back(2); };
    });
    second.get_future().wait(); // the event loop has not run: nothing is shown yet
    QVERIFY(shown.empty());
    job.ask([&]() -> NewestJob::Deliver { return [&] { shown.push_back(3); }; });
    QTRY_VERIFY(!shown.empty());
    QCOMPARE(shown, std::vector<int>{3});
}

} // namespace poolscope

QTEST_GUILESS_MAIN(poolscope::TestNewestJob)
#include "tst_newest_job.moc"
