// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/progress.h"

#include <QTest>

#include <atomic>
#include <limits>
#include <thread>

using namespace poolscope;

class TestProgress : public QObject
{
    Q_OBJECT

private slots:
    void newestIsKept();
    void shareIsCutAndNoNumberIsNone();
    void longTextIsCutAtACharacter();
    void clearedNoteSaysNothing();
    void copyIsTheSame();
    void readerSeesNoHalves();
    void scopeSaysWhereTo();
};

void TestProgress::newestIsKept()
{
    ProgressNote note;
    QVERIFY(!note.read());
    note.set(0.25, "page 1");
    note.set(0.5, "page 2");
    QCOMPARE(note.read(), (Progress{0.5, "page 2"}));
    note.set(0.75, {});
    QCOMPARE(note.read(), (Progress{0.75, ""}));
}

void TestProgress::shareIsCutAndNoNumberIsNone()
{
    ProgressNote note;
    note.set(7, {});
    QCOMPARE(note.read()->share, 1.0);
    note.set(-std::numeric_limits<double>::infinity(), {});
    QCOMPARE(note.read()->share, 0.0);
    note.set(std::numeric_limits<double>::quiet_NaN(), "nothing");
    QCOMPARE(note.read(), (Progress{0, ""}));
}

void TestProgress::longTextIsCutAtACharacter()
{
    ProgressNote note;
    const std::string full(ProgressNote::kTextBytes, 'x');
    note.set(0, full + "y");
    QCOMPARE(note.read()->text, full);
    note.set(0, full.substr(1) + "\xc3\xa9"); // its second half has no room
    QCOMPARE(note.read()->text, full.substr(1));
    note.set(0, full.substr(2) + "\xc3\xa9");
    QCOMPARE(note.read()->text, full.substr(2) + "\xc3\xa9");
}

void TestProgress::clearedNoteSaysNothing()
{
    ProgressNote note;
    note.set(1, "done");
    note.clear();
    QVERIFY(!note.read());
    note.clear();
    QVERIFY(!note.read());
}

void TestProgress::copyIsTheSame()
{
    ProgressNote note;
    ProgressNote copy;
    note.set(0.5, "half");
    copy.copyFrom(note);
    QCOMPARE(copy.read(), (Progress{0.5, "half"}));
    note.clear();
    copy.copyFrom(note);
    QVERIFY(!copy.read());
}

void TestProgress::readerSeesNoHalves()
{
    ProgressNote note;
    std::atomic<bool> isOver{false};
    std::jthread writer([&] {
        for (int i = 0; !isOver; ++i) {
            note.set(i % 2, std::string(ProgressNote::kTextBytes, i % 2 == 0 ? 'a' : 'b'));
        }
    });
    int seen = 0;
    int halves = 0;
    while (seen < 2'000) {
        if (const std::optional<Progress> progress = note.read()) {
            ++seen;
            const char expected = progress->share == 0 ? 'a' : 'b';
            halves += progress->text == std::string(ProgressNote::kTextBytes, expected) ? 0 : 1;
        }
    }
    isOver = true;
    writer.join();
    QCOMPARE(halves, 0);
}

void TestProgress::scopeSaysWhereTo()
{
    sayProgress(0.5); // nobody wants to know
    ProgressNote outer;
    const ProgressScope outerScope(&outer);
    sayProgress(0.25, "outer");
    {
        ProgressNote inner;
        const ProgressScope innerScope(&inner);
        sayProgress(0.5, "inner");
        QCOMPARE(inner.read(), (Progress{0.5, "inner"}));
        const ProgressScope nobody(nullptr);
        sayProgress(0.75);
        QCOMPARE(inner.read(), (Progress{0.5, "inner"}));
    }
    QCOMPARE(outer.read(), (Progress{0.25, "outer"}));
    std::jthread([] { sayProgress(1); }).join(); // another thread's tasks are others
    QCOMPARE(outer.read()->share, 0.25);
}

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
